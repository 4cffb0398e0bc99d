"""The explorer brush: discriminative local modes, mined at a spot of the grid."""
