"""What every message on the wire is made of: frozen values, and the limits of their parts."""

from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

ID_LIMIT = 64
CLUSTER_ID_LIMIT = 48
"""Shorter, as the edits that come with a new cluster are numbered after it."""

LAYER_ID_LIMIT = 200
"""Longer, as the id of a correction by hand names its author, image and keypoint."""

TEXT_LIMIT = 200
NAME_LIMIT = 1024
"""Of an image: its path as it was built."""
IMAGES_LIMIT = 200
MERGED_LIMIT = 64
COUNT_LIMIT = 10_000_000
REQUEST_LIMIT = 2**32 - 1

Id: TypeAlias = Annotated[str, Field(min_length=1, max_length=ID_LIMIT)]
NewClusterId: TypeAlias = Annotated[
    str, Field(pattern="^[a-z0-9_-]+$", min_length=1, max_length=CLUSTER_ID_LIMIT)
]
LayerId: TypeAlias = Annotated[str, Field(min_length=1, max_length=LAYER_ID_LIMIT)]
ImageName: TypeAlias = Annotated[str, Field(min_length=1, max_length=NAME_LIMIT)]
ClusterName: TypeAlias = Annotated[str, Field(min_length=1, max_length=TEXT_LIMIT)]
ClusterColor: TypeAlias = Annotated[str, Field(pattern="^(#[0-9a-f]{6})?$")]
Place: TypeAlias = Annotated[int, Field(ge=0, le=COUNT_LIMIT)]
RequestNumber: TypeAlias = Annotated[int, Field(ge=0, le=REQUEST_LIMIT)]
Units: TypeAlias = Annotated[float, Field(ge=0, le=1)]
UnitPoint: TypeAlias = tuple[Units, Units]
"""A place on a canvas or an image: x and y, both from 0 to 1."""


class Message(BaseModel):
    """A frozen message; an unknown field is an error, not a surprise."""

    model_config = ConfigDict(frozen=True, extra="forbid")
