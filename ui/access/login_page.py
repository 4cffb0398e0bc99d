"""The small pages at the door: to log in, and to say that a link is none. No script, no picture."""

import base64
import hashlib
from html import escape

from starlette.responses import HTMLResponse

STYLE = """
:root { color-scheme: light dark; --ground: #f7f7f8; --card: #fff; --line: #c9c9d1; --text: #1b1b1f;
  --soft: #5d5d68; --accent: #4f56d8; --wrong: #a3261c; }
@media (prefers-color-scheme: dark) { :root { --ground: #131316; --card: #1a1a1e; --line: #45454e;
  --text: #ececf0; --soft: #a5a5b1; --accent: #8f95ff; --wrong: #ff9a8f; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem;
  background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { width: min(24rem, 100%); padding: 1.75rem; background: var(--card);
  border: 1px solid var(--line); border-radius: 12px; }
h1 { margin: 0 0 .25rem; font-size: 1.25rem; }
p { margin: 0 0 1rem; color: var(--soft); }
p[role="alert"] { color: var(--wrong); }
label { display: block; margin: .75rem 0 .25rem; font-size: .9rem; }
input { width: 100%; padding: .6rem .7rem; font: inherit; color: inherit; background: var(--ground);
  border: 1px solid var(--line); border-radius: 8px; }
button { width: 100%; margin-top: 1.25rem; padding: .65rem; font: inherit; font-weight: 600;
  color: var(--card); background: var(--accent); border: 0; border-radius: 8px; cursor: pointer; }
:is(input, button, a):focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
a { color: var(--accent); }
"""
_PRINT = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_PRINT}'; img-src data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)

_NAMED = """
<label for="name">Name</label>
<input id="name" name="name" autocomplete="username" autocapitalize="none" spellcheck="false"
  maxlength="40" required autofocus>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password"
  maxlength="1024" required>
"""
_PASTED = """
<label for="token">Token</label>
<input id="token" name="token" type="password" autocomplete="off" maxlength="200" required>
"""
_OR = """
<details><summary>I have a token instead</summary>
<form method="post">{token}<button>Go in</button></form></details>
"""


def login_page(
    *, has_users: bool, has_token: bool, wrong: str = "", status: int = 200
) -> HTMLResponse:
    """Return the page where people log in.

    Parameters
    ----------
    has_users, has_token
        What the server takes.
    wrong
        What was wrong with the last try.
    """
    first = _NAMED if has_users else _PASTED
    told = f'<p role="alert">{escape(wrong)}</p>' if wrong else ""
    other = _OR.format(token=_PASTED) if has_users and has_token else ""
    hint = "Log in to go on." if has_users else "Paste the token that the server has printed."
    body = (
        f"<h1>Average Explorer</h1><p>{hint} If somebody gave you a link, just open it.</p>{told}"
        f'<form method="post">{first}<button>Go in</button></form>{other}'
    )
    return _page("Log in", body, status)


def told_page(title: str, text: str, status: int) -> HTMLResponse:
    """Return a page that says one thing."""
    return _page(title, f'<h1>{escape(title)}</h1><p role="alert">{escape(text)}</p>', status)


def _page(title: str, body: str, status: int) -> HTMLResponse:
    content = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)} · '
        'Average Explorer</title><meta name="viewport" content="width=device-width">'
        '<link rel="icon" href="data:,">'
        f"<style>{STYLE}</style></head><body><main>{body}</main></body></html>"
    )
    headers = {"content-security-policy": POLICY, "x-frame-options": "DENY"}
    return HTMLResponse(content, status, headers)
