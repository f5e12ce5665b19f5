"""What the cells of a row say for somebody's profile."""

from collections.abc import Callable, Mapping

from netapp.directory.plans import LENGTHS, NO_PHONE, NO_WEBSITE, is_phone, website_of
from netapp.imports.fields import PROFILE, Field
from netapp.imports.queries.said import Said


def say_profile(said: Said, text: Mapping[Field, str], column: Callable[[Field], str]) -> None:
    """The same rules as in the form that people fill in themselves."""
    found: dict[str, str] = {}
    for each, name in PROFILE.items():
        written = text.get(each, "")
        if not written:
            continue
        if written.startswith("="):
            words = f"“{written[:40]}” is a formula. Write what it should say."
            said.fault(column(each), words)
        elif len(written) > LENGTHS[name]:
            words = f"Shorten this to {LENGTHS[name]} characters. It has {len(written)}."
            said.fault(column(each), words)
        elif each is Field.PHONE and not is_phone(written):
            said.fault(column(each), f"“{written[:40]}” is not a phone number. {NO_PHONE}")
        elif each is Field.WEBSITE:
            address = website_of(written)
            if address is None:
                said.fault(column(each), f"“{written[:40]}” is no website. {NO_WEBSITE}")
            else:
                found[name] = address
        else:
            found[name] = written
    if found:
        said.says["profile"] = found
