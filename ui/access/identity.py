"""Who somebody is in the rooms."""

import re
import uuid

from ui.wire.base import ID_LIMIT


def author_of(text: str) -> str:
    """Return the author's id if it is one, else a new one."""
    is_id = re.fullmatch(rf"[A-Za-z0-9_-]{{1,{ID_LIMIT}}}", text)
    return text if is_id else uuid.uuid4().hex
