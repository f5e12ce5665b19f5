"""Why something was not done: one class a reason, each with words for people."""

from collections.abc import Mapping, Sequence

from netapp.kernel.errors import DomainError


class BookingRefused(DomainError):
    """Base of every reason why a place was not given, changed or given back."""


class NotBookable(BookingRefused):
    message = "This event cannot be booked here."


class EventCancelled(BookingRefused):
    message = "This event has been cancelled."


class BookingNotOpen(BookingRefused):
    message = "Booking for this event has not opened yet."


class BookingClosed(BookingRefused):
    message = "Booking for this event has closed."


class MembersOnly(BookingRefused):
    message = "This event is for members of the network. Sign in as a member to book."


class GroupOnly(BookingRefused):
    message = "This event is for the people of its group."


class NothingChosen(BookingRefused):
    message = "Choose at least one date."


class ModeNotChosen(BookingRefused):
    message = "Choose how you will take part: in person or online."


class NoPlaceToSwapTo(BookingRefused):
    """Carries nothing: what they have stays as it is."""

    message = "There is no free place of that kind, so nothing was changed: you keep what you have."


class NoPlaceToMoveTo(BookingRefused):
    message = "The other date has no free place for you, so nothing was changed: you keep this one."


class NoPlaceToGive(BookingRefused):
    message = (
        "No place is left, not even one kept back. Under “Booking and places”, take more than the "
        "capacity or give the date more places; then do this again."
    )


class NobodyWaits(BookingRefused):
    message = "Nobody on this booking waits for a place in this date."


class DateNotBookable(BookingRefused):
    message = "One of the dates you chose can no longer be booked. Look at the dates again."


class EventFull(BookingRefused):
    message = "Every place has been taken."


class SomeDatesFull(BookingRefused):
    message = "One of the dates you chose has just become full. Look at the dates again."


class PlacesGone(BookingRefused):
    """Somebody was quicker, and nobody is put on a waiting list without knowing. ``numbers``: by
    the key of each date without a place, the number on its list that they would have."""

    message = (
        "The last place on a date you chose has just gone, so nothing was changed. Look at the"
        " dates again: you can join the waiting list."
    )

    def __init__(self, numbers: Mapping[str, int]) -> None:
        super().__init__()
        self.numbers = numbers


class EventChanged(BookingRefused):
    message = "This event changed while the page was open. Check the dates, then book again."


class TooManyBookings(BookingRefused):
    message = (
        "There were many bookings with this address or from this network in the last hour. "
        "Wait an hour and send it again, or write to us."
    )


class AlreadyBooked(BookingRefused):
    """Carries the reference of the booking they have."""

    message = "You already have a booking for this event."

    def __init__(self, reference: str) -> None:
        super().__init__()
        self.reference = reference


class PartyTooLarge(BookingRefused):
    message = "One booking cannot be for so many places here. Book fewer, or write to us."


class TooManyNamed(BookingRefused):
    message = (
        "Many people were named with this link or from this network in the last hour. "
        "Wait an hour and name the others then, or write to us."
    )


class NameMissing(BookingRefused):
    message = "Write a name beside each address."


class TooManyNames(BookingRefused):
    message = "There are more names than places. Take some names away, or book more places."


class BookingChanged(BookingRefused):
    message = "This booking changed while the page was open. Look at it again."


class BookingEnded(BookingRefused):
    message = "This booking has been cancelled."


class ChangesClosed(BookingRefused):
    message = "It is too late to change this here. Please write to us."


class NoOffer(BookingRefused):
    message = "There is no place on offer for you at the moment."


class OfferEnded(BookingRefused):
    message = "This offer has ended, and the place has been offered to the next person."


class ReasonMissing(BookingRefused):
    message = "Say why, in a few words: the person and your colleagues will read it."


class EditRefused(DomainError):
    """Base of every reason why a coordinator's change was not made."""


class WindowsNeedAnOpening(EditRefused):
    message = "First say when booking opens for everyone: these people book before that."


class OpensTooLate(EditRefused):
    message = "Choose a moment before booking opens for everyone."


class MarginsNeedReason(EditRefused):
    message = "Say why places are kept back, or why you over-book."


class NotReady(EditRefused):
    message = "This event cannot be published yet: something is missing."


class AlreadyPublished(EditRefused):
    message = "This event is published already."


class OnlyDrafts(EditRefused):
    message = "This event has been published, so it cannot be deleted. Cancel it instead."


