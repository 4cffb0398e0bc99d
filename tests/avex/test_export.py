"""`avex export`, and the average of the original files that it renders."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from avex.console import CommandError
from avex.export import export_average
from explorer.edits import LikeImage
from explorer.engine import Engine
from explorer.session import Entry
from index.collection import open_collection
from precompute.build import build
from precompute.options import BuildOptions


@pytest.fixture
def grays(tmp_path):
    """Build two originals of 64 x 96, 1 and 3 of 255 bright, into images of half the size."""
    folder = tmp_path / "grays"
    folder.mkdir()
    for name, value in (("a", 1), ("b", 3)):
        cv2.imwrite(str(folder / f"{name}.png"), np.full((64, 96, 3), value, np.uint8))
    build(folder, tmp_path / "grays.avex", BuildOptions(size=(32, 48), workers=1, modes="none"))
    return open_collection(tmp_path / "grays.avex")


def test_tiff_has_16_bits_and_png_8(grays, red_session, tmp_path):
    for name, dtype, one in (("f.tif", np.uint16, 257), ("f.png", np.uint8, 1)):
        result = export_average(grays, red_session, tmp_path / name)
        image = cv2.imread(str(tmp_path / name), cv2.IMREAD_UNCHANGED)
        assert (image.dtype, image.shape) == (dtype, (*result.size, 3))
        assert one <= image.min() <= image.max() <= 3 * one


def test_average_of_the_originals_is_lined_up_as_the_collection_s(
    collection, red_session, tmp_path
):
    blue = red_session.clusters[0].put(Entry(edit=LikeImage(id="l1", image="blue01.png")))
    session = red_session.add_cluster(replace(blue, id="other"))
    for cluster in session.clusters:
        out = tmp_path / f"{cluster.id}.png"
        export_average(collection, session, out, cluster=cluster.id, long_side=64)
        full = cv2.imread(str(out))[..., ::-1].astype(int)
        small = Engine(collection).explore_in(session, cluster.id)
        assert small.maps is not None
        assert np.abs(full - small.average).mean() < 1


def test_unknown_ending_is_refused(grays, red_session, tmp_path):
    with pytest.raises(CommandError, match=r"must end in \.png"):
        export_average(grays, red_session, tmp_path / "f.gif")
