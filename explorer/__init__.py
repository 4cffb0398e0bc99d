"""The engine: a list of edits becomes scores, weights, places and averages. Arrays in, arrays out."""
