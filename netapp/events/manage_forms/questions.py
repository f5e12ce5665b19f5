"""Forms of questions: their words in the library, and how one event asks them."""

from collections.abc import Sequence
from typing import Any, Final

from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import DataRequired

from netapp.events.answers import WITH_OPTIONS, AskedQuestion
from netapp.events.manage_words import QUESTION_KINDS
from netapp.events.models import QuestionKind
from netapp.events.operations.event_questions import deciding_values, is_earlier
from netapp.events.queries.manage_answers import only_after
from netapp.events.queries.question_library import LibraryRow
from netapp.events.question_plans import AskPlan, NewQuestion, WordingPlan
from netapp.web.edits import EditForm
from netapp.web.forms import BaseForm, LongTextField, NumberField, TextField, choices_of

MOST_OPTIONS: Final = 40
OPTION_LENGTH: Final = 200
MOST_DAYS: Final = 400
CONDITION_APART: Final = "="


class WordingForm(EditForm):
    """Of a question whose kind is known: ``kind`` says whether it has options."""

    words = TextField(
        "The question, as people read it",
        max_length=500,
        validators=[DataRequired("Write the question, like Which instrument do you bring?")],
    )
    hint = TextField(
        "A word of help", max_length=500, hint="Stands below the question, in smaller letters."
    )
    options = LongTextField("The answers to choose from", max_length=5000, hint="One on each line.")

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if self.asked_kind in WITH_OPTIONS:
            self.options.errors = _wrong_options(self.lines)
        return not self.options.errors

    @property
    def asked_kind(self) -> QuestionKind:
        raise NotImplementedError

    @property
    def lines(self) -> tuple[str, ...]:
        """The options, each once."""
        typed = [" ".join(line.split()) for line in (self.options.data or "").splitlines()]
        return tuple(dict.fromkeys(line for line in typed if line))

    @property
    def wording(self) -> WordingPlan:
        """After ``validate``."""
        options = self.lines if self.asked_kind in WITH_OPTIONS else ()
        return WordingPlan(self.words.data or "", self.hint.data or "", options)


class EditQuestionForm(WordingForm):
    def __init__(self, *args: Any, kind: QuestionKind, **options: Any) -> None:
        super().__init__(*args, **options)
        self._kind = kind

    @property
    def asked_kind(self) -> QuestionKind:
        return self._kind

    @classmethod
    def of(cls, question: LibraryRow) -> "EditQuestionForm":
        """Filled with what is there."""
        form = cls(
            formdata=None,
            kind=question.kind,
            words=question.words,
            hint=question.hint,
            options="\n".join(question.options),
        )
        form.stamp(question.version)
        return form


class NewQuestionForm(WordingForm):
    kind = RadioField(
        "How it is answered", choices=choices_of(QUESTION_KINDS), default=QuestionKind.TEXT.value
    )

    @property
    def asked_kind(self) -> QuestionKind:
        return QuestionKind(self.kind.data)

    @property
    def plan(self) -> NewQuestion:
        """After ``validate``."""
        return NewQuestion(self.asked_kind, self.wording)


class AskForm(EditForm):
    """When one event asks a question, and whom. ``before``: the questions that come before it."""

    required = BooleanField("It must be answered")
    ask_from_days = NumberField(
        "Asked from, in days before somebody’s first date",
        at_most=MOST_DAYS,
        hint="Empty: at once after booking. Ask no sooner than people can know the answer.",
    )
    needed_by_days = NumberField(
        "Needed, in days before the first date",
        at_most=MOST_DAYS,
        hint="They can answer and change it until the end of that day. Empty: until it begins.",
    )
    only_if = SelectField("Whom it is for", validate_choice=False)

    def __init__(self, *args: Any, before: Sequence[AskedQuestion], **options: Any) -> None:
        super().__init__(*args, **options)
        self.before = [each for each in before if not each.is_ended]
        self.only_if.choices = choices_of(
            [
                ("", "Everybody"),
                *(
                    (_condition(each, value), only_after(each, value))
                    for each in self.before
                    for value in deciding_values(each)
                ),
            ]
        )

    @classmethod
    def of(cls, question: AskedQuestion, before: Sequence[AskedQuestion]) -> "AskForm":
        """Filled with what is there."""
        source = next((each for each in before if each.id == question.only_if_id), None)
        form = cls(
            formdata=None,
            before=before,
            required=question.required,
            ask_from_days=question.ask_from_days,
            needed_by_days=question.needed_by_days or None,
            only_if=_condition(source, question.only_if_value) if source else "",
        )
        form.stamp(1)
        return form

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        days, needed = self.ask_from_days.data, self.needed_by_days.data or 0
        if days is not None and days < needed:
            self.ask_from_days.errors = ["Ask before the answer is needed, or on the same day."]
            return False
        chosen = str(self.only_if.data or "")
        source = next((each for each in self.before if each.key == self._source), None)
        if chosen and (source is None or self._value not in deciding_values(source)):
            self.only_if.errors = ["Choose from the list."]
            return False
        if source is not None and is_earlier(days, source.ask_from_days):
            asked = source.ask_from_days
            self.ask_from_days.errors = [
                f"“{source.words}” is asked {asked} days before: ask this no earlier."
            ]
            return False
        return True

    @property
    def plan(self) -> AskPlan:
        """After ``validate``."""
        return AskPlan(
            required=bool(self.required.data),
            ask_from_days=self.ask_from_days.data,
            needed_by_days=self.needed_by_days.data or 0,
            only_if=self._source,
            only_if_value=self._value,
        )

    @property
    def _source(self) -> str:
        return str(self.only_if.data or "").partition(CONDITION_APART)[0]

    @property
    def _value(self) -> str:
        return str(self.only_if.data or "").partition(CONDITION_APART)[2]


class TakeForm(BaseForm):
    """Choose a question of the library."""

    question = SelectField("A question of the library", validate_choice=False)

    def __init__(self, *args: Any, rows: Sequence[LibraryRow], **options: Any) -> None:
        super().__init__(*args, **options)
        self.question.choices = choices_of((row.key, row.words) for row in rows)


def _condition(question: AskedQuestion, value: str) -> str:
    return f"{question.key}{CONDITION_APART}{value}"


def _wrong_options(lines: Sequence[str]) -> list[str]:
    if len(lines) < 2:
        return ["Write at least two answers, one on each line."]
    if len(lines) > MOST_OPTIONS:
        return [f"Write {MOST_OPTIONS} answers at most. There are {len(lines)}."]
    if any(len(line) > OPTION_LENGTH for line in lines):
        return [f"Shorten each answer to {OPTION_LENGTH} characters."]
    return []
