"""The averages of one collection as the worker makes them: frames, cards, figures, outliers.

What was made at rest is kept by what it depends on: the edits and settings of all clusters, as they
share every image, but no name, color or order.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeAlias, TypeVar

import cv2

from explorer.arrays import ByteArray, FloatArray
from explorer.edits import Edit, ImageVerdict, ScoredEdit, Sharpen
from explorer.engine import Exploration
from explorer.session import Cluster, Session
from explorer.support import words
from ui.computing.images import LIVE_QUALITY, REST_QUALITY, encode_jpeg
from ui.library import Library
from ui.wire.figures import ClusterFigures

RESTS_KEPT = 8
CARDS_KEPT = 128
CARD_SIDE = 144
"""Longer side of a card's picture, in pixels."""


class Engine(Protocol):
    """What the worker needs of `explorer.engine.Engine`."""

    def explore_in(
        self,
        session: Session,
        cluster_id: str,
        live: ScoredEdit | None = None,
        live_cluster: str | None = None,
        *,
        wait: bool = True,
        is_coarse: bool = False,
    ) -> Exploration:
        """Return what one cluster's edits say, while the others claim images too."""
        ...

    def outliers(self, session: Session) -> FloatArray:
        """Return how little any cluster explains each image, (N,) float32."""
        ...

    def explore_outliers(self, session: Session) -> Exploration:
        """Return what no cluster explains, as an average."""
        ...

    def is_sharpened(self, session: Session, cluster_id: str) -> bool:
        """Return whether the sharpening of a cluster is computed, or none is asked for."""
        ...

    def sharpen(
        self,
        session: Session,
        cluster_id: str,
        progress: Callable[[float], None],
        is_cancelled: Callable[[], bool],
    ) -> None:
        """Compute the sharpening of a cluster and remember it; raise `Cancelled` if it is."""
        ...


Asked: TypeAlias = tuple[str, int | None, str, bool, tuple[Edit, ...]]
"""What matters of a cluster: weighting, count, alignment, mirror, edits."""

State: TypeAlias = Mapping[str, Asked]
"""What the averages of a session depend on: what matters of each cluster, by its id."""

Key: TypeAlias = tuple[State, bool]
"""What one average depends on: the state, and whether its sharpening is computed."""

Made = TypeVar("Made")


def asked_of(cluster: Cluster) -> Asked:
    """Return what matters of a cluster; not its name, not who made an edit."""
    return (cluster.weighting, cluster.count, cluster.alignment, cluster.mirror, cluster.edits)


def state_of(session: Session) -> State:
    """Return what all averages of a session depend on."""
    return {cluster.id: asked_of(cluster) for cluster in session.clusters}


def is_sharpening_asked(cluster: Cluster) -> bool:
    """Return whether the cluster has a sharpening that is switched on."""
    return any(isinstance(edit, Sharpen) and edit.enabled for edit in cluster.edits)


@dataclass(frozen=True, slots=True)
class Rest:
    """A cluster at rest: what is known of it, and its average as JPEG."""

    exploration: Exploration
    picture: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A small picture (JPEG) of a cluster, its size in pixels, and its figures.

    Of a coarse one, made quickly, sharpness and support are not known.
    """

    picture: bytes
    width: int
    height: int
    figures: ClusterFigures
    is_coarse: bool


class Kept(Generic[Made]):
    """What was made last, at most so many. Branches of a room have clusters of the same ids."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._known: list[tuple[str, Key, Made]] = []

    def get(self, cluster_id: str, key: Key) -> Made | None:
        """Return what was made of a cluster in the same state, and keep it longest."""
        for place, (known_id, known_key, made) in enumerate(self._known):
            if known_id == cluster_id and known_key == key:
                self._known.append(self._known.pop(place))
                return made
        return None

    def put(self, cluster_id: str, key: Key, made: Made) -> None:
        """Keep what was made, and forget what was not asked for the longest."""
        self._known.append((cluster_id, key, made))
        if len(self._known) > self._limit:
            del self._known[0]


