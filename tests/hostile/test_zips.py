"""Hostile zips: bombs, traversal, links, devices, lies; what is honest in them still comes out."""

import stat
import struct
import zipfile
from unittest.mock import patch

import pytest

from explorer.errors import FormatError
from explorer.keypoints.formats import files
from explorer.keypoints.formats.files import unzipped, zipped
from index.manifest import SourceInfo
from precompute.decode import Picture, Target, Unusable
from precompute.errors import BuildError
from precompute.listing import list_source
from precompute.pool import Pool
from precompute.tasks import Task
from precompute.zips import list_zip
from tests.hostile.pictures import Runs, picture, saved

TARGET = Target(48, 64, "stretch", 10**6)
CENTRAL = b"PK\x01\x02"
END = b"PK\x05\x06"


def with_attributes(name, mode):
    member = zipfile.ZipInfo(name)
    member.external_attr = mode << 16
    return member


@pytest.fixture
def packed(tmp_path):
    """Write a zip of an honest picture and what else is named."""

    def pack(*members, kind=zipfile.ZIP_DEFLATED):
        path = tmp_path / "photos.zip"
        with zipfile.ZipFile(path, "w", kind) as archive:
            archive.writestr("honest.png", saved(picture()))
            for name, content in members:
                archive.writestr(name, content)
        return path

    return pack


def reasons(path):
    listing = list_zip(path)
    assert "honest.png" in {candidate.name for candidate in listing.candidates}
    return {file.path: file.reason for file in listing.rejected}


def patched(path, changed):
    content = bytearray(path.read_bytes())
    changed(content)
    path.write_bytes(content)
    return path


def set_field(content, at, form, value):
    content[at : at + struct.calcsize(form)] = struct.pack(form, value)


OUTSIDE = ["../a.png", "a/../../b.png", "/etc/passwd.png", "..\\a.png", "C:\\a.png", "//host/a.png"]


@pytest.mark.parametrize("name", OUTSIDE)
def test_name_that_leads_out_is_refused(packed, name):
    # zipfile mends backslashes on Windows alone: here they stay in the name.
    assert "out of the zip" in reasons(packed((name, b"x")))[name]


@pytest.mark.parametrize(
    ("mode", "reason"),
    [
        (stat.S_IFLNK, "a link"),
        (stat.S_IFCHR, "not a regular file"),
        (stat.S_IFBLK, "not a regular file"),
        (stat.S_IFIFO, "not a regular file"),
        (stat.S_IFSOCK, "not a regular file"),
    ],
)
def test_links_and_devices_are_refused(packed, mode, reason):
    member = with_attributes("odd.png", mode | 0o777)
    assert reasons(packed((member, b"/etc/passwd")))["odd.png"] == reason


def test_bomb_of_one_member_is_refused(packed):
    assert "more than 200 times" in reasons(packed(("bomb.png", bytes(4 << 20))))["bomb.png"]


def test_bomb_of_many_small_members_is_refused_as_a_whole(tmp_path):
    path = tmp_path / "photos.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(40):  # each just below what is looked at alone
            archive.writestr(f"{number}.png", bytes((1 << 20) - 1))
    with pytest.raises(BuildError, match="is a zip bomb: it unpacks to 41,943,000 bytes"):
        list_source(path, 1)


def test_members_that_share_their_bytes_are_refused(packed):
    path = packed(("a.png", b"a" * 300), ("b.png", b"b" * 300), kind=zipfile.ZIP_STORED)

    def overlap(content):
        first = content.index(CENTRAL, content.index(CENTRAL) + 4)
        second = content.index(CENTRAL, first + 4)
        start = struct.unpack_from("<I", content, first + 42)[0]
        set_field(content, second + 42, "<I", start)

    found = reasons(patched(path, overlap))
    assert found == dict.fromkeys(
        ["a.png", "b.png"], "a zip bomb: it shares its bytes with another member"
    )


def test_zip_in_a_zip_is_not_opened(packed, tmp_path):
    inner = packed().read_bytes()
    path = packed(("inner.zip", inner), ("inner.png", inner))
    source = SourceInfo("zip", str(path))
    with Pool(1) as pool:
        names = ("inner.zip", "inner.png", "honest.png")
        found = list(pool.map(Task(source, name, name, TARGET, 20.0) for name in names))
    assert [one.reason for one in found[:2]] == [
        "a zip, no image: build from it alone, or unpack it"
    ] * 2
    assert isinstance(found[2], Picture)


