"""Asks a model about changed samples, with the weights of now."""
