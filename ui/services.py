"""What a running server consists of, for those who build a page on it."""

from dataclasses import dataclass

from ui.access.access import Access
from ui.building.builds import Builds
from ui.keypoints.service import Propagations
from ui.library import Nearest
from ui.rooms.hub import Hub
from ui.settings import Settings
from ui.tours import Tours


@dataclass(frozen=True, slots=True)
class Services:
    """The settings, rooms, builds, tours and so on of one server, and who may use it."""

    settings: Settings
    hub: Hub
    builds: Builds
    nearest: Nearest
    tours: Tours
    propagations: Propagations
    access: Access
