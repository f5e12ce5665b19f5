"""How a place came to an end, as its owner reads it."""

from dataclasses import dataclass

from netapp.events.models import EndReason, Place


@dataclass(frozen=True, slots=True)
class Ending:
    """``badge`` says in a few words what became of the place; ``words`` what else there is to say.

    ``by_network``: it was not their own doing, so it must be seen. ``waited``: they had no place.
    """

    badge: str
    words: str = ""
    by_network: bool = False
    waited: bool = False


def ending_of(place: Place, cancel_reason: str = "") -> Ending | None:
    """None while the place is live. ``cancel_reason`` is why the date was cancelled, if it was."""
    if place.end_reason is None:
        return None
    waited = place.confirmed_at is None
    if place.end_reason is EndReason.SESSION_CANCELLED:
        return Ending("Cancelled by the network", cancel_reason, by_network=True, waited=waited)
    if place.end_reason is EndReason.BY_COORDINATOR:
        badge = "Taken off the waiting list" if waited else "Cancelled by a coordinator"
        by_whom = "A coordinator did this." if waited else ""
        return Ending(badge, by_whom, by_network=True, waited=waited)
    if place.end_reason is EndReason.BY_PERSON:
        return Ending("You left the waiting list" if waited else "Cancelled by you", waited=waited)
    return _OTHERS[place.end_reason]


_OTHERS = {
    EndReason.MOVED: Ending("Moved to another date"),
    EndReason.NOT_NAMED: Ending(
        "Given to others", "Nobody was named for this place in time.", by_network=True
    ),
    EndReason.OFFER_REFUSED: Ending("You did not take the place", waited=True),
    EndReason.OFFER_ENDED: Ending("The offer ended", "It was not answered in time.", waited=True),
    EndReason.SESSION_STARTED: Ending(
        "No place came free", "You were on the waiting list.", waited=True
    ),
}
