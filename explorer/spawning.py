"""New clusters from what is there: from another cluster, from images, from several clusters."""

import dataclasses
from collections.abc import Callable, Sequence

from explorer.edits import AnyOf, Edit, EditId, ImageVerdict, LikeImage, ModePick, Sharpen
from explorer.errors import SessionError
from explorer.session import Cluster, Entry

EXAMPLES = 8
"""A cluster from images looks for others like these first ones; all of them are pinned."""


def copied(cluster: Cluster, cluster_id: str, name: str) -> Cluster:
    """Return a cluster with the same edits and settings, to be edited apart.

    Its color is not copied, as colors tell clusters apart.
    """
    return dataclasses.replace(cluster, id=cluster_id, name=name, color="")


def from_images(
    images: Sequence[str], cluster_id: str, name: str, make_id: Callable[[], EditId]
) -> Cluster:
    """Return a cluster of some images and those that look like them.

    Parameters
    ----------
    images
        Names of the images, at least one.
    cluster_id, name
        Of the new cluster.
    make_id
        Returns a new edit's id with each call.

    Raises
    ------
    SessionError
        If there is no image.
    """
    if not images:
        raise SessionError("a cluster from images needs at least one image, got none: select some")
    share = 1 / min(len(images), EXAMPLES)
    edits: list[Edit] = [
        LikeImage(id=make_id(), image=image, strength=share) for image in images[:EXAMPLES]
    ]
    edits += [ImageVerdict(id=make_id(), image=image, verdict="pin") for image in images]
    return Cluster(id=cluster_id, name=name, entries=tuple(Entry(edit=edit) for edit in edits))


def from_mode(pick: ModePick, cluster_id: str, name: str) -> Cluster:
    """Return a cluster of the images that show one mode."""
    return Cluster(id=cluster_id, name=name, entries=(Entry(edit=pick),))


def merged(clusters: Sequence[Cluster], cluster_id: str, name: str, edit_id: EditId) -> Cluster:
    """Return one cluster of the images that fit any of several.

    It takes its settings from the first, and asks for as many images as all of them together if
    each asks for a number. Verdicts on images stay, the last one on each; what is switched off does
    not, and a cluster without other edits adds nothing.

    Parameters
    ----------
    clusters
        At least two.
    cluster_id, name
        Of the new cluster.
    edit_id
        Of the one edit that asks for either of them.

    Raises
    ------
    SessionError
        If there are fewer than two clusters.
    """
    if len(clusters) < 2:
        raise SessionError(f"merging needs at least two clusters, got {len(clusters)}")
    groups = [group for cluster in clusters for group in _groups(cluster)]
    if len(groups) > 1:
        names, parts = zip(*groups, strict=True)
        edits: tuple[Edit, ...] = (AnyOf(id=edit_id, names=names, parts=parts),)
    else:
        edits = groups[0][1] if groups else ()
    kept = [entry for cluster in clusters for entry in cluster.entries if entry.edit.enabled]
    verdicts = {entry.edit.image: entry for entry in kept if isinstance(entry.edit, ImageVerdict)}
    sharpens = [entry for entry in kept if isinstance(entry.edit, Sharpen)]
    asked: list[Entry] = [Entry(edit=edit) for edit in edits]
    entries = [*asked, *verdicts.values(), *sharpens[:1]]
    counts = [cluster.count for cluster in clusters]
    return dataclasses.replace(
        clusters[0],
        id=cluster_id,
        name=name,
        count=None if None in counts else sum(count or 0 for count in counts),
        mirror=any(cluster.mirror for cluster in clusters),
        entries=tuple(_numbered(entries)),
    )


def _groups(cluster: Cluster) -> list[tuple[str, tuple[Edit, ...]]]:
    """Return the groups of edits of a cluster, with names: of a merged one those it was made of."""
    scored = tuple(
        edit
        for edit in cluster.edits
        if edit.enabled and not isinstance(edit, ImageVerdict | Sharpen)
    )
    if len(scored) == 1 and isinstance(scored[0], AnyOf) and scored[0].strength == 1:
        return list(zip(scored[0].names, scored[0].parts, strict=True))
    return [(cluster.name, scored)] if scored else []


def _numbered(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries with ids that differ, as edits of several clusters may share one."""
    seen: set[EditId] = set()
    numbered = []
    for entry in entries:
        edit_id, number = entry.edit.id, 2
        while edit_id in seen:
            edit_id, number = f"{entry.edit.id[:56]}-{number}", number + 1
        seen.add(edit_id)
        numbered.append(
            dataclasses.replace(entry, edit=dataclasses.replace(entry.edit, id=edit_id))
        )
    return numbered
