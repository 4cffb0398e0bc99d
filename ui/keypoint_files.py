"""Which points go out in a file, and what a file that is brought becomes."""

from collections.abc import Mapping

from explorer.annotation import ImagePoints, Laid, LaidPoint, Layer, Merge
from explorer.keypoints.formats.reading import Reading


def confident(laid: Laid, threshold: float) -> dict[str, dict[str, LaidPoint]]:
    """Return the points of at least some confidence; what a person placed has all of it."""
    return {
        image: {
            keypoint: point
            for keypoint, point in points.items()
            if point.kind == "hand" or point.point.confidence >= threshold
        }
        for image, points in laid.items()
    }


def imported_layer(reading: Reading, layer_id: str, merge: Merge) -> Layer:
    """Return what a file says as one layer, whoever placed it."""
    points: dict[str, dict[str, ImagePoints]] = {}
    for author, images in reading.points.items():
        for image in images:
            points.setdefault(image.image, {})[author] = image
    return Layer(
        id=layer_id,
        kind="imported",
        merge=merge,
        images=tuple(_joined(image, said) for image, said in points.items()),
    )


def _joined(image: str, said: Mapping[str, ImagePoints]) -> ImagePoints:
    found = {point.keypoint: point for points in said.values() for point in points.points}
    return ImagePoints(image=image, points=tuple(found.values()))
