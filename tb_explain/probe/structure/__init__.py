"""What a model is made of, as one pass saw it."""
