"""The monitored samples: captured once."""
