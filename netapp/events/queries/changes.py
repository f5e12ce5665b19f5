"""What is different about an event or a date, in words for those who booked."""

from dataclasses import dataclass

from netapp.events.models import Event, EventMode, EventSession
from netapp.events.plans import DatePlan
from netapp.kernel.words import span_words


@dataclass(frozen=True, slots=True)
class Change:
    """One line of what is different; ``before`` may be empty."""

    what: str
    before: str
    after: str

    def as_dict(self) -> dict[str, str]:
        return {"what": self.what, "before": self.before, "after": self.after}


def changes_of(event: Event, date: EventSession, plan: DatePlan) -> list[Change]:
    """What people who booked would want to know of, in words. The link itself is never named:
    it stands on the joining page only."""
    changes: list[Change] = []
    if (plan.starts_at, plan.ends_at) != (date.starts_at, date.ends_at):
        before = span_words(date.starts_at, date.ends_at, event.zone)
        changes.append(Change("Time", before, span_words(plan.starts_at, plan.ends_at, event.zone)))
    if event.mode is not EventMode.ONLINE and plan.place != date.place:
        none = "not said yet"
        changes.append(Change("Place", date.place or none, plan.place or none))
    if (
        event.mode is not EventMode.IN_PERSON
        and date.join_link
        and plan.join_link != date.join_link
    ):
        new = "A new one. Your joining page has it when it is time."
        gone = "None for now. Your joining page has it when it is time."
        changes.append(Change("Link to join", "", new if plan.join_link else gone))
    if plan.title != date.title:
        changes.append(
            Change("Name of the date", date.title or event.title, plan.title or event.title)
        )
    return changes


def title_change(event: Event, title: str) -> list[Change]:
    return [Change("Title", event.title, title)] if title != event.title else []
