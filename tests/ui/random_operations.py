"""Operations drawn by chance, most of which the room that they are for can carry out."""

from explorer.session import Session
from tests.ui.room_log import add, layer, merge, move, put, remove, schema, stroke
from ui.wire.board import (
    OnImage,
    PutClaim,
    PutComment,
    PutSnapshot,
    PutVote,
    RemoveClaim,
    RemoveComment,
    RemoveVote,
    ResolveComment,
)
from ui.wire.operations import (
    Clear,
    FromCluster,
    PutLayer,
    PutMark,
    PutReview,
    Redo,
    RemoveEdit,
    RemoveLayer,
    RemoveMark,
    RemoveReview,
    ReplaceSession,
    SetCluster,
    SetSchema,
    Undo,
)

IMAGES = ("a.jpg", "b.jpg", "c.jpg")
EDITS = ("s1", "s2", "s3", "s4")
CLUSTERS = ("ears", "tail", "both")


def random_operation(rng, state):
    """Return an operation; `rng` is a `random.Random`, `state` is what the room is now."""
    cluster = rng.choice([one.id for one in state.session.clusters])
    image, new, edit = rng.choice(IMAGES), rng.choice(CLUSTERS), rng.choice(EDITS)
    comment = f"k{rng.randrange(4)}"
    is_yes = rng.random() < 0.5
    drawn = {
        lambda: put(stroke(edit, strength=rng.randrange(1, 9) / 4), cluster): 20,
        lambda: Undo(): 14,
        lambda: Redo(): 7,
        lambda: RemoveEdit(cluster=cluster, edit_id=edit): 5,
        lambda: SetCluster(cluster=cluster, name=edit, weighting="focus", count=None): 4,
        lambda: Clear(cluster=cluster): 2,
        lambda: add(new, place=rng.choice((None, 0, 1))): 4,
        lambda: add(new, source=FromCluster(cluster=cluster)): 2,
        lambda: move(cluster, rng.randrange(3)): 3,
        lambda: merge(cluster, new, new="both"): 2,
        lambda: remove(new): 3,
        lambda: ReplaceSession(session=Session(), keeps_keypoints=is_yes): 0.5,
        lambda: SetSchema(schema_=schema("eye", rng.choice(("nose", "ear")))): 3,
        lambda: PutMark(cluster=cluster, keypoint="eye", at=(rng.random(), 0.5)): 5,
        lambda: RemoveMark(cluster=cluster, keypoint="eye"): 2,
        lambda: PutLayer(layer=layer(f"l-{edit}", {image: ("eye",)}, x=rng.random() * 9)): 4,
        lambda: RemoveLayer(layer_id=f"l-{edit}"): 2,
        lambda: PutReview(image=image): 3,
        lambda: RemoveReview(image=image): 1,
        lambda: PutVote(image=image, value=1 if is_yes else -1): 4,
        lambda: RemoveVote(image=image): 2,
        lambda: PutClaim(images=IMAGES[: rng.randrange(1, 3)]): 3,
        lambda: RemoveClaim(images=(image,)): 2,
        lambda: PutComment(id=comment, place=OnImage(image=image), text=edit): 4,
        lambda: ResolveComment(id=comment, is_resolved=is_yes): 2,
        lambda: RemoveComment(id=comment): 2,
        lambda: PutSnapshot(id=edit, name=edit): 1,
    }
    return rng.choices(list(drawn), list(drawn.values()))[0]()
