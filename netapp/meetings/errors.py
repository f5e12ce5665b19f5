"""What meetings refuse, and what to do instead."""

from netapp.kernel.errors import DomainError


class MeetingRefused(DomainError):
    """A rule of meetings said no."""


class AlreadyCirculated(MeetingRefused):
    message = "The notes of this meeting were sent to the group already."


class NothingToCirculate(MeetingRefused):
    message = "Write the notes first: there is nothing to send yet."


class NotYetMet(MeetingRefused):
    message = "The meeting has not begun. Notes go out once it has."


class PastMeeting(MeetingRefused):
    message = "That time is over. Choose a day to come."


class PlaceMissing(MeetingRefused):
    message = "Say where the meeting is."


class EachChooses(MeetingRefused):
    message = "Where some come and some join online, each says which: let them book."


class DecisionClosed(MeetingRefused):
    message = "This decision is marked as done or changed already."


class NotTheirs(MeetingRefused):
    message = "The owner of a decision must be in the group."


class OutcomeMissing(MeetingRefused):
    message = "Say what it was changed to, in a sentence."
