"""The page: Gradio around the canvas. The only file that imports Gradio.

Everything live (canvas, strip, edits) is our own module on our own socket, see `ui/static/main.js`;
Gradio holds the tabs and what is at rest. Nothing that matters lives in `gr.State`: it is in the
rooms.
"""

from html import escape
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote

import gradio as gr
from fastapi import FastAPI
from gradio import networking, processing_utils, tunneling
from gradio.utils import get_upload_folder
from starlette.routing import Mount

from ui.access.identity import NOBODY, Identity, identity_of
from ui.build_form import ask_files, ask_folder, resume_cancelled
from ui.building.builds import BuildStatus, Fit, State
from ui.building.upload_folder import keep_uploads_private
from ui.narrowed import Narrowed
from ui.services import Services

STATIC = Path(__file__).parent / "static"
FONTS = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica", "Arial", "sans-serif"]
MONOSPACE = ["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"]
REFRESH_S = 1.0
KEPT_S = (3600, 86400)
"""Every hour, uploads that no build has taken for a day are deleted."""

MOUNT_JS = """
const base = new URL('.', document.baseURI);
import(new URL('static/main.js', base))
  .then((module) => module.mount(element.querySelector('.ax-host')))
  .catch((error) => {
    const text = element.querySelector('.ax-host');
    text.textContent = 'The canvas could not be loaded: ' + error + '. Reload the page.';
  });
"""


def mount_page(app: FastAPI, services: Services) -> FastAPI:
    """Put the page under `/` of an application that has our own routes already."""
    keep_uploads_private()
    fetch_nothing()
    take_only_uploads()
    open_no_tunnel()
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        build_page(services),
        path="/",
        theme=theme(),
        css_paths=STATIC / "page.css",
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        enable_monitoring=False,
        favicon_path=str(STATIC / "favicon.svg"),
        max_file_size=services.settings.upload_limit,
        allowed_paths=[],
        mcp_server=False,
        pwa=False,
    )
    mount = mounted.router.routes[-1]
    if not isinstance(mount, Mount):
        raise TypeError(f"Gradio must be the last route and a mount, the last one is {mount!r}")
    mount.app = Narrowed(mount.app)
    return mounted


def fetch_nothing() -> None:
    """Keep Gradio from fetching addresses, which it does where a page names one as a file."""

    async def refuse(url: str, *_: object, **__: object) -> NoReturn:
        raise gr.Error(f"nothing is fetched from other machines, asked for {url[:200]}")

    processing_utils.async_ssrf_protected_download = refuse
    processing_utils.async_ssrf_protected_get = refuse


def take_only_uploads() -> None:
    """Keep Gradio from taking any file of this machine whose path somebody names as an upload.

    Its own check of that is left out where an application mounts it.
    """

    def check(path: str | Path, *_: object, **__: object) -> None:
        kept = Path(get_upload_folder()).resolve()
        if not Path(path).resolve().is_relative_to(kept):
            raise gr.Error("this file was not uploaded here")

    processing_utils._check_allowed = check  # noqa: SLF001 - there is no other way


