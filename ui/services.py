"""What a running server consists of, for those who build a page on it."""

from dataclasses import dataclass

from ui.builds import Builds
from ui.hub import Hub
from ui.library import Nearest
from ui.settings import Settings


@dataclass(frozen=True, slots=True)
class Services:
    """The settings, the rooms, the builds, and the search for similar images of one server."""

    settings: Settings
    hub: Hub
    builds: Builds
    nearest: Nearest
