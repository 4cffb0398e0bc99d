"""Keypoints marked on an average, carried to its images."""
