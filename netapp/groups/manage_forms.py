"""What coordinators type about groups: the group itself, its people, roles and organisations."""

from collections.abc import Sequence
from typing import Any, Final

from wtforms import BooleanField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, ValidationError
from wtforms.widgets import TextArea

from netapp.groups.models import Group, GroupKind, Joining, ProgrammeStatus
from netapp.groups.plans import GroupPlan
from netapp.groups.queries.people import PersonRow
from netapp.groups.words import JOINING_WORDS, KIND_WORDS, ROLE_WORDS, STAGE_WORDS
from netapp.kernel.slugs import slugify
from netapp.people.addresses import canonical
from netapp.web.edits import EditForm
from netapp.web.forms import (
    AddressField,
    BaseForm,
    DayField,
    LongTextField,
    NumberField,
    TextField,
    choices_of,
)

NAME: Final = "Enter a name, like Working group on early years."
MOST_OF_A_DESCRIPTION: Final = 20_000
MOST_PEOPLE: Final = 2_000


class GroupForm(EditForm):
    name = TextField("Name", max_length=160, validators=[DataRequired(NAME)])
    slug = TextField(
        "Address of the page", max_length=90, hint="A former address leads on to the new one."
    )
    other_names = TextField("Also called", max_length=300)
    kind = RadioField(
        "Kind",
        choices=choices_of((kind.value, words) for kind, words in KIND_WORDS.items()),
        default=GroupKind.WORKING_GROUP.value,
    )
    purpose = TextField(
        "Purpose",
        max_length=300,
        hint="What it is for, in a sentence or two. Everybody reads it.",
        widget=TextArea(),
    )
    description = LongTextField(
        "Description",
        max_length=MOST_OF_A_DESCRIPTION,
        hint="Leave an empty line between paragraphs. **Two stars** make bold, - begins a list.",
    )
    joining = RadioField(
        "How people join",
        choices=choices_of((how.value, words) for how, words in JOINING_WORDS.items()),
        default=Joining.REQUEST.value,
    )
    size_limit = NumberField(
        "Most people",
        at_least=1,
        at_most=MOST_PEOPLE,
        hint="Leave it empty for no limit. A pair always has two.",
    )
    is_hidden = BooleanField("Hidden: only its people and coordinators know of it")
    parent = SelectField("Part of", validate_choice=True)
    stage = SelectField(
        "Stage of a programme",
        choices=choices_of((stage.value, words) for stage, words in STAGE_WORDS.items()),
    )
    starts_on = DayField("First day")
    ends_on = DayField("Last day")
    length = TextField("Length, in words", max_length=80, hint="For example: two terms.")
    source = TextField("Source", max_length=300, hint="Where we know this from.")

    def __init__(self, *args: Any, parents: Sequence[tuple[int, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.parent.choices = [
            SelectChoice("", "No other group"),
            *(SelectChoice(str(number), name) for number, name in parents),
        ]

    @classmethod
    def of(cls, group: Group, parents: Sequence[tuple[int, str]]) -> "GroupForm":
        """Filled with what is there."""
        plain = (
            *("name", "slug", "other_names", "purpose", "description", "size_limit", "is_hidden"),
            *("starts_on", "ends_on", "length", "source"),
        )
        form = cls(
            formdata=None,
            parents=parents,
            **{name: getattr(group, name) for name in plain},
            kind=group.kind.value,
            joining=group.joining.value,
            parent=str(group.parent_id or ""),
            stage=(group.stage or ProgrammeStatus.CALL).value,
        )
        form.stamp(group.version)
        return form

    def validate_slug(self, field: TextField) -> None:
        """An address is made of small letters, digits and hyphens; empty: of the name."""
        field.data = (field.data or "").strip("/").lower()
        if field.data and slugify(field.data) != field.data:
            raise ValidationError("Use letters, digits and hyphens, like early-years.")

    def plan(self) -> GroupPlan:
        """After ``validate``."""
        return GroupPlan(
            name=self.name.data,
            kind=GroupKind(self.kind.data),
            slug=self.slug.data,
            other_names=self.other_names.data,
            purpose=self.purpose.data,
            description=self.description.data,
            joining=Joining(self.joining.data),
            size_limit=self.size_limit.data,
            is_hidden=self.is_hidden.data,
            parent_id=int(self.parent.data) if self.parent.data else None,
            stage=ProgrammeStatus(self.stage.data),
            starts_on=self.starts_on.day,
            ends_on=self.ends_on.day,
            length=self.length.data,
            source=self.source.data,
        )


class AddForm(BaseForm):
    email = AddressField("Email address", canonical=canonical)


class RoleForm(BaseForm):
    member = SelectField("Who", validate_choice=True)
    role = SelectField(
        "Role", choices=choices_of((role.value, words) for role, words in ROLE_WORDS.items())
    )
    title = TextField("As the group calls it", max_length=80, hint="For example: co-chair.")
    starts_on = DayField(
        "First day", validators=[DataRequired("Enter the first day, like 1/9/2027.")]
    )
    ends_on = DayField("Last day", hint="Leave it empty for a term without an end.")

    def __init__(self, *args: Any, people: Sequence[PersonRow], **options: Any) -> None:
        super().__init__(*args, **options)
        self.member.choices = [SelectChoice(row.key, row.name) for row in people]


class PartnerForm(BaseForm):
    organisation = SelectField("Organisation", validate_choice=True)
    part = TextField("Their part", max_length=120, hint="In a few words, like: pilot service.")

    def __init__(
        self, *args: Any, organisations: Sequence[tuple[str, str]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.organisation.choices = [SelectChoice(slug, name) for slug, name in organisations]


class SiteForm(BaseForm):
    name = TextField(
        "Place", max_length=160, validators=[DataRequired("Enter the name of the place.")]
    )


class CopyForm(BaseForm):
    name = TextField("Name of the copy", max_length=160, validators=[DataRequired(NAME)])


class ReasonForm(BaseForm):
    reason = TextField("Why", max_length=300)
