"""Collections that are built from the page."""
