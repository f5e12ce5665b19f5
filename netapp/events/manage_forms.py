"""Forms of an event as a whole: new, copied, its words, how it is booked, its access."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired, ValidationError
from wtforms.widgets import TextArea

from netapp.events.access_facts import BY_SLUG, KINDS, MOST_OF_A_TEXT
from netapp.events.manage_times_forms import TimesForm, WhichField, moment_of
from netapp.events.manage_words import (
    ARTS,
    AUDIENCES,
    BOOKED_AS,
    EVENT_KINDS,
    HOURS,
    MODES,
    NOT_RECORDED,
)
from netapp.events.models import Art, Audience, BookedAs, Event, EventKind, Mode, Theme
from netapp.events.plans import AccessAnswers, BookingRules, DatePlan, Details, NewEvent
from netapp.kernel.slugs import slugify
from netapp.kernel.zones import to_local
from netapp.people.addresses import canonical
from netapp.people.errors import NotAnAddress
from netapp.people.models import Person
from netapp.vocabulary.models import Term, TermKind
from netapp.web.edits import EditForm
from netapp.web.forms import (
    BaseForm,
    ClockField,
    DayField,
    LongTextField,
    NumberField,
    TextField,
    choices_of,
)
from netapp.web.themes import THEMES

TITLE: Final = "Enter a title, like Working With Chaos."
MOST_OF_A_DESCRIPTION: Final = 20_000


class NewEventForm(TimesForm):
    """The few things a draft begins with."""

    title = TextField("Title", max_length=200, validators=[DataRequired(TITLE)])
    kind = RadioField(
        "What is it?", choices=choices_of(EVENT_KINDS), default=EventKind.TRAINING.value
    )
    mode = RadioField(
        "How do people take part?", choices=choices_of(MODES), default=Mode.ONLINE.value
    )
    capacity = NumberField("Places", hint="Leave it empty for no limit.")

    def plan(self) -> NewEvent:
        assert self.starts_at is not None
        assert self.ends_at is not None
        return NewEvent(
            title=self.title.data,
            kind=EventKind(self.kind.data),
            mode=Mode(self.mode.data),
            first=DatePlan(starts_at=self.starts_at, ends_at=self.ends_at),
            capacity=self.capacity.data,
        )


class CopyForm(BaseForm):
    """Which title the copy has, and on which day it begins."""

    title = TextField("Title", max_length=200, validators=[DataRequired(TITLE)])
    day = DayField("First day", validators=[DataRequired("Enter a day, like 21/1/2027.")])
    which = WhichField("Which time do you mean?")


class DetailsForm(EditForm):
    title = TextField("Title", max_length=200, validators=[DataRequired(TITLE)])
    slug = TextField(
        "Address of the page", max_length=90, hint="A former address leads on to the new one."
    )
    summary = TextField(
        "Summary", max_length=300, hint="One or two sentences, for lists.", widget=TextArea()
    )
    description = LongTextField(
        "Description",
        max_length=MOST_OF_A_DESCRIPTION,
        hint="Leave an empty line between paragraphs. **Two stars** make bold, - begins a list.",
    )
    kind = RadioField("Kind", choices=choices_of(EVENT_KINDS))
    mode = RadioField("How people take part", choices=[])
    audience = RadioField("Who may book", choices=choices_of(AUDIENCES))
    theme = RadioField(
        "Theme", choices=choices_of([("", "No theme"), *((t.slug, t.label) for t in THEMES)])
    )
    hosts = TextField("Hosts", max_length=200)
    partners = TextField("Partners", max_length=300)
    who_for = TextField("Who it is for", max_length=300, widget=TextArea())
    cost = TextField("What it costs, in words", max_length=200, hint="For example: Free.")
    circumstances = SelectMultipleField("Circumstances it speaks of", validate_choice=False)
    settings = SelectMultipleField("Settings", validate_choice=False)
    categories = SelectMultipleField("Youth Music categories", validate_choice=False)
    art = RadioField("Drawn art", choices=choices_of(ARTS))

    def __init__(
        self,
        *args: Any,
        terms: dict[TermKind, list[Term]],
        is_record: bool = False,
        **options: Any,
    ) -> None:
        """``is_record``: from the archive, where nobody may have written down how it was."""
        super().__init__(*args, **options)
        self.terms = terms
        self.mode.choices = choices_of([*MODES, NOT_RECORDED] if is_record else MODES)
        for kind, field in self.term_fields():
            field.choices = choices_of((term.slug, term.label) for term in terms.get(kind, []))

    def term_fields(self) -> list[tuple[TermKind, SelectMultipleField]]:
        return [
            (TermKind.CIRCUMSTANCE, self.circumstances),
            (TermKind.SETTING, self.settings),
            (TermKind.YOUTH_MUSIC_CATEGORY, self.categories),
        ]

    @classmethod
    def of(
        cls, event: Event, terms: dict[TermKind, list[Term]], term_ids: frozenset[int]
    ) -> "DetailsForm":
        """Filled with what is there."""

        def ticked(kind: TermKind) -> list[str]:
            return [term.slug for term in terms.get(kind, []) if term.id in term_ids]

        form = cls(
            formdata=None,
            terms=terms,
            is_record=event.is_record,
            **{
                name: getattr(event, name)
                for name in (
                    "title", "slug", "summary", "description", "hosts", "partners", "who_for",
                    "cost",
                )
            },
            kind=event.kind.value,
            mode=event.mode.value if event.mode else "",
            audience=event.audience.value,
            theme=event.theme.value if event.theme else "",
            art=event.art.value,
            circumstances=ticked(TermKind.CIRCUMSTANCE),
            settings=ticked(TermKind.SETTING),
            categories=ticked(TermKind.YOUTH_MUSIC_CATEGORY),
        )  # fmt: skip
        form.stamp(event.version)
        return form

    def validate_slug(self, field: TextField) -> None:
        """An address is made of small letters, digits and hyphens."""
        field.data = (field.data or "").strip("/").lower() or slugify(self.title.data or "")
        if slugify(field.data) != field.data:
            raise ValidationError("Use letters, digits and hyphens, like working-with-chaos.")

    def plan(self) -> Details:
        """After ``validate``."""
        ids = {t.slug: t.id for terms in self.terms.values() for t in terms}
        ticked = [slug for _, field in self.term_fields() for slug in field.data or ()]
        return Details(
            title=self.title.data,
            slug=self.slug.data,
            summary=self.summary.data or None,
            description=self.description.data or None,
            kind=EventKind(self.kind.data),
            mode=Mode(self.mode.data) if self.mode.data else None,
            audience=Audience(self.audience.data),
            theme=Theme(self.theme.data) if self.theme.data else None,
            art=Art(self.art.data),
            hosts=self.hosts.data or None,
            partners=self.partners.data or None,
            who_for=self.who_for.data or None,
            cost=self.cost.data or None,
            term_ids=frozenset(ids[slug] for slug in ticked if slug in ids),
        )


class RulesForm(EditForm):
    """How an event is booked."""

    booked_as = RadioField("What does a booking take?", choices=choices_of(BOOKED_AS))
    opens_day = DayField("Day")
    opens_time = ClockField("Time")
    closes_day = DayField("Day")
    closes_time = ClockField("Time")
    change_until_hours = NumberField(
        "Hours before the start until which people can change or cancel by themselves",
        at_most=24 * 60,
        hint="0: until it starts.",
        validators=[InputRequired("Enter a number of hours, or 0.")],
    )
    has_waiting_list = BooleanField("Keep a waiting list when a date is full")
    offer_hours = NumberField(
        "Hours for which a place on offer is held",
        at_least=1,
        at_most=336,
        hint="9pm to 8am do not count. Most events take 24.",
        validators=[InputRequired("Enter a number of hours, like 24.")],
    )
    reminder_hour = SelectField("Reminder, on the day before, at", choices=choices_of(HOURS))
    organiser = SelectField("Who is told when people change or cancel")

    def __init__(self, *args: Any, zone: str, coordinators: Sequence[Person], **options: Any):
        super().__init__(*args, **options)
        self.zone = zone
        self.coordinators = coordinators
        people = ((person.key, person.name) for person in coordinators)
        self.organiser.choices = choices_of([("", "Nobody"), *people])
        self.opens_at: datetime | None = None
        self.closes_at: datetime | None = None

    @classmethod
    def of(cls, event: Event, coordinators: Sequence[Person]) -> "RulesForm":
        keys = {person.id: person.key for person in coordinators}
        form = cls(
            formdata=None,
            zone=event.zone,
            coordinators=coordinators,
            booked_as=event.booked_as.value,
            **_day_and_time("opens", event.booking_opens_at, event.zone),
            **_day_and_time("closes", event.booking_closes_at, event.zone),
            change_until_hours=event.change_until_hours,
            has_waiting_list=event.has_waiting_list,
            offer_hours=event.offer_hours,
            reminder_hour=str(event.reminder_hour),
            organiser=keys.get(event.organiser_id or 0, ""),
        )
        form.stamp(event.version)
        return form

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        self.opens_at = self._moment(self.opens_day, self.opens_time)
        self.closes_at = self._moment(self.closes_day, self.closes_time)
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            self.closes_day.errors = ["Booking closes before it opens. Change one of the two."]
        return not self.errors

    def plan(self) -> BookingRules:
        """After ``validate``."""
        ids = {person.key: person.id for person in self.coordinators}
        return BookingRules(
            booked_as=BookedAs(self.booked_as.data),
            booking_opens_at=self.opens_at,
            booking_closes_at=self.closes_at,
            change_until_hours=self.change_until_hours.data or 0,
            has_waiting_list=self.has_waiting_list.data,
            offer_hours=self.offer_hours.data or 24,
            reminder_hour=int(self.reminder_hour.data),
            organiser_id=ids.get(self.organiser.data),
        )

    def _moment(self, day: DayField, clock: ClockField) -> datetime | None:
        """In the doubled hour of an autumn night the first is meant."""
        if day.day is None and clock.time is None:
            return None
        if day.day is None:
            day.errors = ["Enter the day, too."]
        elif clock.time is None:
            clock.errors = ["Enter the time, too, like 9am."]
        else:
            local = datetime.combine(day.day, clock.time)
            return moment_of(local, self.zone, which=None, blame=clock)
        return None


class AccessFormBase(EditForm):
    contact_name = TextField("Name", max_length=120)
    contact_email = TextField("Email address", max_length=254)

    def validate_contact_email(self, field: TextField) -> None:
        """It becomes the Reply-To of mails, so it is kept in the form that these can hold."""
        if field.data:
            try:
                field.data = canonical(field.data)
            except NotAnAddress as refused:
                raise ValidationError(str(refused)) from refused

    def facts(self) -> list[tuple[Any, Any, Any]]:
        """(kind, its tick, its text), in order."""
        return [(kind, self[f"has_{kind.slug}"], self[f"text_{kind.slug}"]) for kind in KINDS]

    def plan(self) -> AccessAnswers:
        return AccessAnswers(
            facts=tuple((k.slug, text.data or "") for k, has, text in self.facts() if has.data),
            contact_name=self.contact_name.data or None,
            contact_email=self.contact_email.data or None,
        )


def _access_fields() -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for kind in KINDS:
        fields[f"has_{kind.slug}"] = BooleanField(kind.ask)
        fields[f"text_{kind.slug}"] = TextField(f"{kind.ask}: details", max_length=MOST_OF_A_TEXT)
    return fields


AccessForm: Any = type("AccessForm", (AccessFormBase,), _access_fields())


def access_form_of(event: Event) -> Any:
    """Filled with what is there."""
    kept = {str(fact["kind"]): str(fact.get("text") or "") for fact in event.access_facts}
    form = AccessForm(
        formdata=None,
        contact_name=event.access_contact_name,
        contact_email=event.access_contact_email,
        **{f"has_{slug}": slug in kept for slug in BY_SLUG},
        **{f"text_{slug}": kept.get(slug, "") for slug in BY_SLUG},
    )
    form.stamp(event.version)
    return form


def _day_and_time(name: str, moment: datetime | None, zone: str) -> dict[str, Any]:
    local = to_local(moment, zone) if moment else None
    day: date | None = local.date() if local else None
    return {f"{name}_day": day, f"{name}_time": local.time() if local else None}
