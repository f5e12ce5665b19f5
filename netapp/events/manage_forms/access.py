"""What access an event offers, and whom to ask."""

from typing import Any

from wtforms import BooleanField
from wtforms.validators import InputRequired, ValidationError

from netapp.events.access_facts import BY_SLUG, KINDS, MOST_OF_A_TEXT, UNCHECKED
from netapp.events.models import Event
from netapp.events.plans import AccessAnswers
from netapp.kernel.words import join_words
from netapp.people.addresses import canonical
from netapp.people.errors import NotAnAddress
from netapp.web.edits import EditForm
from netapp.web.forms import NumberField, TextField

MOST_ASK_DAYS = 180


class AccessFormBase(EditForm):
    contact_name = TextField("Name", max_length=120)
    contact_email = TextField("Email address", max_length=254)
    ask_days = NumberField(
        "Days before a date",
        at_most=MOST_ASK_DAYS,
        validators=[InputRequired("Say how many days before.")],
        hint="Interpreters are often booked three weeks ahead. The event page names the day.",
    )

    def validate_contact_email(self, field: TextField) -> None:
        """It becomes the Reply-To of mails, so it is kept in the form that these can hold."""
        if field.data:
            try:
                field.data = canonical(field.data)
            except NotAnAddress as refused:
                raise ValidationError(str(refused)) from refused

    def validate(self, extra_validators: Any = None) -> bool:
        """Nobody has checked, or somebody knows something: never both."""
        if not super().validate(extra_validators):
            return False
        known = [kind.label for kind, has, _ in self.facts() if has.data and kind.slug != UNCHECKED]
        unchecked = self[f"text_{UNCHECKED}"]
        if known and self[f"has_{UNCHECKED}"].data:
            unchecked.errors = [
                f"You have ticked {join_words(known)}, so something is known. "
                "Untick this, or those."
            ]
            return False
        return True

    def facts(self) -> list[tuple[Any, Any, Any]]:
        """(kind, its tick, its text), in order."""
        return [(kind, self[f"has_{kind.slug}"], self[f"text_{kind.slug}"]) for kind in KINDS]

    def plan(self) -> AccessAnswers:
        return AccessAnswers(
            facts=tuple((k.slug, text.data or "") for k, has, text in self.facts() if has.data),
            contact_name=self.contact_name.data or None,
            contact_email=self.contact_email.data or None,
            ask_days=int(self.ask_days.data or 0),
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
        ask_days=event.ask_days,
        **{f"has_{slug}": slug in kept for slug in BY_SLUG},
        **{f"text_{slug}": kept.get(slug, "") for slug in BY_SLUG},
    )
    form.stamp(event.version)
    return form
