"""Photographs for the tests of keypoints."""

from index.fitting import from_original, to_original


class Doubled:
    """Four photographs, 0.png to 3.png, of 32 x 64 pixels; their images are half as large."""

    def name(self, row):
        return f"{row}.png"

    def row(self, name):
        return int(name[0]) if name in {"0.png", "1.png", "2.png", "3.png"} else None

    def size(self, row):
        return 32, 64

    def to_original(self, row, points):
        return to_original(points, (32, 64), (16, 32), "stretch")

    def from_original(self, row, points):
        return from_original(points, (32, 64), (16, 32), "stretch")
