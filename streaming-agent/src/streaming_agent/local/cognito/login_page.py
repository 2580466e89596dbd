"""The sign-in page, in the place of Cognito's managed login: a plain form that any browser and screen reader shows."""

from collections.abc import Mapping
from html import escape

from ..messages import Reply

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
  :root {{ color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }}
  body {{ max-width: 22rem; margin: 12vh auto; padding: 0 1rem }}
  label, button {{ display: block; margin-top: 1rem }}
  input, button {{ width: 100%; box-sizing: border-box; padding: .6rem; font: inherit }}
  [role=alert] {{ border-left: .25rem solid #c33; padding-left: .75rem }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
{content}
</main>
</body>
</html>
"""
_FORM = """<p>This is the local run's copy of Amazon Cognito's managed login.</p>
{problem}
<form method="post" action="{action}">
{hidden}
<label>Username <input name="username" autocomplete="username" required autofocus></label>
<label>Password <input name="password" type="password" autocomplete="current-password" required></label>
<button>Sign in</button>
</form>"""


def login_page(action: str, kept: Mapping[str, str], problem: str = "") -> Reply:
    """The form; `kept` goes back with it."""
    hidden = "\n".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in kept.items()
    )
    shown = f'<p role="alert">{escape(problem)}</p>' if problem else ""
    content = _FORM.format(action=escape(action), hidden=hidden, problem=shown)
    return _page(401 if problem else 200, "Sign in", content)


def error_page(problem: str) -> Reply:
    """What goes wrong before it is known whom to send the browser back to."""
    return _page(400, "Sign-in is not possible", f'<p role="alert">{escape(problem)}</p>')


def _page(status: int, title: str, content: str) -> Reply:
    headers = (
        ("Content-Type", "text/html; charset=utf-8"),
        ("Cache-Control", "no-store"),
        ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
    )
    return Reply(status=status, headers=headers, body=_PAGE.format(title=title, content=content).encode())
