"""Which place of an image corresponds to which place of an average, everywhere and both ways."""
