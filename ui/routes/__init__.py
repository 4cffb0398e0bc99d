"""The HTTP routes beside the socket, and what they alone need."""
