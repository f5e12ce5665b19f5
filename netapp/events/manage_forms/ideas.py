"""Forms of ideas: their words, and what kind of event one becomes."""

from typing import Any, Final

from wtforms import RadioField, SelectMultipleField
from wtforms.validators import DataRequired
from wtforms.widgets import TextArea

from netapp.events.manage_words import EVENT_KINDS, MODES
from netapp.events.models import EventKind, EventMode
from netapp.vocabulary.models import Term, TermKind
from netapp.web.edits import EditForm, VersionField
from netapp.web.forms import BaseForm, TextField, choices_of

TITLE: Final = "Enter a title, like Songwriting in hospital schools."
WORDS: Final = "Say in a sentence or two what it would be."


class IdeaForm(EditForm):
    title = TextField("Title", max_length=200, validators=[DataRequired(TITLE)])
    words = TextField(
        "What it would be",
        max_length=300,
        hint="One or two sentences. Everybody reads them.",
        widget=TextArea(),
        validators=[DataRequired(WORDS)],
    )
    circumstances = SelectMultipleField("Circumstances it speaks of", validate_choice=False)
    settings = SelectMultipleField("Settings", validate_choice=False)
    categories = SelectMultipleField("Youth Music categories", validate_choice=False)

    def __init__(self, *args: Any, terms: dict[TermKind, list[Term]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.terms = terms
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
        cls,
        *,
        title: str,
        words: str,
        version: int,
        terms: dict[TermKind, list[Term]],
        term_ids: frozenset[int],
    ) -> "IdeaForm":
        """Filled with what is there."""

        def ticked(kind: TermKind) -> list[str]:
            return [term.slug for term in terms.get(kind, []) if term.id in term_ids]

        form = cls(
            formdata=None,
            terms=terms,
            title=title,
            words=words,
            circumstances=ticked(TermKind.CIRCUMSTANCE),
            settings=ticked(TermKind.SETTING),
            categories=ticked(TermKind.YOUTH_MUSIC_CATEGORY),
        )
        form.stamp(version)
        return form

    @property
    def term_ids(self) -> frozenset[int]:
        """After ``validate``."""
        ids = {term.slug: term.id for terms in self.terms.values() for term in terms}
        ticked = [slug for _, field in self.term_fields() for slug in field.data or ()]
        return frozenset(ids[slug] for slug in ticked if slug in ids)


class MakeEventForm(BaseForm):
    """The two things an idea does not say, as a new event asks them."""

    version = VersionField()
    kind = RadioField(
        "What is it?", choices=choices_of(EVENT_KINDS), default=EventKind.TRAINING.value
    )
    mode = RadioField(
        "How do people take part?", choices=choices_of(MODES), default=EventMode.ONLINE.value
    )
