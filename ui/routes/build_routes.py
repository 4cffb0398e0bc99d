"""The HTTP routes of builds: start one from a folder or an upload, watch it, cancel it."""

import asyncio
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.datastructures import UploadFile

from ui.build_form import start_folder
from ui.building.builds import BuildError, Fit
from ui.building.uploads import UploadError, check_room, safe_name
from ui.routes.roles import OWNER_OF_SERVER
from ui.services import Services

UPLOAD_FILES_LIMIT = 100_000


class FolderBuild(BaseModel):
    """A folder, zip, video or table on this machine that is to be built."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: str
    name: str = ""
    size: str = "auto"
    fit: Fit = "stretch"


def build_routes(services: Services) -> APIRouter:
    """Return the routes under `/api/builds`."""
    router = APIRouter(prefix="/api/builds", dependencies=[OWNER_OF_SERVER])

    @router.get("")
    async def builds() -> list[dict[str, Any]]:
        return [asdict(status) for status in services.builds.list()]

    @router.post("")
    async def build(request: Request) -> dict[str, str]:
        if request.headers.get("content-type", "").startswith("application/json"):
            return {"id": _start_folder(services, await request.body())}
        async with request.form(max_files=UPLOAD_FILES_LIMIT) as form:
            files = [item for item in form.getlist("files") if isinstance(item, UploadFile)]
            fields = {key: form[key] for key in ("name", "size", "fit") if key in form}
            return {"id": await asyncio.to_thread(_start_files, services, files, fields)}

    @router.delete("/{build_id}")
    async def cancel(build_id: str) -> dict[str, str]:
        services.builds.cancel(build_id)
        return {"id": build_id}

    return router


def _start_folder(services: Services, content: bytes) -> str:
    order = _order(lambda: FolderBuild.model_validate_json(content))
    return start_folder(services, order.folder, order.name, size=order.size, fit=order.fit)


def _order(read: Callable[[], FolderBuild]) -> FolderBuild:
    try:
        return read()
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the order"
        raise BuildError(
            f"a build needs folder, name, size and fit; {where}: {first['msg']}"
        ) from error


def _start_files(services: Services, files: list[UploadFile], fields: dict[str, Any]) -> str:
    order = _order(lambda: FolderBuild.model_validate({"folder": "", **fields}))
    kept = services.settings.builds_folder
    kept.mkdir(parents=True, exist_ok=True)
    try:
        check_room(kept, sum(file.size or 0 for file in files))
    except UploadError as error:
        raise BuildError(str(error)) from error
    with tempfile.TemporaryDirectory(dir=kept) as folder:
        paths = []
        for number, file in enumerate(files):
            path = Path(folder, str(number), safe_name(file.filename or "photo"))
            path.parent.mkdir()
            with path.open("wb") as copy:
                shutil.copyfileobj(file.file, copy)
            paths.append(path)
        return services.builds.start_files(paths, order.name, size=order.size, fit=order.fit)
