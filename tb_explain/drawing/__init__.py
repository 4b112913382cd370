"""Maps as pictures, for whoever looks at an explanation outside of the tab."""
