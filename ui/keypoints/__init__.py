"""Keypoints in a room: propagation, acceptance, agreement, what is kept."""
