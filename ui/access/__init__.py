"""Who may speak to the server, and as whom."""
