"""What every answer says to the browser."""

from flask import Flask, Response, request

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)


DEFAULTS = (
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
)
HTTPS_ONLY = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")


def register(app: Flask) -> None:
    secure = app.config["PREFERRED_URL_SCHEME"] == "https"
    defaults = (*DEFAULTS, HTTPS_ONLY) if secure else DEFAULTS

    @app.after_request
    def add_headers(response: Response) -> Response:
        headers = response.headers
        sent = {name.lower() for name, _ in headers}  # Asked once: each look goes through all.
        headers.extend([pair for pair in defaults if pair[0].lower() not in sent])
        if "cache-control" not in sent:
            headers["Cache-Control"] = "no-store"
        elif request.endpoint == "static" and "v" in request.args:
            headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
