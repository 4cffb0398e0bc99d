"""A build as the page or a program asks for it: what is wrong with it is said in a sentence."""

from collections.abc import Sequence
from pathlib import Path

from ui.building.builds import BuildError, Fit
from ui.services import Services


def start_folder(services: Services, folder: str, name: str, *, size: str, fit: Fit) -> str:
    """Start a build from a folder, zip, video or table on this machine; return its id.

    Raises
    ------
    BuildError
        If others can reach the server, or the build cannot be started as asked.
    """
    if not services.settings.is_local:
        raise BuildError(
            "folders are built only for a page on this machine: upload the photographs"
        )
    return services.builds.start_folder(folder, name, size=size, fit=fit)


def ask_folder(services: Services, folder: str, name: str, size: str, fit: Fit) -> str:
    """Start a build; return "", or what is wrong with it."""
    try:
        start_folder(services, folder, name, size=size, fit=fit)
    except BuildError as error:
        return str(error)
    return ""


def ask_files(
    services: Services, files: Sequence[str] | None, name: str, size: str, fit: Fit
) -> str:
    """Start a build from uploaded files; return "", or what is wrong with it."""
    try:
        paths = [Path(path) for path in files or ()]
        services.builds.start_files(paths, name, size=size, fit=fit)
    except BuildError as error:
        return str(error)
    return ""


def resume_cancelled(services: Services) -> str:
    """Go on with every build that was cancelled; return "", or why that cannot be."""
    try:
        for status in services.builds.list():
            if status.state == "cancelled":
                services.builds.resume(status.id)
    except BuildError as error:
        return str(error)
    return ""
