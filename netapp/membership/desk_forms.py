"""Shape of what coordinators type about applications."""

from collections.abc import Sequence
from typing import Any, Final

from wtforms import SelectField

from netapp.people.addresses import canonical
from netapp.web.edits import VersionField
from netapp.web.forms import AddressField, BaseForm, LongTextField, TextField, choices_of

NEW: Final = "new"
WORDS_LENGTH: Final = 4000


class ApproveForm(BaseForm):
    version = VersionField()
    organisation = SelectField("Which organisation is it?", default=NEW)
    words = LongTextField("A word of welcome", max_length=WORDS_LENGTH)

    def __init__(
        self,
        *args: Any,
        organisations: Sequence[tuple[str, str]] = (),
        typed: str = "",
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        new = (NEW, f"A new one for the register: {typed}")
        self.organisation.choices = choices_of([new, *organisations])
        if not typed:
            del self.organisation


class WordsForm(BaseForm):
    """Decline and ask back."""

    version = VersionField()
    words = LongTextField("What you write to them", max_length=WORDS_LENGTH)


class NoteForm(BaseForm):
    words = LongTextField("Note for coordinators", max_length=WORDS_LENGTH)


class AskRefereeForm(BaseForm):
    name = TextField("Their name", max_length=120)
    email = AddressField("Their email address", canonical=canonical)
