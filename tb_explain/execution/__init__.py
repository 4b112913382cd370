"""Runs explainers: together on one pass of a model, from record to record, or once."""
