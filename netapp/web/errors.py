"""What went wrong, in words, with a way on. Never a trace, a path or a version."""

import logging

from flask import Flask, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException

from netapp.extensions import db
from netapp.kernel.db import DatabaseBusy
from netapp.kernel.errors import DomainError, NotFound

log = logging.getLogger(__name__)
RETRY_AFTER = "20"
API = "/api/"
FOR_PROGRAMS = {
    400: "this cannot be understood",
    404: "there is nothing at this address",
    405: "only GET and HEAD can be used here",
    429: "too many requests, come again later",
    500: "something went wrong on our side",
    503: "not available now, come again in a minute",
}


def register(app: Flask) -> None:
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(NotFound, lambda error: _page(404))
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(DatabaseBusy, _outage)
    app.register_error_handler(OperationalError, _outage)
    app.register_error_handler(NoConnectionFree, _outage)
    app.register_error_handler(Exception, _crash)


def _page(status: int, message: str = "") -> ResponseReturnValue:
    """Plain text where the page itself cannot be made, e.g. without a database; for programs data
    of the shape that docs/api.md promises."""
    db.session.rollback()
    if request.path.startswith(API):
        return _data(status, message)
    try:
        body = render_template("site/error.html", status=status, message=message)
    except Exception:
        log.exception("the page for status %s could not be made", status)
        body = "Something went wrong. Please try again in a minute."
    response = make_response(body, status)
    if status in {429, 503}:
        response.headers["Retry-After"] = RETRY_AFTER
    return response


def _data(status: int, message: str) -> ResponseReturnValue:
    response = jsonify(error=message or FOR_PROGRAMS.get(status, FOR_PROGRAMS[500]))
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    response.headers["Access-Control-Allow-Origin"] = (
        "*"  # Else a page of another site sees nothing.
    )
    if status in {429, 503}:
        response.headers["Retry-After"] = RETRY_AFTER
    return response


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or error.code is None or error.code < 400:
        return error
    answer = _page(error.code)
    if error.code == 405:
        make_response(answer).headers["Allow"] = ", ".join(
            getattr(error, "valid_methods", []) or []
        )
    return answer


def _csrf(error: CSRFError) -> ResponseReturnValue:
    return _page(400, "The form was open for too long, or cookies are off. Go back and send again.")


def _refused(error: DomainError) -> ResponseReturnValue:
    return _page(409, error.message)


def _outage(error: Exception) -> ResponseReturnValue:
    log.warning("database not available: %s", type(error).__name__)
    return _page(503)


def _crash(error: Exception) -> ResponseReturnValue:
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return _outage(error)
    log.exception("unexpected error at %s", request.endpoint)
    return _page(500)
