"""How large a request may be: small everywhere, but where a page takes a file."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from flask import Flask, Request, current_app

View = TypeVar("View", bound=Callable[..., Any])

LARGEST_FILE: Final = 8 * 1024 * 1024
"""Bytes; the web server takes no body beyond it."""

AROUND_A_FILE: Final = 64 * 1024
"""Bytes for the other fields of the form and what stands between them."""


def takes_file(size: int) -> Callable[[View], View]:
    """The form of this view may carry a file of so many bytes. Stand above the policy."""

    assert size <= LARGEST_FILE

    def mark(view: View) -> View:
        view.__takes_file__ = size  # type: ignore[attr-defined]
        return view

    return mark


class RoomyRequest(Request):
    """Asks the view, before anything of the body is read, how large it may be."""

    @property
    def max_content_length(self) -> int | None:
        view = current_app.view_functions.get(self.endpoint or "") if current_app else None
        size = getattr(view, "__takes_file__", None)
        return size + AROUND_A_FILE if size else super().max_content_length

    @max_content_length.setter
    def max_content_length(self, value: int | None) -> None:
        Request.max_content_length.fset(self, value)  # type: ignore[attr-defined]


def register(app: Flask) -> None:
    app.request_class = RoomyRequest
