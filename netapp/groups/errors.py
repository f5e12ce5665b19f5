"""What groups refuse, and what to do instead."""

from netapp.kernel.errors import DomainError


class GroupRefused(DomainError):
    """A rule of a group said no."""


class GroupFull(GroupRefused):
    message = "Every place in this group is taken. Ask who leads it whether there is a way."


class GroupClosed(GroupRefused):
    message = "This group is closed. Nobody joins it any more."


class NotOpen(GroupRefused):
    message = "This group does not let people in without asking. Ask to join it."


class ByInvitationOnly(GroupRefused):
    message = "People join this group by invitation only."


class MayNotJoin(GroupRefused):
    message = "Groups are for members of the network. Join the network first."


class AlreadyIn(GroupRefused):
    message = "They are in the group already."


class AlreadyAsked(GroupRefused):
    message = "You have asked already. Whoever leads the group has your words."


class RequestAnswered(GroupRefused):
    message = "This request has been answered, or was taken back."


class WordsMissing(GroupRefused):
    message = "Say why, in a sentence or two: they read your words."


class InvitationEnded(GroupRefused):
    message = "This invitation has been used, taken back or is too old. Ask for a new one."


class NotYourInvitation(GroupRefused):
    message = "This invitation went to another address. Sign in with the address it was sent to."


class TooManyInvitations(GroupRefused):
    message = "A group can have 200 open invitations. Take some back first."


class AddressTaken(GroupRefused):
    message = "Another group has this address, or had it once. Choose another."


class SizeBelowPeople(GroupRefused):
    message = "More people than that are in the group. Choose a larger number."


class RoleOverlaps(GroupRefused):
    message = "They have this role in these days already. End that term, or choose other days."


class DaysTurned(GroupRefused):
    message = "The last day is before the first. Change one of them."


class AlreadyPartner(GroupRefused):
    message = "This organisation is in the list already."


class OwnParent(GroupRefused):
    message = "A group cannot be part of itself, or of one of its own parts."
