"""The threads that turn sessions into pictures, figures and modes for members."""
