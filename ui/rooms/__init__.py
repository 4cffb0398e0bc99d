"""Rooms: the ordered log of operations, what it makes, and who is in it."""
