"""TensorBoard's side: finds the records in a log directory and serves them to the tab."""
