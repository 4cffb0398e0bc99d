"""Drawn photographs of shoes whose attributes are known: a demo collection made by the project."""