class Averages:
    """Makes the averages of one collection, and keeps those at rest. For one thread at a time."""

    def __init__(self, library: Library, engine: Engine) -> None:
        self.library = library
        self.engine = engine
        self._rests: Kept[Rest] = Kept(RESTS_KEPT)
        self._cards: Kept[Card] = Kept(CARDS_KEPT)
        self._outliers: tuple[State, FloatArray] | None = None

    def at_rest(self, session: Session, cluster_id: str) -> Rest:
        """Return a cluster at rest; asked again for the same, compute nothing.

        A sharpening that is not computed yet is left out.
        """
        key = self._key(session, cluster_id)
        rest = self._rests.get(cluster_id, key)
        if rest is None:
            exploration = self.engine.explore_in(session, cluster_id, wait=False)
            rest = Rest(exploration, encode_jpeg(exploration.average, quality=REST_QUALITY))
            self._rests.put(cluster_id, key, rest)
        return rest

    def card(self, session: Session, cluster_id: str) -> Card:
        """Return the card of a cluster at rest; asked again for the same, compute nothing.

        Making the cards of many clusters does not push out what is kept of those looked at.
        """
        key = self._key(session, cluster_id)
        card = self._cards.get(cluster_id, key)
        if card is None:
            rest = self._rests.get(cluster_id, key)
            exploration = (
                self.engine.explore_in(session, cluster_id, wait=False)
                if rest is None
                else rest.exploration
            )
            card = card_of(session.cluster(cluster_id), exploration)
            self._cards.put(cluster_id, key, card)
        return card

    def coarse_card(self, session: Session, cluster_id: str) -> Card:
        """Return the card of a cluster at rest, quickly; the true one where it is known."""
        key = self._key(session, cluster_id)
        if self._cards.get(cluster_id, key) or self._rests.get(cluster_id, key):
            return self.card(session, cluster_id)
        exploration = self.engine.explore_in(session, cluster_id, wait=False, is_coarse=True)
        return card_of(session.cluster(cluster_id), exploration, is_coarse=True)

    def live_card(
        self, session: Session, cluster_id: str, live: ScoredEdit, live_cluster: str
    ) -> Card:
        """Return the card of a cluster while another one is edited."""
        exploration = self.engine.explore_in(
            session, cluster_id, live=live, live_cluster=live_cluster, wait=False
        )
        return card_of(session.cluster(cluster_id), exploration, is_coarse=True)

    def outliers(self, session: Session) -> FloatArray:
        """Return how little any cluster explains each image, (N,) float32 in [0, 1]."""
        state = state_of(session)
        if self._outliers is None or self._outliers[0] != state:
            self._outliers = state, self.engine.outliers(session)
        return self._outliers[1]

    def _key(self, session: Session, cluster_id: str) -> Key:
        cluster = session.cluster(cluster_id)
        is_sharp = is_sharpening_asked(cluster) and self.engine.is_sharpened(session, cluster_id)
        return state_of(session), is_sharp


def card_of(cluster: Cluster, exploration: Exploration, *, is_coarse: bool = False) -> Card:
    """Return the card of a cluster that is explored."""
    small = shrunk(exploration.average, CARD_SIDE)
    height, width = small.shape[:2]
    return Card(
        picture=encode_jpeg(small, quality=LIVE_QUALITY),
        width=width,
        height=height,
        figures=figures_of(cluster, exploration),
        is_coarse=is_coarse,
    )


def figures_of(cluster: Cluster, exploration: Exploration) -> ClusterFigures:
    """Return the figures of a cluster that is explored."""
    support = support_of(cluster, exploration)
    return ClusterFigures(
        id=cluster.id,
        share=float(exploration.share),
        effective_images=float(exploration.effective_images),
        sharpness=float(exploration.sharpness),
        support=support,
        words="" if support is None else words(support),
    )


def support_of(cluster: Cluster, exploration: Exploration) -> float | None:
    """Return how sure it is that what a cluster asks for is there, None if it asks for nothing.

    An edit that cannot count, as its image is of another collection, asks for nothing.
    """
    asks = any(
        edit.enabled
        and not isinstance(edit, ImageVerdict | Sharpen)
        and edit.id not in exploration.unplaced
        for edit in cluster.edits
    )
    support = exploration.support
    return float(support) if asks and support is not None else None


def shrunk(picture: ByteArray, side: int) -> ByteArray:
    """Return a picture (H, W, 3) uint8 at a size whose longer side is at most `side` pixels."""
    height, width = picture.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return picture
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small: ByteArray = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    return small
