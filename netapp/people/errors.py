"""Why somebody may not do what they asked for, in words for them."""

from netapp.kernel.errors import DomainError


class NotAnAddress(DomainError):
    message = "Enter an email address, like name@example.org."

    def __init__(self, message: str = "") -> None:
        super().__init__(message or type(self).message)

    def __str__(self) -> str:
        return str(self.args[0])


class PasswordRefused(DomainError):
    """``reason`` says what to do instead."""

    message = "Choose another password."

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


class SignInRefused(DomainError):
    """Base of every reason why somebody was not signed in."""


class WrongPassword(SignInRefused):
    message = "That address and password do not match. Try again, or have a code emailed to you."


class TooManyTries(SignInRefused):
    message = (
        "There were too many wrong passwords. Wait 15 minutes, or have a code emailed to you now."
    )


class TooManyMails(SignInRefused):
    message = "We have sent several emails to that address. Use the newest, or wait an hour."


class WrongCode(SignInRefused):
    message = "That is not the code. Check the newest email from us and type its six digits."


class CodeEnded(SignInRefused):
    message = "That code has ended. Have a new one emailed to you."


class LinkEnded(DomainError):
    message = "This link has been used already, or is too old."


class CurrentPasswordWrong(DomainError):
    message = "That is not your current password. Type it again."


class SignInTooOld(DomainError):
    message = "You signed in a while ago. Sign in again, then set the password."


class AddressTaken(DomainError):
    message = "Somebody with that address is already here."


class SameAddress(DomainError):
    message = "That is the address they have already."


class LastCoordinator(DomainError):
    message = "This is the last coordinator. Make somebody else a coordinator first."


class NoAccount(DomainError):
    message = "This person has no account yet. Send an invitation first."


class AccountDisabled(DomainError):
    message = "This account is locked. Unlock it first."


class RegistrationClosed(DomainError):
    message = "Accounts are made by the coordinators. Write to them and ask for one."


class WrongSecondFactor(SignInRefused):
    message = (
        "That is not the code. Codes change every 30 seconds and work once: wait for the next one."
    )


class TooManySecondTries(SignInRefused):
    message = "There were too many wrong codes. Wait 15 minutes, then try again."


class SecondStepEnded(SignInRefused):
    message = "That took longer than ten minutes. Sign in again."


class PasskeyRefused(SignInRefused):
    message = "That passkey did not work here. Try again, or use another way."


class NothingToConfirm(DomainError):
    message = "Begin again: there is no app that waits for its first code."


class SecondFactorNeeded(DomainError):
    message = "Whoever works at the desk needs one. Add another first, then remove this."


class ReasonMissing(DomainError):
    message = "Say why. The reason is kept in the activity log."


class SamePerson(DomainError):
    message = "That is one person already."


class MergedAlready(DomainError):
    message = "One of the two was merged meanwhile. Look for them again."


class AccountMustStay(DomainError):
    message = (
        "Only the one who goes has an account. Choose the other way round, so that they can go on "
        "signing in."
    )


class ClosedForGood(DomainError):
    message = "This account is closed for good: nothing is left of it that could be changed."


class CannotUndo(DomainError):
    message = "It was undone already, or it is too long ago."


class MergedOnward(DomainError):
    message = "Whoever stayed was merged into somebody since. Take that apart first."


class ChangedSince(DomainError):
    message = "It was changed again since then, so it stays as it is now."
