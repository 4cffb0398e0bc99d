"""The loops that must be fast: compiled for the processor, or on a CUDA device if there is one."""
