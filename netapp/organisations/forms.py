"""What is typed about organisations, on the desk and by people about themselves."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from wtforms import RadioField, SelectField
from wtforms.validators import DataRequired, Optional, ValidationError

from netapp.organisations.areas import read_areas, written
from netapp.organisations.models import LegalForm, NameKind, Organisation
from netapp.organisations.operations.editing import Details
from netapp.organisations.queries.one import LEGAL_FORM_WORDS, NAME_KIND_WORDS
from netapp.people.addresses import canonical
from netapp.vocabulary.models import Term, TermKind
from netapp.web.edits import VersionField
from netapp.web.forms import (
    AddressField,
    BaseForm,
    DayField,
    LongTextField,
    TextField,
    choices_of,
)

NAME_LENGTH = 160
ROLE_LENGTH = 120
UNKNOWN = ("", "Not known")
NAME_KINDS = [(kind.value, words) for kind, words in NAME_KIND_WORDS.items()]
MISTAKE = "mistake"
OLD_NAME_CHOICES = [
    (NameKind.FORMER.value, "It was called that before"),
    (NameKind.ALIAS.value, "It is called that too"),
    (MISTAKE, "It was never called that"),
]

Terms = Mapping[TermKind, Sequence[Term]]


class OrganisationForm(BaseForm):
    """``terms`` are all there are, kind by kind."""

    version = VersionField()
    name = TextField(
        "Name",
        max_length=NAME_LENGTH,
        validators=[DataRequired("Enter the name, like Bury Music.")],
    )
    type = SelectField("What it is", default="")
    legal_form = SelectField("Legal form", default="")
    areas = LongTextField("Areas served", max_length=4000)
    office_area = TextField("Where its office is", max_length=160)
    website = TextField("Website", max_length=300)
    description = LongTextField("What it does", max_length=2000)
    source = TextField("Where we know this from", max_length=300)

    def __init__(self, *args: Any, terms: Terms, **options: Any) -> None:
        super().__init__(*args, **options)
        self.type.choices = choices_of([UNKNOWN, *_pairs(terms, TermKind.ORGANISATION_TYPE)])
        self.legal_form.choices = choices_of(
            [UNKNOWN, *((form.value, words) for form, words in LEGAL_FORM_WORDS.items())]
        )
        self.terms = terms
        self.served: tuple[str, ...] = ()
        self.office = ""

    @property
    def known_areas(self) -> list[str]:
        """For the browser to offer while somebody types."""
        kinds = (TermKind.AREA, TermKind.LOCAL_AUTHORITY)
        return [label for kind in kinds for _, label in _pairs(self.terms, kind)]

    def validate_areas(self, field: TextField) -> None:
        self.served = _understood(field.data or "", self.terms)

    def validate_office_area(self, field: TextField) -> None:
        found = _understood(field.data or "", self.terms)
        if len(found) > 1:
            raise ValidationError("That is more than one council now. Write the one it is in.")
        self.office = found[0] if found else ""

    def validate_website(self, field: TextField) -> None:
        text = field.data or ""
        if text and "://" not in text:
            field.data = text = f"https://{text}"
        try:
            parts = urlsplit(text)
            known = parts.scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:
            known = False
        if text and (not known or " " in text or "." not in text):
            raise ValidationError("Enter the address of a website, like www.example.org.")

    @property
    def details(self) -> Details:
        form = self.legal_form.data
        return Details(
            name=self.name.data or "",
            type=self.type.data or "",
            legal_form=LegalForm(form) if form else None,
            website=self.website.data or "",
            description=self.description.data or "",
            office_area=self.office,
            areas=self.served,
            source=self.source.data or "",
        )


class EditOrganisationForm(OrganisationForm):
    old_name = RadioField(
        "If you change the name: the old one",
        choices=choices_of(OLD_NAME_CHOICES),
        default=NameKind.FORMER.value,
        validators=[Optional()],
    )

    @classmethod
    def of(cls, one: Organisation, terms: Terms) -> "EditOrganisationForm":
        """From an organisation with type, office area and areas loaded."""
        return cls(
            formdata=None,
            terms=terms,
            version=str(one.version),
            name=one.name,
            type=one.type.slug if one.type else "",
            legal_form=one.legal_form.value if one.legal_form else "",
            areas=written(one.areas),
            office_area=one.office_area.label if one.office_area else "",
            website=one.website,
            description=one.description,
            source=one.source,
        )

    @property
    def old_name_kind(self) -> NameKind | None:
        chosen = self.old_name.data or NameKind.FORMER.value
        return None if chosen == MISTAKE else NameKind(chosen)


class NameForm(BaseForm):
    name = TextField(
        "Another name",
        id="other-name",
        max_length=NAME_LENGTH,
        validators=[DataRequired("Enter the name.")],
    )
    kind = SelectField("What kind of name", choices=choices_of(NAME_KINDS))


class ConfirmForm(BaseForm):
    on = DayField("On which day", validators=[DataRequired("Enter the day, like 21/1/2027.")])
    source = TextField("Who or what says so", id="confirm-source", max_length=300)


class AffiliationForm(BaseForm):
    role = TextField("What you do there", max_length=ROLE_LENGTH)
    starts_on = DayField("Since", hint="If you know the day.")


class RoleForm(BaseForm):
    role = TextField("What you do there", max_length=ROLE_LENGTH)


class LeaveForm(BaseForm):
    on = DayField("Last day there", validators=[DataRequired("Enter the day, like 21/1/2027.")])

    @classmethod
    def until(cls, today: date) -> "LeaveForm":
        return cls(formdata=None, on=today)


class OwnWordsForm(BaseForm):
    organisation = TextField("Where you work, in your own words", max_length=120)


class ColleagueForm(BaseForm):
    """Somebody of an organisation, as a coordinator notes them."""

    name = TextField(
        "Name", max_length=120, validators=[DataRequired("Enter a name, like Sam Okoro.")]
    )
    email = AddressField("Email address", canonical=canonical)
    role = TextField("What they do there", max_length=ROLE_LENGTH)


def _understood(text: str, terms: Terms) -> tuple[str, ...]:
    found = read_areas(text, terms)
    if not found.unknown:
        return found.slugs
    wrong = " ".join(
        f"“{name}” is no council, region or nation we know."
        + (f" Did you mean {close}?" if close else "")
        for name, close in found.unknown[:5]
    )
    raise ValidationError(wrong)


def _pairs(terms: Terms, kind: TermKind) -> list[tuple[str, str]]:
    return [(term.slug, term.label) for term in terms.get(kind, ())]
