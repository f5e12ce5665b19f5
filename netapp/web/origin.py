"""Unsafe requests come from our own pages, or not at all; beside the token of each form."""

from urllib.parse import urlsplit

from flask import Flask, abort, request

SAFE = {"GET", "HEAD", "OPTIONS"}


def register(app: Flask) -> None:
    @app.before_request
    def refuse_foreign_forms() -> None:
        if request.method in SAFE:
            return
        site = request.headers.get("Sec-Fetch-Site")
        if site and site not in {"same-origin", "none"}:
            abort(403)
        origin = request.headers.get("Origin")
        if origin and urlsplit(origin).netloc != request.host:
            abort(403)
