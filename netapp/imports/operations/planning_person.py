"""What a row would do to somebody's profile, and which check it would note."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from netapp.directory.plans import LENGTHS
from netapp.imports.fields import A_CHECK
from netapp.imports.models import Keep
from netapp.imports.operations.plan import Plan
from netapp.imports.queries.holding import Held, HeldProfile
from netapp.imports.queries.lists import Lists
from netapp.kernel.words import join_words
from netapp.safeguarding.policies import due_again

THEIRS: Final = "They look after their profile themselves: {parts} is left out."
EARLIER_PROFILE: Final = "An earlier row begins their profile: {parts} is left out."
SEEN_IN_FUTURE: Final = "It was not seen yet: the day is still to come."
NEWER: Final = "A check of this kind is noted already, seen on the same day or later."
EARLIER_ROW: Final = "An earlier row has a check of this kind for them."
PART_WORDS: Final = {
    "role": "what they do",
    "pronouns": "pronouns",
    "about": "about",
    "website": "website",
    "phone": "phone",
}


def plan_profile(plan: Plan, says: Mapping[str, Any], held: Held, keep: Keep, lists: Lists) -> None:
    """What somebody has said themselves, or has left empty, is never touched."""
    said: Mapping[str, str] = says.get("profile", {})
    if not said:
        return
    there = held.profile
    if there is None:
        term = plan.does.get("membership")
        kinds = [each.kind_id for each in held.terms] + ([term["kind"]] if term else [])
        is_young = any(lists.kind_by_id(kind).is_young for kind in set(kinds) & lists.person_kinds)
        plan.does["profile"] = {"is": dict(said), "is_young": is_young}
        return
    changes = {name: new for name, new in said.items() if new != there.texts.get(name, "")}
    if there.is_theirs:
        if changes:
            plan.notes.append(THEIRS.format(parts=join_words([PART_WORDS[n] for n in changes])))
        return
    if keep is Keep.OURS:
        changes = {name: new for name, new in changes.items() if not there.texts.get(name)}
    if changes and not there.id:
        words = join_words([PART_WORDS[name] for name in changes])
        plan.notes.append(EARLIER_PROFILE.format(parts=words))
    elif changes:
        was = {name: there.texts.get(name, "") for name in LENGTHS}
        plan.does["profile_text"] = {
            "id": there.id,
            "was": was,
            "is": was | changes,
        }


def plan_check(plan: Plan, says: Mapping[str, Any], held: Held, lists: Lists, today: date) -> None:
    said = says.get("check")
    if not said:
        return
    seen_on = date.fromisoformat(said["seen_on"])
    kind = lists.checks.get(said["kind"])
    if kind is None:
        return
    if seen_on > today:
        plan.faults.append((A_CHECK, SEEN_IN_FUTURE))
        return
    number, last = held.checks.get(kind.id, (None, None))
    if number == 0 and last != seen_on:
        plan.notes.append(EARLIER_ROW)
        return
    if last and last >= seen_on:
        if last > seen_on:
            plan.notes.append(NEWER)
        return
    due_on = date.fromisoformat(said["due_on"]) if said["due_on"] else due_again(kind, seen_on)
    plan.does["check"] = {
        "kind": kind.id,
        "name": kind.name,
        "seen_on": said["seen_on"],
        "seen_by": said["seen_by"],
        "due_on": due_on and due_on.isoformat(),
        "ends": number,
    }


def held_after_person(held: Held, does: Mapping[str, Any]) -> None:
    """What we would hold of both once the row is written."""
    if profile := does.get("profile"):
        held.profile = HeldProfile(0, is_theirs=False, texts=profile["is"])
    if (text := does.get("profile_text")) and held.profile:
        there = held.profile
        held.profile = HeldProfile(there.id, there.is_theirs, text["is"])
    if check := does.get("check"):
        held.checks[check["kind"]] = (0, date.fromisoformat(check["seen_on"]))
