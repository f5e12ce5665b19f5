"""Shape of what somebody keeps about access and food, for all events."""

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField
from wtforms.validators import ValidationError

from netapp.events.consent import QUESTION
from netapp.events.forms import MOST_ABOUT_FOOD, MOST_OF_NEEDS, TicksField
from netapp.people.access import CONSENT, FOODS, HELPS, Kept, Told, told_of
from netapp.people.models import ProfileKind
from netapp.web.edits import VersionField
from netapp.web.forms import BaseForm, LongTextField, TextField, choices_of


class AccessProfileForm(BaseForm):
    """Each kind has its version: one may be changed while the other stays as it is."""

    helps = TicksField(QUESTION, choices=choices_of(HELPS))
    text = LongTextField("Anything else that helps", max_length=MOST_OF_NEEDS)
    food = TicksField("What do you eat?", choices=choices_of(FOODS))
    food_text = TextField("Anything else about food", max_length=MOST_ABOUT_FOOD)
    agreed = BooleanField(CONSENT)
    access_version = VersionField()
    food_version = VersionField()

    def validate_agreed(self, field: Any) -> None:
        if any(self.told.values()) and not field.data:
            raise ValidationError(
                "Tick the box so that we may keep this, or delete what you wrote."
            )

    @property
    def told(self) -> dict[ProfileKind, Told]:
        access = told_of(ProfileKind.ACCESS, self.helps.data or (), self.text.data or "")
        food = told_of(ProfileKind.FOOD, self.food.data or (), self.food_text.data or "")
        return {ProfileKind.ACCESS: access, ProfileKind.FOOD: food}

    @property
    def seen_versions(self) -> dict[ProfileKind, int]:
        return {
            ProfileKind.ACCESS: self.access_version.number,
            ProfileKind.FOOD: self.food_version.number,
        }

    def stamp(self, kept: Mapping[ProfileKind, Kept]) -> None:
        """What they see now is what they change."""
        for kind, field in (
            (ProfileKind.ACCESS, self.access_version),
            (ProfileKind.FOOD, self.food_version),
        ):
            field.data = str(kept[kind].version if kind in kept else 0)

    @classmethod
    def of(cls, kept: Mapping[ProfileKind, Kept]) -> "AccessProfileForm":
        access = kept[ProfileKind.ACCESS].told if ProfileKind.ACCESS in kept else Told()
        food = kept[ProfileKind.FOOD].told if ProfileKind.FOOD in kept else Told()
        form = cls(
            formdata=None,
            helps=list(access.ticks),
            text=access.text,
            food=list(food.ticks),
            food_text=food.text,
        )
        form.stamp(kept)
        return form
