"""The offline stage: photographs become a collection folder."""
