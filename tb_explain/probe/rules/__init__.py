"""Passes whose way back follows rules: the steps of a model, and what stands in for them."""
