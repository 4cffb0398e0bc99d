"""The best places of one edit in every image: what is chosen from when edits are placed jointly."""

from explorer.candidates.finding import find_candidates

__all__ = ["find_candidates"]
