"""Keypoints in the files of other tools, both ways; texts and dicts, no file is touched here."""
