"""What people type about meetings: calling one, its agenda, notes and decisions."""

from collections.abc import Sequence
from typing import Any, Final

from wtforms import BooleanField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired
from wtforms.widgets import TextArea

from netapp.events.models import EventMode
from netapp.groups.queries.people import PersonRow
from netapp.kernel.text import clean
from netapp.meetings.plans import DecisionPlan, MeetingPlan
from netapp.web.edits import EditForm
from netapp.web.forms import BaseForm, DayField, LongTextField, TextField, choices_of
from netapp.web.times import TimesForm

MOST_OF_AN_ITEM: Final = 200
MOST_OF_THE_ITEMS: Final = 6_000
MOST_OF_THE_NOTES: Final = 40_000
MODES: Final = [
    (EventMode.ONLINE.value, "Online"),
    (EventMode.IN_PERSON.value, "In person"),
    (EventMode.HYBRID.value, "Both: some come, some join online"),
]


class MeetingForm(TimesForm):
    title = TextField(
        "Title", max_length=200, validators=[DataRequired("Enter a title, like Spring meeting.")]
    )
    mode = RadioField("How people take part", choices=choices_of(MODES), default="online")
    join_link = TextField(
        "Link to join", max_length=500, hint="Only who comes sees it. You can add it later."
    )
    place = TextField("Place", max_length=300, hint="Room, building and address, in one line.")
    words = TextField(
        "What it is about", max_length=300, hint="A sentence or two, for the mail.",
        widget=TextArea(),
    )  # fmt: skip
    books_all = BooleanField("Give everybody in the group a place now")

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        link = self.join_link.data or ""
        if link and not link.lower().startswith(("https://", "http://")):
            self.join_link.errors = ["Enter the whole link, beginning with https://"]
            return False
        return True

    def plan(self) -> MeetingPlan:
        """After ``validate``."""
        assert self.starts_at is not None
        assert self.ends_at is not None
        return MeetingPlan(
            title=self.title.data,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            mode=EventMode(self.mode.data),
            place=self.place.data,
            join_link=self.join_link.data,
            words=self.words.data,
            books_all=self.books_all.data,
        )


class ItemsField(LongTextField):
    """One item a line; empty lines are passed over."""

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if any(len(item) > MOST_OF_AN_ITEM for item in self.items):
            raise ValueError(f"Shorten each item to {MOST_OF_AN_ITEM} characters.")

    @property
    def items(self) -> list[str]:
        lines = (self.data or "").splitlines()
        tidy = [clean(line, max_length=MOST_OF_THE_ITEMS) for line in lines]
        return [line for line in tidy if line]


class AgendaForm(EditForm):
    items = ItemsField("Agenda", max_length=MOST_OF_THE_ITEMS, hint="One item on each line.")

    @classmethod
    def of(cls, titles: Sequence[str], version: int) -> "AgendaForm":
        """Filled with what is there."""
        form = cls(formdata=None, items="\n".join(titles))
        form.stamp(version)
        return form


class StandingForm(BaseForm):
    items = ItemsField(
        "What the group asks in each meeting",
        max_length=MOST_OF_THE_ITEMS,
        hint="One item on each line.",
    )


class NotesForm(EditForm):
    notes = LongTextField(
        "Notes",
        max_length=MOST_OF_THE_NOTES,
        hint="Leave an empty line between paragraphs. **Two stars** make bold, - begins a list.",
    )

    @classmethod
    def of(cls, notes: str, version: int) -> "NotesForm":
        """Filled with what is there."""
        form = cls(formdata=None, notes=notes)
        form.stamp(version)
        return form


class DecisionForm(BaseForm):
    words = TextField(
        "What was decided",
        max_length=500,
        validators=[DataRequired("Enter what was decided.")],
        widget=TextArea(),
    )
    owner = SelectField("Who sees to it", validate_choice=True)
    due_on = DayField("By when")

    def __init__(self, *args: Any, people: Sequence[PersonRow], **options: Any) -> None:
        super().__init__(*args, **options)
        nobody = SelectChoice("", "Nobody in particular")
        self.owner.choices = [nobody, *(SelectChoice(p.person_key, p.name) for p in people)]

    def plan(self) -> DecisionPlan:
        """After ``validate``."""
        return DecisionPlan(
            words=self.words.data, owner_key=self.owner.data or "", due_on=self.due_on.day
        )


class ReasonForm(BaseForm):
    reason = TextField("Why", max_length=300, validators=[DataRequired("Say why.")])


class OutcomeForm(BaseForm):
    outcome = TextField("What came of it", max_length=500)
