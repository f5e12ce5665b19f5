"""Shape of the input of those who book; whether it may be done is for operations to say."""

from typing import Any, Final

from wtforms import BooleanField, RadioField, SelectMultipleField
from wtforms.validators import DataRequired, ValidationError

from netapp.events.consent import ACCESS_NEEDS
from netapp.events.models import Mode
from netapp.people.addresses import canonical
from netapp.web.edits import VersionField
from netapp.web.forms import AddressField, BaseForm, LongTextField, TextField, choices_of

MOST_OF_NEEDS: Final = 2000
MOST_OF_A_SEARCH: Final = 100
MOST_DATES: Final = 400
NAME_LENGTH: Final = 120
TAKING_PART: Final = [(Mode.IN_PERSON.value, "In person"), (Mode.ONLINE.value, "Online")]


def mode_of(value: str | None) -> Mode | None:
    """What a field "How will you take part?" holds; None where nothing known was chosen."""
    return next((mode for mode in Mode if mode.value == value), None)


class DatesField(SelectMultipleField):
    """Keys of dates, ticked. Which of them may be booked is for the operation to say."""

    def __init__(self, label: str = "Dates", **options: Any) -> None:
        super().__init__(label, validate_choice=False, choices=[], **options)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = [str(value)[:32] for value in valuelist[:MOST_DATES]]


class DatesForm(BaseForm):
    session = DatesField()
    waits = DatesField()  # Of which the page said that they have no place.
    agreed = DatesField("What was asked and is agreed to")
    mode = RadioField(
        "How will you take part?", choices=choices_of(TAKING_PART), validate_choice=False
    )
    seen = VersionField()


class GuestForm(BaseForm):
    name = TextField(
        "Your name",
        max_length=NAME_LENGTH,
        validators=[DataRequired("Enter your name, like Sam Okoro.")],
    )
    email = AddressField("Email address", canonical=canonical)


class NeedsForm(BaseForm):
    """The one open question, with consent beside it."""

    needs = LongTextField(ACCESS_NEEDS.question, max_length=MOST_OF_NEEDS, hint=ACCESS_NEEDS.hint)
    needs_agreed = BooleanField()

    def __init__(self, *args: Any, keep_days: int, **options: Any) -> None:
        """``keep_days``: how long after the last date what they write is kept."""
        super().__init__(*args, **options)
        self.needs_agreed.label.text = ACCESS_NEEDS.agreement.format(days=keep_days)

    def validate_needs_agreed(self, field: Any) -> None:
        if self.needs.data and not field.data:
            raise ValidationError("Tick the box so that we may read what you wrote, or delete it.")


class BookForm(NeedsForm, DatesForm):
    """Booking while signed in: name and address are known."""


class GuestBookForm(BookForm, GuestForm):
    """The classes above stand in the order of the page: what is wrong is listed in it."""


class LinksForm(BaseForm):
    """The address that bookings were made with."""

    email = AddressField("Email address", canonical=canonical)


class ChangeForm(BaseForm):
    """Other dates for a booking that is there already."""

    session = DatesField()
    waits = DatesField()  # As above.
    version = VersionField()
