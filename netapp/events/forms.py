"""Shape of the input of those who book; whether it may be done is for operations to say."""

from typing import Any, Final

from wtforms import BooleanField, RadioField, SelectMultipleField
from wtforms.validators import DataRequired, ValidationError

from netapp.events.consent import ACCESS_NEEDS, HINT, QUESTION, SHARING
from netapp.events.models import Mode, RequestKind
from netapp.events.plans import Telling
from netapp.events.queries.asking import REQUEST_WORDS
from netapp.events.queries.needs import MyNeeds
from netapp.people.access import FOODS, Told, told_of
from netapp.people.addresses import canonical
from netapp.people.models import ProfileKind
from netapp.web.edits import VersionField
from netapp.web.forms import AddressField, BaseForm, LongTextField, TextField, choices_of

MOST_OF_NEEDS: Final = 2000
MOST_ABOUT_FOOD: Final = 300
MOST_OF_A_SEARCH: Final = 100
MOST_DATES: Final = 400
NAME_LENGTH: Final = 120
REQUESTS: Final = [(kind.value, words) for kind, words in REQUEST_WORDS.items()]
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


class TicksField(SelectMultipleField):
    """Several of a few things; what the page does not offer is left out."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, validate_choice=False, **options)
        self.hint = ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        offered = [choice.value for choice in self.choices or ()]
        self.data = [value for value in offered if value in valuelist]


class DatesForm(BaseForm):
    session = DatesField()
    waits = DatesField()  # Of which the page said that they have no place.
    agreed = DatesField("Dates with something else at that time, which they want all the same")
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
    """What they share of their profile, what they ask the event to arrange, and what they write
    for it alone. To share and to ask is each one tick, which nobody sets for them, below the words
    of ``consent.WHO_READS``; what they write has a tick of its own."""

    share_access = BooleanField(SHARING.tick.format(what="access needs"))
    share_food = BooleanField(SHARING.tick.format(what="dietary needs"))
    ask = TicksField("Ask this event to arrange", choices=choices_of(REQUESTS))
    needs = LongTextField(QUESTION, max_length=MOST_OF_NEEDS, hint=HINT)
    food = TicksField("What do you eat?", choices=choices_of(FOODS))
    food_text = TextField("Anything else about food", max_length=MOST_ABOUT_FOOD)
    needs_agreed = BooleanField(ACCESS_NEEDS.tick)

    def validate_needs_agreed(self, field: Any) -> None:
        if (self.needs.data or self.told_food) and not field.data:
            raise ValidationError("Tick the box so that we may read what you wrote, or delete it.")

    @property
    def told_food(self) -> Told:
        return told_of(ProfileKind.FOOD, self.food.data or (), self.food_text.data or "")

    @property
    def asks(self) -> frozenset[RequestKind]:
        ticked = set(self.ask.data or ())
        return frozenset(kind for kind in RequestKind if kind.value in ticked)

    @property
    def telling(self) -> Telling:
        """Of a form that is valid."""
        return Telling(
            needs=self.needs.data or "",
            food=self.told_food,
            asks=self.asks,
            shares_access=bool(self.share_access.data),
            shares_food=bool(self.share_food.data),
        )

    @classmethod
    def of(cls, told: MyNeeds) -> "NeedsForm":
        """Filled with what they told before."""
        return cls(
            formdata=None,
            needs=told.needs,
            food=list(told.food.ticks),
            food_text=told.food.text,
            ask=[line.kind for line in told.requests],
            share_access=told.shares_access,
            share_food=told.shares_food,
        )


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
