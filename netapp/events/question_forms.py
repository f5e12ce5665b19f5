"""Shape of the input of somebody who answers the questions of an event: one field for each."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import StopValidation

from netapp.events.answers import AskedQuestion, Value
from netapp.events.models import QuestionKind
from netapp.events.operations.answers import Reply
from netapp.events.queries.booking_questions import QuestionLine
from netapp.web.forms import BaseForm, DayField, LongTextField, NumberField, TextField, choices_of

TEXT_LENGTH: Final = 200
LONG_TEXT_LENGTH: Final = 2000
AS_CARDS: Final = 8
"""More options than this are a list to choose from."""

MISSING: Final = {
    QuestionKind.CHOICE: "Choose one.",
    QuestionKind.SEVERAL: "Tick at least one.",
    QuestionKind.YES_NO: "Choose yes or no.",
    QuestionKind.NUMBER: "Enter a number, like 24.",
    QuestionKind.DATE: "Enter a day, like 21/1/2027.",
    QuestionKind.CONSENT: "Tick this if you agree. If you do not, write to us.",
}
YES_NO: Final = (("yes", "Yes"), ("no", "No"))


class AnswersForm(BaseForm):
    """Use ``answers_form``."""

    lines: tuple[QuestionLine, ...] = ()

    def field_of(self, line: QuestionLine) -> Any:
        return self[_name(line.question.key)]

    def wording_of(self, line: QuestionLine) -> Any:
        """The hidden field that says in which words it was asked."""
        return self[f"w-{line.question.key}"]

    def show_newest_words(self) -> None:
        """The words on the page are those of now, whatever was sent."""
        for line in self.lines:
            self.wording_of(line).data = str(line.question.wording_id)

    def say_missing(self, keys: Sequence[str]) -> None:
        for line in self.lines:
            if line.question.key in keys:
                words = MISSING.get(line.question.kind, "Write an answer.")
                self.field_of(line).errors = [words]

    @property
    def replies(self) -> dict[str, Reply]:
        """Of a form that is valid."""
        return {
            line.question.key: Reply(
                _value_of(line.question, self.field_of(line)),
                _number(self.wording_of(line).data),
            )
            for line in self.lines
        }


def answers_form(
    lines: Sequence[QuestionLine], *, sent: bool, earlier: Mapping[int, Value] | None = None
) -> AnswersForm:
    """For these questions; ``sent``: filled with what came with the request, else with what was
    answered, or with what they answered ``earlier``, by the id of the question in the library."""
    fields: dict[str, Any] = {}
    for line in lines:
        fields[_name(line.question.key)] = _field(line.question)
        fields[f"w-{line.question.key}"] = HiddenField()
    made = type("_AnswersForm", (AnswersForm,), fields)
    options: dict[str, Any] = {}
    if not sent:
        data = {}
        for line in lines:
            value = line.value
            if not line.is_answered:
                value = fitting(line.question, (earlier or {}).get(line.question.question_id))
            data[_name(line.question.key)] = _shown(line.question, value)
        options = {"formdata": None, "data": data}
    form: AnswersForm = made(**options)
    form.lines = tuple(lines)
    if not sent:
        form.show_newest_words()
    return form


def fitting(question: AskedQuestion, value: Value) -> Value:
    """An earlier answer, as far as it is still one: options may have gone since."""
    if question.kind is QuestionKind.CHOICE:
        return value if value in question.options else None
    if question.kind is QuestionKind.SEVERAL and isinstance(value, list):
        return [option for option in value if option in question.options] or None
    return value


def _name(key: str) -> str:
    return f"q-{key}"


def _field(question: AskedQuestion) -> Any:
    label, hint, kind = question.words, question.hint, question.kind
    if kind is QuestionKind.LONG_TEXT:
        return LongTextField(label, max_length=LONG_TEXT_LENGTH, hint=hint)
    if kind is QuestionKind.NUMBER:
        return NumberField(label, hint=hint)
    if kind is QuestionKind.DATE:
        return DayField(label, hint=hint)
    if kind is QuestionKind.CONSENT:
        return BooleanField(label, description=hint)
    if kind is QuestionKind.TEXT:
        return TextField(label, max_length=TEXT_LENGTH, hint=hint)
    options: list[tuple[str, str]] = [(each, each) for each in question.options]
    if kind is QuestionKind.YES_NO:
        options = list(YES_NO)
    known = {value for value, _ in options}
    settings: dict[str, Any] = {
        "description": hint, "validate_choice": False, "validators": [_among(known)],
    }  # fmt: skip
    if kind is QuestionKind.SEVERAL:
        return SelectMultipleField(label, choices=choices_of(options), **settings)
    if len(options) > AS_CARDS:
        return SelectField(label, choices=choices_of([("", "Choose one"), *options]), **settings)
    return RadioField(label, choices=choices_of(options), default="", **settings)


def _among(known: set[str]) -> Any:
    def check(form: Any, field: Field) -> None:
        sent = field.data if isinstance(field.data, list) else [field.data]
        if any(each and each not in known for each in sent):
            raise StopValidation("Choose from the list.")

    return check


def _shown(question: AskedQuestion, value: Value) -> Any:
    """A value as its field takes it."""
    if question.kind is QuestionKind.YES_NO:
        return {True: "yes", False: "no"}.get(bool(value)) if value is not None else ""
    if question.kind is QuestionKind.DATE:
        return date.fromisoformat(value) if isinstance(value, str) else None
    if question.kind is QuestionKind.CHOICE:
        return value or ""
    return value


def _value_of(question: AskedQuestion, field: Any) -> Value:
    data = field.data
    if question.kind is QuestionKind.YES_NO:
        return {"yes": True, "no": False}.get(data)
    if question.kind is QuestionKind.CONSENT:
        return bool(data)
    if question.kind is QuestionKind.DATE:
        return field.day.isoformat() if field.day else None
    if question.kind is QuestionKind.SEVERAL:
        return [option for option in question.options if option in (data or ())] or None
    if question.kind is QuestionKind.NUMBER:
        return int(data) if data is not None else None
    return str(data) if data else None


def _number(text: object) -> int:
    """The id of a wording; 0, which none has, for what no page of ours sent."""
    typed = str(text or "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 9 else 0
