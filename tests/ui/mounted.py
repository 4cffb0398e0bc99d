"""A server of tests with Gradio's page, which leaves nothing open behind it."""

import asyncio

from ui.page import mount_page


def with_page(app, monkeypatch):
    """Return an application with its page."""
    made = []
    make = asyncio.new_event_loop
    with monkeypatch.context() as patch:  # Gradio makes loops for its locks, and closes none
        patch.setattr(asyncio, "new_event_loop", lambda: made.append(make()) or made[-1])
        mounted = mount_page(app, app.state.services)
    asyncio.set_event_loop(None)
    for loop in made:
        loop.close()
    return mounted
