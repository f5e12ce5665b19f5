"""Shape of what somebody types to join; whether they may is for operations to say."""

from collections.abc import Sequence
from typing import Any, Final

from wtforms import RadioField, SelectField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from netapp.membership.application_models import RefereeView
from netapp.membership.models import AgeBand, AskedField, Holder, MembershipKind
from netapp.membership.operations.applying import Answers
from netapp.membership.queries.kinds import asked_fields
from netapp.people.addresses import canonical
from netapp.people.models import Person
from netapp.people.operations.second_step import plain
from netapp.vocabulary.models import Term
from netapp.web.forms import AddressField, BaseForm, LongTextField, TextField, choices_of

MISSING: Final = {
    AskedField.ORGANISATION: "Enter the name of the organisation.",
    AskedField.ROLE: "Say in a few words what you do, like singing leader.",
    AskedField.AREA: "Choose where you work.",
    AskedField.AGE_BAND: "Choose your age band.",
    AskedField.REASON: "Say in a sentence or two why you want to join.",
}
NAMES: Final = {field: field.value.replace("-", "_") for field in AskedField}
BANDS: Final = (
    (AgeBand.FROM_16.value, "16 or 17"),
    (AgeBand.FROM_18.value, "18 to 20"),
    (AgeBand.FROM_21.value, "21 to 25"),
)
VIEWS: Final = (
    (RefereeView.YES.value, "Yes, I know their work and would welcome them"),
    (RefereeView.UNSURE.value, "I do not know their work well enough to say"),
    (RefereeView.NO.value, "No, I have concerns"),
)


class JoinForm(BaseForm):
    """Only what this kind asks, and of somebody who is signed in only what we do not know."""

    name = TextField(
        "Your name", max_length=120, validators=[DataRequired("Enter a name, like Sam Okoro.")]
    )
    email = AddressField("Email address", canonical=canonical)
    organisation = TextField("Organisation", max_length=160)
    role = TextField("What you do", max_length=120)
    area = SelectField("Where you work", default="")
    age_band = RadioField("Your age", choices=choices_of(BANDS), validate_choice=False)
    reason = LongTextField("Why you want to join", max_length=2000)
    order_number = TextField("Your order number", max_length=60)

    def __init__(
        self,
        *args: Any,
        kind: MembershipKind,
        areas: Sequence[Term],
        person: Person | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        pairs = ((term.slug, term.label) for term in areas)
        self.area.choices = choices_of([("", "Choose an area"), *pairs])
        asked = dict(asked_fields(kind))
        for field in AskedField:
            known = is_known(person, kind, field)
            self._keep(NAMES[field], field in asked and not known)
            if field in asked and not known and asked[field]:
                self._require(NAMES[field], MISSING[field])
        self._keep("name", person is None)
        self._keep("email", person is None)
        self._keep("order_number", kind.fee_pence > 0)

    def _keep(self, name: str, wanted: bool) -> None:
        if not wanted:
            del self[name]

    def _require(self, name: str, message: str) -> None:
        self[name].validators = [DataRequired(message)]
        self[name].flags.required = True

    def validate_age_band(self, field: Any) -> None:
        if field.data not in {value for value, _ in BANDS}:
            raise ValidationError(MISSING[AskedField.AGE_BAND])

    def answers(self, kind: MembershipKind, person: Person | None) -> Answers:
        """What was typed, and what we know of somebody who is signed in."""
        typed = {field.name: field.data or "" for field in self}
        band = typed.get("age_band")
        for_organisation = kind.holder is Holder.ORGANISATION
        known_organisation = person.organisation if person and not for_organisation else ""
        return Answers(
            organisation=typed.get("organisation") or known_organisation,
            role=typed.get("role", ""),
            area=typed.get("area") or (person.area if person else ""),
            age_band=AgeBand(band) if band else None,
            reason=typed.get("reason", ""),
            order_number=typed.get("order_number", ""),
        )


def is_known(person: Person | None, kind: MembershipKind, field: AskedField) -> bool:
    """What somebody has told us once is not asked again."""
    if person is None:
        return False
    if field is AskedField.ORGANISATION:
        return kind.holder is Holder.PERSON and bool(person.organisation)
    return field is AskedField.AREA and bool(person.area)


class JoinCodeForm(BaseForm):
    """Blanks and hyphens are let in, however they were pasted."""

    code = TextField("Six-digit code", max_length=40)

    @property
    def digits(self) -> str:
        return plain(self.code.data or "")

    def validate_code(self, field: Any) -> None:
        if not (len(self.digits) == 6 and self.digits.isascii() and self.digits.isdigit()):
            raise ValidationError("Type the six digits from the email.")


class RenewForm(BaseForm):
    age_band = RadioField("Your age", choices=choices_of(BANDS), validate_choice=False)
    order_number = TextField("Your order number", max_length=60)


class AnswerForm(BaseForm):
    words = LongTextField(
        "Your answer", max_length=4000, validators=[DataRequired("Write your answer.")]
    )


class RefereeForm(BaseForm):
    referee_name = TextField(
        "Their name", max_length=120, validators=[DataRequired("Enter their name.")]
    )
    referee_email = AddressField("Their email address", canonical=canonical)


class ReferenceForm(BaseForm):
    view = RadioField(
        "Would you welcome them as a member?",
        choices=choices_of(VIEWS),
        validators=[InputRequired("Choose one of the three answers.")],
        validate_choice=False,
    )
    words = LongTextField("Anything you want to add", max_length=4000)

    def validate_view(self, field: Any) -> None:
        if field.data not in {value for value, _ in VIEWS}:
            raise ValidationError("Choose one of the three answers.")
