"""What templates may call by name: icons, shapes, art, addresses, the viewer, wrong fields."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask, request
from flask_login import current_user
from werkzeug.local import LocalProxy
from wtforms import Field, FieldList, Form, FormField

from netapp.web.assets import static_url
from netapp.web.display import COOKIE, Display, display_from
from netapp.web.markup import icon, shape
from netapp.web.score_art import score_art
from netapp.web.themes import THEMES, theme_of


@dataclass(frozen=True, slots=True)
class WrongField:
    """One line of the error summary: where to go, and what to do there."""

    target: str
    message: str


def register(app: Flask) -> None:
    for function in (icon, shape, score_art, static_url, theme_of, wrong_fields):
        app.add_template_global(function)
    app.jinja_env.globals.update(themes=THEMES, viewer=LocalProxy(current_viewer))
    app.context_processor(_shared)


def _shared() -> dict[str, Any]:
    return {"display": current_display()}


def current_display() -> Display:
    """The settings of the browser that asks."""
    return display_from(request.cookies.get(COOKIE) if request else None)


def current_viewer() -> Any:
    """The person who is signed in, or None. Asked when a template does: errors need no database."""
    return current_user._get_current_object() if current_user.is_authenticated else None


def wrong_fields(form: Form) -> list[WrongField]:
    """Each wrong field of a form in order, with the id of the control that puts it right."""
    whole = [WrongField("", str(message)) for message in form.form_errors]
    return whole + list(_wrong_in(form))


def _wrong_in(form: Form) -> Iterator[WrongField]:
    for field in form:
        if isinstance(field, FormField):
            yield from _wrong_in(field.form)
        elif isinstance(field, FieldList) and any(isinstance(e, FormField) for e in field.entries):
            for entry in field.entries:
                yield from _wrong_in(entry.form)
        elif field.errors:
            yield WrongField(_control_of(field), str(field.errors[0]))


def _control_of(field: Field) -> str:
    """The id to go to: the first choice of a group, else the control itself."""
    in_parts = hasattr(field, "choices") and getattr(field.widget, "prefix_label", None) is not None
    return f"{field.id}-0" if in_parts else str(field.id)
