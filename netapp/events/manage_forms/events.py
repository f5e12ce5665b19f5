"""Forms of an event as a whole: new, copied, its words."""

from typing import Any, Final

from wtforms import RadioField, SelectMultipleField
from wtforms.validators import DataRequired, ValidationError
from wtforms.widgets import TextArea

from netapp.events.manage_words import (
    ARTS,
    AUDIENCES,
    EVENT_KINDS,
    MODES,
    NOT_RECORDED,
    OF_A_GROUP,
)
from netapp.events.models import Art, Audience, Event, EventKind, EventMode, Theme
from netapp.events.plans import DatePlan, Details, NewEvent
from netapp.kernel.slugs import slugify
from netapp.vocabulary.models import Term, TermKind
from netapp.web.edits import EditForm
from netapp.web.forms import (
    BaseForm,
    DayField,
    LongTextField,
    NumberField,
    TextField,
    choices_of,
)
from netapp.web.themes import THEMES
from netapp.web.times import TimesForm, WhichField

TITLE: Final = "Enter a title, like Working With Chaos."
MOST_OF_A_DESCRIPTION: Final = 20_000


class NewEventForm(TimesForm):
    """The few things a draft begins with."""

    title = TextField("Title", max_length=200, validators=[DataRequired(TITLE)])
    kind = RadioField(
        "What is it?", choices=choices_of(EVENT_KINDS), default=EventKind.TRAINING.value
    )
    mode = RadioField(
        "How do people take part?", choices=choices_of(MODES), default=EventMode.ONLINE.value
    )
    capacity = NumberField("Places", hint="Leave it empty for no limit.")
    online_capacity = NumberField(
        "Places online", hint="Where some come and some join online. Empty: no limit."
    )

    def plan(self) -> NewEvent:
        """Whoever writes the places of an event online beside "Places online" means these."""
        assert self.starts_at is not None
        assert self.ends_at is not None
        mode, capacity = EventMode(self.mode.data), self.capacity.data
        if mode is EventMode.ONLINE and capacity is None:
            capacity = self.online_capacity.data
        return NewEvent(
            title=self.title.data,
            kind=EventKind(self.kind.data),
            mode=mode,
            first=DatePlan(starts_at=self.starts_at, ends_at=self.ends_at),
            capacity=capacity,
            online_capacity=self.online_capacity.data,
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
    audience = RadioField("Who may book", choices=[])
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
        of_group: bool = False,
        **options: Any,
    ) -> None:
        """``is_record``: from the archive, where nobody may have written down how it was.
        ``of_group``: it belongs to a group."""
        super().__init__(*args, **options)
        self.terms = terms
        self.mode.choices = choices_of([*MODES, NOT_RECORDED] if is_record else MODES)
        self.audience.choices = choices_of([*AUDIENCES, OF_A_GROUP] if of_group else AUDIENCES)
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
            of_group=event.group_id is not None,
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
            mode=EventMode(self.mode.data) if self.mode.data else None,
            audience=Audience(self.audience.data),
            theme=Theme(self.theme.data) if self.theme.data else None,
            art=Art(self.art.data),
            hosts=self.hosts.data or None,
            partners=self.partners.data or None,
            who_for=self.who_for.data or None,
            cost=self.cost.data or None,
            term_ids=frozenset(ids[slug] for slug in ticked if slug in ids),
        )
