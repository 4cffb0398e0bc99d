"""The engine: edits become scores, weights, places and averages. Arrays in, arrays out."""