def open_no_tunnel() -> None:
    """Keep Gradio from giving this server an address on the internet, whoever asks for it."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise RuntimeError("this server opens no tunnel: others reach it by --host and a link")

    networking.setup_tunnel = refuse
    tunneling.Tunnel.start_tunnel = refuse  # type: ignore[method-assign]


def theme() -> gr.themes.Base:
    """Return the colors and fonts: quiet greys, so that the photographs have the color."""
    return gr.themes.Base(
        primary_hue=gr.themes.colors.indigo,
        neutral_hue=gr.themes.colors.zinc,
        radius_size=gr.themes.sizes.radius_md,
        font=FONTS,
        font_mono=MONOSPACE,
    ).set(
        body_background_fill="#f7f7f8",
        body_background_fill_dark="#131316",
        background_fill_secondary="#efeff1",
        background_fill_secondary_dark="#0d0d0f",
        block_background_fill="#ffffff",
        block_background_fill_dark="#1a1a1e",
        border_color_primary="#e3e3e7",
        border_color_primary_dark="#2c2c32",
        body_text_color="#1b1b1f",
        body_text_color_dark="#ececf0",
        body_text_color_subdued="#6c6c76",
        body_text_color_subdued_dark="#9a9aa6",
        color_accent="#4f56d8",
        color_accent_soft="#ececfc",
        color_accent_soft_dark="#2a2b52",
    )


def build_page(services: Services) -> gr.Blocks:
    """Return the page of a server."""
    page: gr.Blocks
    with (
        gr.Blocks(
            title="Average Explorer", analytics_enabled=False, fill_width=True, delete_cache=KEPT_S
        ) as page,
        gr.Tabs(elem_id="ax-tabs"),
    ):
        with gr.Tab("Explore", id="explore"):
            gr.HTML(
                html_template='<div class="ax-host"></div>',
                js_on_load=MOUNT_JS,
                apply_default_css=False,
                elem_id="ax-explore",
            )
        with gr.Tab("Collections", id="collections"):
            _collections_tab(page, services)
        with gr.Tab("Help", id="help"):
            gr.Markdown(
                (Path(__file__).parent / "static" / "help.md").read_text("utf-8"),
                elem_classes="ax-page",
            )
    return page


def _collections_tab(page: gr.Blocks, services: Services) -> None:
    with gr.Column(elem_classes="ax-page"):
        gr.Markdown("## Collections")
        table = gr.HTML(padding=False, apply_default_css=False)
        with gr.Column(visible=not services.settings.is_guarded) as form:
            gr.Markdown("## Build a collection")
            name = gr.Textbox(label="Name", placeholder="holiday", max_lines=1)
            with gr.Tabs():
                with gr.Tab("From a folder on this machine", visible=services.settings.is_local):
                    folder = gr.Textbox(
                        label="Folder, zip, video or table",
                        placeholder="/home/me/Pictures",
                        max_lines=1,
                    )
                    build_folder = gr.Button("Build", variant="primary")
                with gr.Tab("From an upload"):
                    files = gr.File(
                        label="Pictures, or a zip of them", file_count="multiple", type="filepath"
                    )
                    build_files = gr.Button("Build", variant="primary")
            with gr.Accordion("Options", open=False), gr.Row():
                size = gr.Textbox(label="Size", value="auto", info="auto, or WxH in pixels")
                fit = gr.Radio(
                    ["stretch", "crop", "pad"],
                    value="stretch",
                    label="Fit",
                    info="What happens to pictures of another shape",
                )
            said = gr.HTML(padding=False, apply_default_css=False)
            progress = gr.HTML(padding=False, apply_default_css=False)
            cancel = gr.Button("Cancel", visible=False, size="sm")
            resume = gr.Button("Resume", visible=False, size="sm")
            timer = gr.Timer(REFRESH_S, active=False)

    def look(request: gr.Request) -> dict[Any, Any]:
        asker = asker_of(request)
        is_building = asker.is_owner and _has_build(services, "waiting", "running")
        return {
            table: collections_html(services, asker) + logout_html(asker),
            form: gr.Column(visible=asker.is_owner),
            progress: builds_html(services) if asker.is_owner else "",
            cancel: gr.Button(visible=is_building),
            resume: gr.Button(visible=asker.is_owner and _has_build(services, "cancelled")),
            timer: gr.Timer(active=is_building),
        }

    def start_folder(
        path: str, named: str, pixels: str, how: Fit, request: gr.Request
    ) -> dict[Any, Any]:
        wrong = not_owner(request) or ask_folder(services, path, named, pixels, how)
        return look(request) | {said: wrong_html(wrong)}

    def start_files(
        paths: list[str] | None, named: str, pixels: str, how: Fit, request: gr.Request
    ) -> dict[Any, Any]:
        wrong = not_owner(request) or ask_files(services, paths, named, pixels, how)
        return look(request) | {said: wrong_html(wrong)}

    def cancel_all(request: gr.Request) -> dict[Any, Any]:
        for status in () if not_owner(request) else services.builds.list():
            if status.state in ("waiting", "running"):
                services.builds.cancel(status.id)
        return look(request)

    def resume_all(request: gr.Request) -> dict[Any, Any]:
        wrong = not_owner(request) or resume_cancelled(services)
        return look(request) | {said: wrong_html(wrong)}

    shown = [table, form, progress, cancel, resume, timer]
    asked: dict[str, Any] = {
        "outputs": [said, *shown],
        "show_progress": "hidden",
        "queue": False,
        "api_visibility": "private",
    }
    build_folder.click(start_folder, [folder, name, size, fit], **asked)
    build_files.click(start_files, [files, name, size, fit], **asked)
    resume.click(resume_all, None, **asked)
    cancel.click(cancel_all, None, shown, queue=False, api_visibility="private")
    for event in (timer.tick, page.load):
        event(look, None, shown, show_progress="hidden", queue=False, api_visibility="private")


def asker_of(request: gr.Request) -> Identity:
    """Return who asks for something of Gradio's, as the guard has found out."""
    return NOBODY if request.request is None else identity_of(request.request)


