"""What cannot be part of any address of ours is not looked up: the page does not exist."""

import re

from flask import Flask, abort, request

# NUL, which PostgreSQL refuses as text, other control characters, and lone surrogates.
_NEVER_IN_AN_ADDRESS = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def register(app: Flask) -> None:
    @app.before_request
    def refuse_impossible_addresses() -> None:
        for part in (request.view_args or {}).values():
            if isinstance(part, str) and _NEVER_IN_AN_ADDRESS.search(part):
                abort(404)