class OnlyPublished(EditRefused):
    message = "Nobody has seen this draft, so there is nothing to cancel. Delete it instead."


class AddressTaken(EditRefused):
    message = "Another event has this address. Choose another one."


class ModeBooked(EditRefused):
    message = "People have booked, so online or in person can no longer be changed here."


class CourseBooked(EditRefused):
    message = (
        "People have booked all dates of this course together, so its dates can be moved or "
        "cancelled, but none added. Add an event of its own instead."
    )


class BookedAsFixed(EditRefused):
    message = "People have booked, so how the dates are booked can no longer be changed."


class EventOver(EditRefused):
    message = "This event is over, so there is nothing to cancel."


class DateOver(EditRefused):
    message = "This date has begun, so its time, place and link stay as they were."


class DateInThePast(EditRefused):
    message = "Choose a time that is still to come."


class DateTwice(EditRefused):
    message = (
        "There is a date with the same day, hours, name and place already. Change one of these."
    )


class DateBooked(EditRefused):
    message = "People have booked this date. Cancel it instead, so that they are told."


class DateCancelled(EditRefused):
    message = "This date has been cancelled already."


class DatePublic(EditRefused):
    message = "This date has been published. Cancel it instead, so that calendars can say so."


class LastDate(EditRefused):
    message = "This is the only date left. Cancel the whole event instead."


class TooManyDates(EditRefused):
    message = "That makes more than 200 dates. Choose an earlier last day, or fewer dates."


class NoDates(EditRefused):
    message = "This pattern has no date that could be added. Look at the days and holidays again."


class CalendarThere(EditRefused):
    message = "There is a calendar for this area already. Open that one."


class CalendarUsed(EditRefused):
    message = "Patterns of events leave these holidays out. Change those patterns first."


class HolidayTwice(EditRefused):
    message = "This holiday stands in the calendar already, with that name and first day."


class TooFewPlaces(EditRefused):
    message = (
        "More places than that are confirmed or on offer. "
        "First cancel bookings, or give more places."
    )


class InterestRefused(DomainError):
    """Base of every reason why interest was not taken."""


class BookingIsOpen(InterestRefused):
    message = "Booking is open. Book your place instead."


class NoInterestTaken(InterestRefused):
    message = "This is over or no longer planned, so there is nothing to tell us any more."


class InterestOfMembers(InterestRefused):
    message = "This event is for members of the network. Sign in as a member to tell us."


class TooMuchInterest(InterestRefused):
    message = (
        "There were many messages with this address or from this network in the last hour. "
        "Wait an hour and send it again, or write to us."
    )


class InterestLinkEnded(InterestRefused):
    message = "This link has been used already, or it is too old."


class IdeaOver(EditRefused):
    message = "This idea has been closed or has become an event already. Look at it again."


class NothingToDecide(EditRefused):
    message = "This event has no minimum number of people, or it is over, so nothing is to decide."


class AlreadyDecided(EditRefused):
    message = "It has been decided already that this runs."


class NotDecided(EditRefused):
    message = "It has not been decided yet that this runs."


class QuestionsRefused(DomainError):
    """Base of every reason why answers were not kept."""


class QuestionsClosed(QuestionsRefused):
    message = "These questions can no longer be answered here. Please write to us."


class QuestionsChanged(QuestionsRefused):
    message = (
        "The questions changed while the page was open, so nothing is kept yet. Look at them "
        "again; what you wrote is still there."
    )


class AnswersMissing(QuestionsRefused):
    """``keys``: of the questions of the event that want an answer."""

    message = "Some questions need an answer."

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__()
        self.keys = tuple(keys)


class QuestionTaken(EditRefused):
    message = "This event asks that already."


class QuestionRetired(EditRefused):
    message = "This question is retired. Bring it back in the library first."


class QuestionDecides(EditRefused):
    message = "Another question is asked only after this one. Change that one first."


class ConditionNotBefore(EditRefused):
    message = "A question can only hang on one that comes before it, and is asked no later."


class OptionDecides(EditRefused):
    """``words``: the option that cannot go."""

    def __init__(self, option: str, titles: Sequence[str]) -> None:
        super().__init__()
        where = ", ".join(titles)
        self.words = (
            f"Keep the option “{option}”: in {where} another question is asked only after it."
        )

    def __str__(self) -> str:
        return self.words


class AnswerMissing(DomainError):
    message = "Write why it is not possible. The person gets your words by email."
