"""A small training on real pictures with a planted shortcut, made to be looked at in the tab."""
