"""The seam to the backends of Keras."""
