"""What is explained of a model: its outputs, their scores, the targets of the user."""
