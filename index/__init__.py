"""The store: a collection folder on disk, memory-mapped, and search in it."""
