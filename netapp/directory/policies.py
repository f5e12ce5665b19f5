"""Who sees what of a profile: the one place that says it, for every page, search and count."""

from collections.abc import Mapping, Set

from netapp.directory.fields import Audience, ProfileField, Visibility

Rules = Mapping[ProfileField, Visibility]
"""What may be seen at most, for the whole network; a part that is missing has no rule."""


def most_visible(
    field: ProfileField, *, rules: Rules, locked: Set[ProfileField], is_young: bool
) -> Visibility:
    """The most that can be chosen for this part. Young members (16 to 25) are never public."""
    if field in locked:
        return Visibility.NOBODY
    most = rules.get(field, Visibility.EVERYONE)
    return narrower(most, Visibility.MEMBERS) if is_young else most


def seen_fields(
    choices: Mapping[ProfileField, Visibility],
    *,
    rules: Rules,
    locked: Set[ProfileField],
    is_young: bool,
    audience: Audience,
) -> frozenset[ProfileField]:
    """The parts that this audience sees; none at all where the entry itself is not for it."""

    def is_seen(field: ProfileField) -> bool:
        most = most_visible(field, rules=rules, locked=locked, is_young=is_young)
        return narrower(choices[field], most).reach >= audience.needs.reach

    if not is_seen(ProfileField.ENTRY):
        return frozenset()
    return frozenset(field for field in ProfileField if is_seen(field))


def narrower(one: Visibility, other: Visibility) -> Visibility:
    return min(one, other, key=lambda visibility: visibility.reach)
