"""What goes over the wire: messages, operations and frames, with no logic."""
