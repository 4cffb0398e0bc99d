"""What people may do in a room: four roles, each of which may do what the one before may."""

from typing import Literal, TypeAlias

Role: TypeAlias = Literal["viewer", "annotator", "editor", "owner"]

ROLES: tuple[Role, ...] = ("viewer", "annotator", "editor", "owner")
"""A viewer looks, an annotator marks points and speaks, an editor paints, an owner lets in."""

OF_ANNOTATORS = frozenset(
    {
        "put_mark",
        "remove_mark",
        "put_layer",
        "remove_layer",
        "put_review",
        "remove_review",
        "put_comment",
        "resolve_comment",
        "remove_comment",
        "put_vote",
        "remove_vote",
        "put_claim",
        "remove_claim",
        "undo",
        "redo",
    }
)
"""Types of the operations that annotators may carry out; all others are for editors."""


def is_at_least(role: Role, least: Role) -> bool:
    """Return whether a role may do what another one may.

    Examples
    --------
    >>> is_at_least("editor", "annotator"), is_at_least("viewer", "annotator")
    (True, False)
    """
    return ROLES.index(role) >= ROLES.index(least)


def least_role(operation_type: str) -> Role:
    """Return who may carry out operations of a type.

    Examples
    --------
    >>> least_role("put_vote"), least_role("put_edit")
    ('annotator', 'editor')
    """
    return "annotator" if operation_type in OF_ANNOTATORS else "editor"