@pytest.mark.parametrize("claimed", [1, 2**31 - 1])
def test_member_that_is_not_as_long_as_it_says_costs_itself_alone(packed, claimed):
    path = packed(("liar.png", saved(picture(1))), kind=zipfile.ZIP_STORED)

    def lie(content):
        at = content.index(CENTRAL, content.index(CENTRAL) + 4)
        set_field(content, at + 24, "<I", claimed)

    patched(path, lie)
    with Pool(1) as pool:
        source = SourceInfo("zip", str(path))
        names = ("liar.png", "honest.png")
        liar, honest = pool.map(Task(source, name, name, TARGET, 20.0) for name in names)
    listed = {file.path: file.reason for file in list_zip(path).rejected}
    assert isinstance(liar, Unusable) or "larger than" in listed["liar.png"]
    assert isinstance(honest, Picture)


def test_broken_compression_costs_itself_alone(packed):
    path = packed(("broken.png", saved(picture(1))))

    def damage(content):
        at = content.index(b"broken.png") + 10
        content[at : at + 200] = bytes(range(200))

    patched(path, damage)
    with Pool(1) as pool:
        source = SourceInfo("zip", str(path))
        names = ("broken.png", "honest.png")
        broken, honest = pool.map(Task(source, name, name, TARGET, 20.0) for name in names)
        process = pool._workers[0].process.pid
        assert list(pool.map([Task(source, "honest.png", "honest.png", TARGET, 20.0)]))
        assert pool._workers[0].process.pid == process
    assert "cannot be read" in broken.reason
    assert isinstance(honest, Picture)


def test_name_that_stands_twice_is_used_once(packed):
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = packed(("honest.png", b"another"))
    assert reasons(path) == {"honest.png": "the name stands in the zip twice"}


def test_very_long_name_is_refused_and_shortened(packed):
    long = "a" * 60_000 + ".png"
    assert reasons(packed((long, b"x"))) == {long[:1024]: "the name is longer than 1024 characters"}


def test_encrypted_member_is_refused(packed):
    path = packed(("secret.png", b"x"))

    def encrypt(content):
        content[content.rindex(CENTRAL) + 8] |= 1

    assert "encrypted" in reasons(patched(path, encrypt))["secret.png"]


def test_directory_of_more_members_than_there_may_be_is_refused(packed, monkeypatch):
    monkeypatch.setattr("precompute.zips.COUNT_MAX", 2)
    with pytest.raises(BuildError, match="at most 2 members, has 3"):
        list_zip(packed(("a.png", b"x"), ("b.png", b"x")))


def test_weights_in_a_zip_are_named_and_not_opened(packed, capfd):
    import pickle

    path = packed(("archive/data.pkl", pickle.dumps(Runs())))
    with Pool(1) as pool:
        source = SourceInfo("zip", str(path))
        (found,) = pool.map([Task(source, "archive/data.pkl", "data.pkl", TARGET, 20.0)])
    assert "a pickle, no image" in found.reason
    assert "opened" not in capfd.readouterr().out


@pytest.mark.parametrize("cut", [1, 10, 30])
def test_zip_that_is_cut_is_refused_in_a_sentence(packed, cut):
    path = packed()
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(BuildError, match="must be a zip"):
        list_source(path, 1)


def test_directory_that_claims_four_gigabytes_is_refused_in_a_sentence(packed):
    path = packed()

    def claim(content):
        at = content.rindex(END)
        set_field(content, at + 12, "<I", 0xFFFFFFF0)

    with pytest.raises(BuildError, match="must be a zip"):
        list_source(patched(path, claim), 1)


def test_zip_is_what_its_content_is(tmp_path):
    path = tmp_path / "photos.zip"
    path.write_bytes(saved(picture()))
    with pytest.raises(BuildError, match="must be a zip"):
        list_source(path, 1)


def test_list_of_more_files_than_labels_can_have_is_not_read(monkeypatch):
    content = zipped({f"labels/{number}.txt": "" for number in range(3)})
    monkeypatch.setattr(files, "MOST_FILES", 3)
    assert len(unzipped(content)) == 3
    monkeypatch.setattr(files, "MOST_FILES", 2)
    with (
        patch.object(zipfile, "ZipFile", side_effect=AssertionError("it was read")),
        pytest.raises(FormatError, match="at most 2 files"),
    ):
        unzipped(content)
