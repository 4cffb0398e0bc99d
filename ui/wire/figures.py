"""What is told of averages: which images weigh most, figures of clusters, modes, progress."""

from typing import Literal, TypeAlias

from explorer.edits import Point
from ui.wire.base import Message, RequestNumber, Units

Box: TypeAlias = tuple[float, float, float, float]


class RankedImage(Message):
    """One image of the strip: its share of the average and, for each stroke, where it matched.

    A box is (x, y, width, height) in canvas units of the image as it is, which takes part in the
    average mirrored where `mirrored` says so. `share` is the part of the image that this cluster
    has, all clusters' parts summing to 1.
    """

    id: int
    name: str
    weight: float
    score: float
    boxes: dict[str, Box]
    mirrored: bool = False
    share: float = 1.0


class Ranking(Message):
    """Server: the images that weigh most. While a stroke is drawn it comes at a lower rate.

    `unplaced` are the edits that could not count: strokes beside the canvas, verdicts on images
    that the collection does not have.
    """

    type: Literal["ranking"] = "ranking"
    revision: int
    request: RequestNumber
    cluster: str
    effective_images: float
    sharpness: float
    top: tuple[RankedImage, ...]
    unplaced: tuple[str, ...] = ()


class ClusterFigures(Message):
    """What is known of one cluster, for its card.

    `share` is the part of the collection that it has, `support` how sure it is that what its edits
    ask for is in the collection (0 to 1, null where nothing is asked), `words` the same for people.
    """

    id: str
    share: float
    effective_images: float
    sharpness: float
    support: float | None
    words: str


class Clusters(Message):
    """Server: figures of the clusters; one that is not listed keeps those that it had.

    `outliers` is the part of the collection that no cluster explains, null where that is not known
    yet.
    """

    type: Literal["clusters"] = "clusters"
    revision: int
    request: RequestNumber
    clusters: tuple[ClusterFigures, ...]
    outliers: float | None


class Progress(Message):
    """Server: how far something is that takes long, from 0 to 1.

    The newest one of a cluster counts. After `done` the average follows.
    """

    type: Literal["progress"] = "progress"
    cluster: str
    label: str
    share: Units
    state: Literal["running", "done", "cancelled", "failed"]


class ModeMessage(Message):
    """One mode under the cursor: its seed, from which a `mode` edit is made, and what it holds.

    `share` is the part of the average's weight on images that show this mode best of all modes
    here, `images` how many those are, `inlier` how much more the collection has it than the natural
    world (0 to 1), `picture` the average patch as a base64 JPEG.
    """

    image: str
    center: Point
    size: float
    share: float
    images: int
    inlier: float
    picture: str


class Modes(Message):
    """Server: the modes under the cursor, best first; the box is where they were looked for.

    A first answer may be coarse (`is_final` false); a better one with the same request follows.
    `sizes` are the sides, in pixels of the collection, that can be asked for here.
    """

    type: Literal["modes"] = "modes"
    revision: int
    request: RequestNumber
    cluster: str
    box: Box
    size: int
    sizes: tuple[int, ...]
    is_final: bool
    modes: tuple[ModeMessage, ...]
