"""The form base and its fields: every text passes the gate of kernel/text.py before it is kept."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from typing import Any, Final

from flask import g
from flask_wtf import FlaskForm
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from wtforms import Field, IntegerField, PasswordField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from netapp.kernel.errors import DomainError
from netapp.kernel.text import TooLong, clean
from netapp.web.once import key_field

MAX_INTEGER = 100_000
TOKENS_LATER: Final = "tokens_later"
"""Set in ``g`` while a page is made that is kept for many: see web/kept_pages.py."""


def form_token(*, once: bool = True) -> Markup:
    """Hidden fields of a form that posts: the CSRF token and, unless it is harmless when
    repeated (``once=False``), the one-time key."""
    if g.get(TOKENS_LATER):
        kind = "once" if once else "plain"
        return Markup("\x00form-token-{}\x00").format(kind)
    token = Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())
    return token + key_field() if once else token


class BaseForm(FlaskForm):
    """Errors are in ``form.errors`` by field name; the token is checked before the view runs."""

    class Meta(FlaskForm.Meta):
        csrf = False  # Checked for the whole application: see extensions.csrf.


class TextField(StringField):
    """One line of text. What was typed stays in the field when it is refused."""

    multiline = False

    def __init__(self, label: str, *, max_length: int, hint: str = "", **options: Any) -> None:
        super().__init__(label, **options)
        self.max_length = max_length
        self.hint = hint
        self._too_long = False

    def process_formdata(self, valuelist: list[Any]) -> None:
        raw = str(valuelist[0]) if valuelist else ""
        try:
            self.data = clean(raw, max_length=self.max_length, multiline=self.multiline)
        except TooLong:
            self.data, self._too_long = raw, True

    def pre_validate(self, form: Any) -> None:
        if self._too_long:
            raise StopValidation(
                f"Shorten this to {self.max_length:,} characters. It has {len(self.data or ''):,}."
            )


class LongTextField(TextField, TextAreaField):
    multiline = True


class AddressField(TextField):
    """An email address. ``canonical`` gives it its one spelling, kept in ``address``, or raises a
    ``DomainError`` that says how to put it right."""

    def __init__(self, label: str, *, canonical: Callable[[str], str], **options: Any) -> None:
        super().__init__(label, max_length=300, **options)
        self.canonical = canonical
        self.address = ""

    def pre_validate(self, form: Any) -> None:
        try:
            self.address = self.canonical(self.data or "")
        except DomainError as refused:
            raise StopValidation(str(refused)) from refused


class SecretField(PasswordField):
    """A password: any characters, never shown again, never trimmed."""

    def __init__(self, label: str, *, hint: str = "", **options: Any) -> None:
        super().__init__(label, **options)
        self.hint = hint

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = str(valuelist[0]) if valuelist else ""


class NumberField(IntegerField):
    """A whole number within a range; an empty field is None."""

    def __init__(
        self,
        label: str,
        *,
        at_least: int = 0,
        at_most: int = MAX_INTEGER,
        hint: str = "",
        **options: Any,
    ) -> None:
        super().__init__(label, **options)
        self.at_least, self.at_most, self.hint = at_least, at_most, hint
        self.raw_text = ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.raw_text = str(valuelist[0]).strip()[:20] if valuelist else ""
        self.data = None
        if not self.raw_text:
            return
        digits = self.raw_text.replace(",", "")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 9):
            raise ValueError("Enter a whole number, like 24.")
        self.data = int(digits)

    def pre_validate(self, form: Any) -> None:
        if self.data is not None and not self.at_least <= self.data <= self.at_most:
            raise StopValidation(f"Enter a number from {self.at_least:,} to {self.at_most:,}.")

    def _value(self) -> str:
        return self.raw_text or ("" if self.data is None else str(self.data))


class DayField(StringField):
    """A day, from ``<input type=date>`` (2021-01-21) or typed as 21/1/2021."""

    def __init__(self, label: str, *, hint: str = "", **options: Any) -> None:
        super().__init__(label, **options)
        self.hint = hint
        self.day: date | None = None

    def process_data(self, value: Any) -> None:
        self.day = value if isinstance(value, date) else None
        self.data = value.isoformat() if isinstance(value, date) else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = str(valuelist[0]).strip()[:20] if valuelist else ""
        self.day = None
        if not self.data:
            return
        for form in ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"):
            try:
                parsed = datetime.strptime(self.data, form).date()
            except ValueError:
                continue
            if 2000 <= parsed.year <= 2100:
                self.day = parsed
                return
        raise ValueError("Enter a day, like 21/1/2027.")


class ClockField(StringField):
    """A time of day, from ``<input type=time>`` (17:30) or typed as 5:30pm."""

    def __init__(self, label: str, *, hint: str = "", **options: Any) -> None:
        super().__init__(label, **options)
        self.hint = hint
        self.time: time | None = None

    def process_data(self, value: Any) -> None:
        self.time = value if isinstance(value, time) else None
        self.data = f"{value:%H:%M}" if isinstance(value, time) else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = str(valuelist[0]).strip()[:20] if valuelist else ""
        self.time = None
        if not self.data:
            return
        text = self.data.lower().replace(" ", "").replace(".", ":")
        for form in ("%H:%M", "%H:%M:%S", "%I:%M%p", "%I%p"):
            try:
                self.time = datetime.strptime(text, form).time()
            except ValueError:
                continue
            return
        raise ValueError("Enter a time, like 2pm or 17:30.")


def choices_of(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """(value, words) pairs as a field wants them."""
    return [SelectChoice(value, words) for value, words in pairs]


def first_error(field: Field) -> str:
    return str(field.errors[0]) if field.errors else ""