def not_owner(request: gr.Request) -> str:
    """Return why somebody may not build here, "" if they may."""
    return "" if asker_of(request).is_owner else "only the owner of this server builds collections"


def _has_build(services: Services, *states: State) -> bool:
    return any(status.state in states for status in services.builds.list())


def collections_html(services: Services, asker: Identity) -> str:
    """Return the collections that somebody may see as a table with a link to open each."""
    seen = services.hub.seen_by(asker.lists)
    rows = "".join(
        f'<tr><td><a href="{_open_link(info.name)}">{escape(info.name)}</a></td>'
        f"<td>{info.images:,}</td><td>{info.width} x {info.height}</td>"
        f"<td>{escape(', '.join(info.metadata)) or '-'}</td></tr>"
        for info in services.hub.collections()
        if info.name in seen
    )
    if not rows:
        hint = "build one below" if asker.is_owner else "ask for a link to one"
        return f"<p>No collection yet: {hint}.</p>"
    head = "<tr><th>Name</th><th>Images</th><th>Pixels</th><th>Metadata</th></tr>"
    return f'<table class="ax-listing"><thead>{head}</thead><tbody>{rows}</tbody></table>'


def logout_html(asker: Identity) -> str:
    """Return who one is here, and a button to be so no longer; "" where nobody is asked."""
    if not asker.is_guarded and not asker.links:
        return ""
    by_token = asker.is_guarded and asker.is_owner
    unnamed = "You came by the server's token." if by_token else "You came by a link."
    who = f"You are {escape(asker.name)} here." if asker.name else unnamed
    return (
        f'<form method="post" action="logout"><p>{who} '
        '<button type="submit" class="ax-logout">Log out</button></p></form>'
    )


def wrong_html(text: str) -> str:
    """Return what is wrong with a build as asked, to stand beside the form."""
    return f'<p class="ax-wrong" role="alert">{escape(text)}</p>' if text else ""


def builds_html(services: Services) -> str:
    """Return the builds of this server, the newest first, with progress and rejects."""
    return "".join(build_html(status) for status in reversed(services.builds.list()))


def build_html(status: BuildStatus) -> str:
    """Return one build: how far it is, or what came out."""
    words = escape(status.text or progress_words(status))
    bar = ""
    if status.state == "running":
        value = f' value="{status.done}" max="{status.total}"' if status.total else ""
        bar = f"<progress{value}></progress>"
    link = f' <a href="{_open_link(status.collection)}">Open it</a>' if status.collection else ""
    return (
        f'<div class="ax-build" data-state="{status.state}"><b>{escape(status.name)}</b> '
        f"<span>{words}</span>{link}{bar}{rejects_html(status)}</div>"
    )


def progress_words(status: BuildStatus) -> str:
    """Return what a build does now, with its rate and the time left, or what came out."""
    if status.state == "done":
        left_out = f", {len(status.rejected):,} left out" if status.rejected else ""
        return f"done: {status.images:,} {'image' if status.images == 1 else 'images'}{left_out}"
    if status.state != "running":
        return status.state
    of_total = f" of {status.total:,}" if status.total else ""
    words = [f"{status.stage or 'starting'}: {status.done:,}{of_total}"]
    if status.rate:
        words.append(f"{status.rate:,.0f} a second")
    if status.seconds_left is not None:
        words.append(f"{status.seconds_left:,.0f} s left")
    return ", ".join(words)


def rejects_html(status: BuildStatus) -> str:
    """Return the files that could not be used, with the reason of each."""
    if not status.rejected:
        return ""
    rows = "".join(
        f"<tr><td>{escape(path)}</td><td>{escape(reason)}</td></tr>"
        for path, reason in status.rejected
    )
    count = len(status.rejected)
    return (
        f"<details><summary>{count} {'file' if count == 1 else 'files'} could not be used</summary>"
        f'<table class="ax-listing">{rows}</table></details>'
    )


def _open_link(name: str) -> str:
    return f"?collection={quote(name)}"
