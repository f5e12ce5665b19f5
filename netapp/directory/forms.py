"""Shape of the input of a profile; whether somebody may choose it is for the operation to say."""

from typing import Any, Final

from wtforms import BooleanField, SelectField, SelectMultipleField
from wtforms.validators import DataRequired, ValidationError

from netapp.directory.fields import FIELD_WORDS, TERM_KINDS, ProfileField, Visibility
from netapp.directory.plans import (
    LENGTHS,
    NO_PHONE,
    NO_WEBSITE,
    ProfilePlan,
    is_phone,
    website_of,
)
from netapp.directory.policies import narrower
from netapp.directory.queries.own import Own
from netapp.web.edits import EditForm
from netapp.web.forms import BaseForm, LongTextField, TextField, choices_of

MESSAGE_LENGTH: Final = 4000

VISIBILITY_WORDS: Final = {
    Visibility.NOBODY: "Nobody but me",
    Visibility.MEMBERS: "Members",
    Visibility.EVERYONE: "Everyone",
}
RULE_CHOICES: Final = {
    Visibility.NOBODY: "Nobody sees it",
    Visibility.MEMBERS: "Members, never public",
    Visibility.EVERYONE: "Each person chooses",
}
ENTRY_WORDS: Final = {
    Visibility.NOBODY: "No, I am not in the directory",
    Visibility.MEMBERS: "Yes, for members",
    Visibility.EVERYONE: "Yes, and with a public page",
}


def _who_sees(field: ProfileField) -> SelectField:
    return SelectField(f"Who sees {FIELD_WORDS[field]}")


def _list(label: str) -> SelectMultipleField:
    return SelectMultipleField(label, default=())


class ProfileForm(EditForm):
    """Made from what is kept: what is locked for this person cannot be chosen, so it is not in the
    form at all."""

    see_entry = SelectField("Do you want to be in the directory?")
    role = TextField("What you do", max_length=LENGTHS["role"])
    see_role = _who_sees(ProfileField.ROLE)
    pronouns = TextField("Your pronouns", max_length=LENGTHS["pronouns"])
    see_pronouns = _who_sees(ProfileField.PRONOUNS)
    about = LongTextField("About you and your work", max_length=LENGTHS["about"])
    see_about = _who_sees(ProfileField.ABOUT)
    see_organisations = _who_sees(ProfileField.ORGANISATIONS)
    needs = _list("Needs you work with")
    see_needs = _who_sees(ProfileField.NEEDS)
    settings = _list("Settings you work in")
    see_settings = _who_sees(ProfileField.SETTINGS)
    genres = _list("Genres")
    see_genres = _who_sees(ProfileField.GENRES)
    approaches = _list("Approaches")
    see_approaches = _who_sees(ProfileField.APPROACHES)
    skills = _list("Skills you can share")
    see_skills = _who_sees(ProfileField.SKILLS)
    languages = _list("Languages you work in")
    see_languages = _who_sees(ProfileField.LANGUAGES)
    areas = _list("Areas you cover")
    see_areas = _who_sees(ProfileField.AREAS)
    website = TextField("Website", max_length=LENGTHS["website"])
    see_website = _who_sees(ProfileField.WEBSITE)
    phone = TextField("Phone", max_length=LENGTHS["phone"])
    see_phone = _who_sees(ProfileField.PHONE)
    takes_messages = BooleanField("Members may write to me through the network")

    def __init__(self, *args: Any, own: Own, **options: Any) -> None:
        super().__init__(*args, **options)
        for field, terms in own.lists.items():
            self[field.value].choices = choices_of((term.slug, term.label) for term in terms)
        for field in ProfileField:
            if own.most[field] is Visibility.NOBODY:
                del self[f"see_{field.value}"]
                continue
            words = ENTRY_WORDS if field is ProfileField.ENTRY else VISIBILITY_WORDS
            offered = ((each.value, words[each]) for each in own.options(field))
            self[f"see_{field.value}"].choices = choices_of(offered)

    @classmethod
    def of(cls, own: Own) -> "ProfileForm":
        """As it is kept."""
        kept = own.profile
        values: dict[str, Any] = {
            f"see_{field.value}": narrower(choice, own.most[field]).value
            for field, choice in own.choices.items()
        }
        for field, terms in own.lists.items():
            values[field.value] = [term.slug for term in terms if term.slug in own.terms]
        for name in ("role", "pronouns", "about", "website", "phone"):
            values[name] = getattr(kept, name) if kept else ""
        values["takes_messages"] = kept.takes_messages if kept else not own.is_young
        form = cls(formdata=None, own=own, **values)
        form.stamp(kept.version if kept else 0)
        return form

    def validate_website(self, field: TextField) -> None:
        if not field.data:
            return
        address = website_of(field.data)
        if address is None:
            raise ValidationError(NO_WEBSITE)
        field.data = address

    def validate_phone(self, field: TextField) -> None:
        if field.data and not is_phone(field.data):
            raise ValidationError(NO_PHONE)

    @property
    def plan(self) -> ProfilePlan:
        """Once it is valid."""
        chosen = [self[field.value].data or () for field in TERM_KINDS]
        return ProfilePlan(
            role=self.role.data or "",
            pronouns=self.pronouns.data or "",
            about=self.about.data or "",
            website=self.website.data or "",
            phone=self.phone.data or "",
            takes_messages=bool(self.takes_messages.data),
            terms=frozenset(slug for slugs in chosen for slug in slugs),
            choices={
                field: Visibility(self[f"see_{field.value}"].data)
                for field in ProfileField
                if f"see_{field.value}" in self
            },
        )


class MessageForm(BaseForm):
    text = LongTextField(
        "Your message",
        max_length=MESSAGE_LENGTH,
        validators=[DataRequired("Write something before you send it.")],
    )


class ReportForm(BaseForm):
    reason = LongTextField(
        "What is wrong with it",
        max_length=500,
        validators=[DataRequired("Say in a few words what is wrong.")],
    )


class RuleForm(BaseForm):
    """What nobody sees more of, of everybody."""

    most = SelectField(
        "The most that can be chosen",
        choices=choices_of((each.value, RULE_CHOICES[each]) for each in Visibility),
    )
    reason = TextField("Why, in words for members", max_length=300)

    def validate_reason(self, field: TextField) -> None:
        if self.most.data != Visibility.EVERYONE.value and not field.data:
            raise ValidationError("Say why: members read it in their profile.")


class LockForm(BaseForm):
    reason = TextField(
        "Why, in words for them",
        max_length=300,
        validators=[DataRequired("Say why: they read it in their profile and by email.")],
    )


class CloseReportForm(BaseForm):
    outcome = TextField(
        "What you decided",
        max_length=300,
        validators=[DataRequired("Say what you decided.")],
    )
    stops_sender = BooleanField("Stop messages of this sender")
