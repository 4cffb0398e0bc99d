"""`ui.rooms.board`: comments, votes, claims and snapshots, and laws that hold whatever is said."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ui.room_log import by, follow_board
from ui.rooms import board as boards
from ui.rooms.board import CLAIM_LASTS_S, Board, BoardError, By, board_changes, with_said
from ui.rooms.room import OperationError, RoomState, carry_out
from ui.wire.board import (
    OnAverage,
    OnImage,
    PutClaim,
    PutComment,
    PutSnapshot,
    PutVote,
    RemoveClaim,
    RemoveComment,
    RemoveSnapshot,
    RemoveVote,
    ResolveComment,
    SharedBoard,
)
from ui.wire.operations import PutReview, Undo

HEEL = OnAverage(cluster="main", at=(0.25, 0.5))
AUTHORS, IMAGES, IDS = ("ann", "ben"), ("a.png", "b.png", "c.png"), ("k1", "k2", "k3")


def said(board, author, *operations, time=1.0, revision=0):
    """Return the board after what one author says."""
    for operation in operations:
        board = with_said(board, operation, By(author, time, revision))
    return board


def comment(comment_id, text="look", *, place=HEEL, reply_to=None):
    return PutComment(id=comment_id, place=place, text=text, reply_to=reply_to)


def test_a_comment_keeps_who_said_it_when_and_where():
    board = said(Board(), "ann", comment("k1", place=OnImage(image="a.png")), time=5.0)
    [one] = board.shared.comments
    assert (one.author, one.time, one.place.image, one.is_resolved) == ("ann", 5.0, "a.png", False)


def test_only_its_author_rewords_a_comment_which_keeps_its_time():
    board = said(Board(), "ann", comment("k1"), time=5.0)
    later = said(board, "ann", comment("k1", "look here"), time=9.0)
    assert (later.comments["k1"].text, later.comments["k1"].time) == ("look here", 5.0)
    with pytest.raises(BoardError, match="only by whoever wrote it"):
        said(board, "ben", comment("k1", "mine"))


def test_only_its_author_takes_a_comment_back_and_its_answers_with_it():
    board = said(Board(), "ann", comment("k1"), comment("k2"))
    board = said(board, "ben", comment("k3", reply_to="k1"))
    with pytest.raises(BoardError, match="only by whoever wrote it"):
        said(board, "ben", RemoveComment(id="k1"))
    assert [*said(board, "ann", RemoveComment(id="k1")).comments] == ["k2"]
    assert said(board, "ann", RemoveComment(id="gone")) == board


def test_anybody_resolves_a_comment_and_rewording_does_not_open_it_again():
    board = said(Board(), "ann", comment("k1"))
    board = said(board, "ben", ResolveComment(id="k1", is_resolved=True))
    assert said(board, "ann", comment("k1", "anew")).comments["k1"].is_resolved
    board = said(board, "ann", ResolveComment(id="k1", is_resolved=False))
    assert not board.comments["k1"].is_resolved


@pytest.mark.parametrize("answered", ["gone", "k2"])
def test_only_a_comment_that_is_there_is_answered_and_no_answer(answered):
    board = said(Board(), "ann", comment("k1"), comment("k2", reply_to="k1"))
    with pytest.raises(BoardError):
        said(board, "ben", comment("k3", reply_to=answered))


def test_rewording_makes_no_answer_of_a_comment():
    board = said(Board(), "ann", comment("k1"), comment("k2", reply_to="k1"), comment("k3"))
    board = said(board, "ann", comment("k1", "anew", reply_to="k3"), comment("k2", "so"))
    assert [board.comments[one].reply_to for one in ("k1", "k2")] == [None, "k1"]
    assert said(board, "ann", comment("k3", reply_to="k3")).comments["k3"].reply_to is None


def test_a_vote_replaces_ones_own_and_nobody_elses():
    board = said(Board(), "ann", PutVote(image="a.png", value=1))
    board = said(board, "ben", PutVote(image="a.png", value=1))
    board = said(board, "ann", PutVote(image="a.png", value=-1), RemoveVote(image="b.png"))
    votes = {(vote.author, vote.value) for vote in board.shared.votes}
    assert votes == {("ann", -1), ("ben", 1)}


def test_a_claim_takes_what_is_free_and_is_refused_where_nothing_is():
    board = said(Board(), "ann", PutClaim(images=("a.png",)))
    board = said(board, "ben", PutClaim(images=("a.png", "b.png")))
    assert {claim.image: claim.author for claim in board.claims.values()} == {
        "a.png": "ann",
        "b.png": "ben",
    }
    with pytest.raises(BoardError) as refused:
        said(board, "ben", PutClaim(images=("a.png",)))
    assert refused.value.code == "claimed"


def test_a_claim_lapses_after_half_an_hour_and_can_be_made_anew_before():
    board = said(Board(), "ann", PutClaim(images=("a.png",)), time=0.0)
    renewed = said(board, "ann", PutClaim(images=("a.png",)), time=60.0)
    with pytest.raises(BoardError):
        said(renewed, "ben", PutClaim(images=("a.png",)), time=CLAIM_LASTS_S)
    assert said(board, "ben", PutClaim(images=("a.png",)), time=CLAIM_LASTS_S).claims["a.png"]
    assert (len(board.claims_at(CLAIM_LASTS_S - 1)), board.claims_at(CLAIM_LASTS_S)) == (1, {})


def test_a_claim_from_the_future_lapses_too():
    """A clock that was wrong, or a file, could else lock an image for years."""
    board = said(Board(), "ann", PutClaim(images=("a.png",)), time=1e9)
    assert said(board, "ben", PutClaim(images=("a.png",)), time=1e9 - CLAIM_LASTS_S).claims["a.png"]
    with pytest.raises(BoardError):
        said(board, "ben", PutClaim(images=("a.png",)), time=1e9 - CLAIM_LASTS_S + 1)
    assert board.claims_at(0) == {}


def test_only_ones_own_claims_are_given_back():
    board = said(Board(), "ann", PutClaim(images=("a.png", "b.png")))
    assert said(board, "ben", RemoveClaim(images=("a.png",))) == board
    assert [*said(board, "ann", RemoveClaim(images=("a.png", "c.png"))).claims] == ["b.png"]


def test_a_reviewed_image_is_nobodys_any_more_also_when_somebody_else_reviewed_it():
    state, _ = carry_out(RoomState(), by("ann", PutClaim(images=("a.png", "b.png"))))
    state, changes = carry_out(state, by("ben", PutReview(image="a.png")))
    assert [*state.board.claims] == ["b.png"]
    assert changes.board.removed_claims == ("a.png",)


def test_undo_leaves_the_board_alone():
    state, _ = carry_out(RoomState(), by("ann", comment("k1")))
    with pytest.raises(OperationError, match="nothing of yours to undo"):
        carry_out(state, by("ann", Undo()))


def test_a_snapshot_names_the_revision_that_is_or_an_earlier_one_never_a_future_one():
    board = said(Board(), "ann", PutSnapshot(id="n1", name="Now"), revision=7)
    board = said(board, "ann", PutSnapshot(id="n2", name="Then", revision=3), revision=8)
    assert [one.revision for one in board.shared.snapshots] == [7, 3]
    with pytest.raises(BoardError, match="8 operations so far, got revision 9"):
        said(board, "ann", PutSnapshot(id="n3", name="Soon", revision=9), revision=8)


def test_a_full_board_refuses_more_and_still_lets_what_is_there_be_changed(monkeypatch):
    monkeypatch.setattr(boards, "COMMENTS_LIMIT", 2)
    board = said(Board(), "ann", comment("k1"), comment("k2"))
    with pytest.raises(BoardError) as refused:
        said(board, "ann", comment("k3"))
    assert refused.value.code == "too_many"
    assert said(board, "ann", comment("k1", "anew")).comments["k1"].text == "anew"


# Whatever is said


def unordered(message):
    """Return what a message lists, by field, in no order; None for no message."""
    return message and {name: set(items) for name, items in message}


images = st.lists(st.sampled_from(IMAGES), min_size=1, max_size=3).map(tuple)
words = st.one_of(
    st.builds(
        comment,
        st.sampled_from(IDS),
        st.sampled_from(["look", "see"]),
        reply_to=st.none() | st.sampled_from(IDS),
    ),
    st.builds(ResolveComment, id=st.sampled_from(IDS), is_resolved=st.booleans()),
    st.builds(RemoveComment, id=st.sampled_from(IDS)),
    st.builds(PutVote, image=st.sampled_from(IMAGES), value=st.sampled_from([-1, 1])),
    st.builds(RemoveVote, image=st.sampled_from(IMAGES)),
    st.builds(PutClaim, images=images),
    st.builds(RemoveClaim, images=images),
    st.builds(
        PutSnapshot,
        id=st.sampled_from(IDS),
        name=st.just("Named"),
        revision=st.none() | st.integers(0, 30),
    ),
    st.builds(RemoveSnapshot, id=st.sampled_from(IDS)),
    st.builds(PutReview, image=st.sampled_from(IMAGES)),
)
steps = st.lists(
    st.tuples(st.sampled_from(AUTHORS), st.integers(0, 1200), words), min_size=1, max_size=20
)
laws = settings(max_examples=40, deadline=None)


def history(said_by):
    """Yield each state with the one before it, what was said, and the changes told of it."""
    state, time = RoomState(), 0.0
    for author, later_s, operation in said_by:
        time += later_s
        logged = by(author, operation, time=time)
        try:
            after, changes = carry_out(state, logged)
        except OperationError:
            continue
        yield state, after, logged, changes
        state = after


@laws
@given(steps)
def test_nobody_takes_an_image_that_somebody_else_holds(said_by):
    for before, after, logged, _ in history(said_by):
        for image, claim in before.board.claims_at(logged.time).items():
            now = after.board.claims.get(image)
            assert now is None or now.author == claim.author
            is_end = isinstance(logged.operation, PutReview) or logged.author == claim.author
            assert now is not None or is_end


@laws
@given(steps)
def test_nobody_changes_or_takes_back_anothers_words_or_vote(said_by):
    for before, after, logged, _ in history(said_by):
        for one in before.board.comments.values():
            now = after.board.comments.get(one.id)
            root = before.board.comments.get(one.reply_to)
            owners = {one.author} | ({root.author} if root else set())
            assert (now is not None and now.text == one.text) or logged.author in owners
        for key, vote in before.board.votes.items():
            assert after.board.votes.get(key) == vote or logged.author == vote.author


@laws
@given(steps)
def test_every_answer_is_to_a_comment_that_is_there_and_is_no_answer(said_by):
    for _, after, _, _ in history(said_by):
        comments = after.board.comments
        for one in comments.values():
            assert one.reply_to is None or comments[one.reply_to].reply_to is None


@laws
@given(steps)
def test_a_replica_that_follows_the_changes_has_the_board(said_by):
    replica = SharedBoard()
    for _, after, _, changes in history(said_by):
        replica = follow_board(replica, changes.board)
        assert replica == after.board.shared


@laws
@given(steps)
def test_what_is_told_of_an_operation_is_all_that_changed(said_by):
    for before, after, _, changes in history(said_by):
        assert unordered(changes.board) == unordered(board_changes(before.board, after.board))


@laws
@given(steps, st.integers(0, 25))
def test_a_replica_that_was_away_follows_in_one_step(said_by, missed):
    boards_seen = [Board(), *(after.board for _, after, _, _ in history(said_by))]
    before, after = boards_seen[min(missed, len(boards_seen) - 1)], boards_seen[-1]
    away = follow_board(before.shared, board_changes(before, after))
    assert unordered(away) == unordered(after.shared)


@laws
@given(steps)
def test_a_snapshot_never_names_a_revision_that_is_not_yet(said_by):
    for _, after, _, _ in history(said_by):
        assert all(one.revision < after.revision for one in after.board.snapshots.values())
