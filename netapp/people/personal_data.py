"""What is kept about people so that they can be known, and sign in."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, or_, select

from netapp.kernel.db import DbSession
from netapp.kernel.personal_data import About, Agreed, Clear, DataClass, Delete, Holding, Shared
from netapp.people import access
from netapp.people.addresses import CLOSED_HOST
from netapp.people.apart_models import ToldApart
from netapp.people.consent_models import PastConsent
from netapp.people.models import (
    AccessProfile,
    AddressChange,
    Authenticator,
    OneTimeLink,
    Passkey,
    PasskeyChallenge,
    Person,
    ProfileKind,
    RecoveryCode,
    RoleGrant,
    SecondStep,
    SignIn,
    SignInCode,
)

TECHNICAL, ACTIVITY, BELONGING = DataClass.TECHNICAL, DataClass.ACTIVITY, DataClass.BELONGING
IDENTITY, CONTACT, CREDENTIAL = DataClass.IDENTITY, DataClass.CONTACT, DataClass.CREDENTIAL

FORMER_NAME: Final = "Somebody who closed their account"

TO_SIGN_IN: Final = "So that you, and nobody else, can sign in."
UNTIL_CLOSED: Final = "Until you close your account."


def _same_address(column: Any, person: int) -> ColumnElement[bool]:
    theirs: ColumnElement[bool] = column.in_(select(Person.email).where(Person.id == person))
    return theirs


def _profile(session: DbSession, row: AccessProfile) -> Mapping[str, Any]:
    told = access.opened(session, row)
    return {"What you told us": [*access.labels(row.kind, told), *filter(None, [told.text])]}


def profile_agreed(session: DbSession, row: AccessProfile) -> list[Agreed]:
    what = "what helps you take part" if row.kind is ProfileKind.ACCESS else "what you eat"
    text = access.CONSENTS[row.consent_version]
    return [Agreed(f"Keeping {what}", text, row.consent_version, row.consented_at)]


HOLDINGS: Final[tuple[Holding | Shared, ...]] = (
    Holding(
        Person,
        {
            TECHNICAL: "id key version is_demo merged_into_id",
            IDENTITY: "name",
            CONTACT: "email",
            BELONGING: "organisation area",
            ACTIVITY: "created_at email_confirmed_at registered_at disabled_at invitations",
            CREDENTIAL: "password_hash password_set_at",
        },
        (
            About(
                of=lambda person: Person.id == person,
                title="You",
                why="So that coordinators know who books, and can write to you.",
                until=UNTIL_CLOSED,
                closing=Clear(
                    {
                        "email": "{id}@" + CLOSED_HOST,
                        "name": FORMER_NAME,
                        "organisation": "",
                        "area": "",
                        "email_confirmed_at": None,
                        "registered_at": None,
                        "password_hash": None,
                        "password_set_at": None,
                        "invitations": False,
                    },
                    why="So that the numbers of past events stay true.",
                ),
                words={
                    "email": "Email address",
                    "name": "Name",
                    "organisation": "Organisation",
                    "area": "Where you work",
                    "created_at": "Known to us since",
                    "email_confirmed_at": "Address confirmed",
                    "registered_at": "Account since",
                    "disabled_at": "Account locked",
                    "invitations": "Calendar invitations by email",
                },
            ),
        ),
    ),
    Holding(
        RoleGrant,
        {TECHNICAL: "person_id granted_by_id", BELONGING: "role", ACTIVITY: "granted_at"},
        (
            About(
                of=lambda person: RoleGrant.person_id == person,
                title="Roles",
                why="So that you can do what you are trusted with.",
                until="Until the role ends.",
                closing=Delete(),
                words={"role": "Role", "granted_at": "Given"},
            ),
        ),
    ),
    Holding(
        SignIn,
        {
            TECHNICAL: "id key person_id is_strong",
            CREDENTIAL: "token_hash",
            ACTIVITY: "device created_at last_used_at ends_at proved_at",
        },
        (
            About(
                of=lambda person: SignIn.person_id == person,
                title="Where you are signed in",
                why=TO_SIGN_IN,
                until="30 days at most.",
                closing=Delete(),
                words={"device": "Browser", "created_at": "Since", "last_used_at": "Last used"},
            ),
        ),
    ),
    Holding(
        SecondStep,
        {
            TECHNICAL: "id person_id",
            CREDENTIAL: "token_hash",
            ACTIVITY: "created_at ends_at used_at",
        },
        (
            About(
                of=lambda person: SecondStep.person_id == person,
                title="Signing in, second step",
                why=TO_SIGN_IN,
                until="Some minutes.",
                closing=Delete(),
            ),
        ),
    ),
    Holding(
        Authenticator,
        {
            TECHNICAL: "id key person_id last_step",
            CREDENTIAL: "sealed",
            ACTIVITY: "created_at confirmed_at",
        },
        (
            About(
                of=lambda person: Authenticator.person_id == person,
                title="App for codes",
                why=TO_SIGN_IN,
                until="Until you remove it.",
                closing=Delete(),
                words={"created_at": "Added", "confirmed_at": "In use since"},
            ),
        ),
    ),
    Holding(
        RecoveryCode,
        {TECHNICAL: "id person_id", CREDENTIAL: "code_hash", ACTIVITY: "created_at used_at"},
        (
            About(
                of=lambda person: RecoveryCode.person_id == person,
                title="Recovery codes",
                why=TO_SIGN_IN,
                until="Until you make new ones.",
                closing=Delete(),
                words={"created_at": "Made", "used_at": "Used"},
            ),
        ),
    ),
    Holding(
        Passkey,
        {
            TECHNICAL: "id key person_id sign_count",
            CREDENTIAL: "credential_id public_key",
            ACTIVITY: "name created_at last_used_at",
        },
        (
            About(
                of=lambda person: Passkey.person_id == person,
                title="Passkeys",
                why=TO_SIGN_IN,
                until="Until you remove it.",
                closing=Delete(),
                words={"name": "Name", "created_at": "Added", "last_used_at": "Last used"},
            ),
        ),
    ),
    Holding(
        PasskeyChallenge,
        {TECHNICAL: "id purpose ends_at", CREDENTIAL: "browser_hash challenge"},
    ),
    Holding(
        SignInCode,
        {
            TECHNICAL: "id purpose tries_left",
            CONTACT: "email",
            IDENTITY: "name",
            CREDENTIAL: "browser_hash code_hash password_hash",
            ACTIVITY: "created_at ends_at used_at",
        },
        (
            About(
                of=lambda person: _same_address(SignInCode.email, person),
                title="Codes by email",
                why=TO_SIGN_IN,
                until="A day.",
                closing=Delete(),
                words={"email": "Sent to", "created_at": "Asked for"},
            ),
        ),
    ),
    Holding(
        OneTimeLink,
        {
            TECHNICAL: "id person_id purpose",
            CONTACT: "email",
            CREDENTIAL: "token_hash",
            ACTIVITY: "created_at ends_at used_at",
        },
        (
            About(
                of=lambda person: OneTimeLink.person_id == person,
                title="Links by email",
                why=TO_SIGN_IN,
                until="14 days at most, and a record of it for 30 days.",
                closing=Delete(),
                words={"email": "Sent to", "created_at": "Asked for", "used_at": "Used"},
            ),
        ),
    ),
    Holding(
        AddressChange,
        {
            TECHNICAL: "id person_id",
            CONTACT: "old_email new_email",
            CREDENTIAL: "confirm_hash undo_hash",
            ACTIVITY: "created_at ends_at confirmed_at undone_at ended_at",
        },
        (
            About(
                of=lambda person: AddressChange.person_id == person,
                title="Changes of your address",
                why="So that you can take back a change that you did not make.",
                until="30 days.",
                closing=Delete(),
                words={
                    "old_email": "Old address",
                    "new_email": "New address",
                    "created_at": "Asked for",
                    "confirmed_at": "Confirmed",
                    "undone_at": "Taken back",
                },
            ),
        ),
    ),
    Holding(
        AccessProfile,
        {
            TECHNICAL: "id key person_id kind version",
            DataClass.SPECIAL: "sealed",
            ACTIVITY: "consent_version consented_at changed_at",
        },
        (
            About(
                of=lambda person: AccessProfile.person_id == person,
                title="What helps you take part, and what you eat",
                why="So that you need not say it again for each event. You agreed to it.",
                until="Until you delete it.",
                closing=Delete(),
                words={
                    "consent_version": "Text you agreed to",
                    "consented_at": "Agreed",
                    "changed_at": "Last changed",
                },
                reads=_profile,
                agreed=profile_agreed,
            ),
        ),
    ),
    Holding(
        PastConsent,
        {TECHNICAL: "id person_id", ACTIVITY: "what text version given_at ended_at how"},
        (
            About(
                of=lambda person: PastConsent.person_id == person,
                title="What you agreed to before, and when it ended",
                why="So that we can show that you had agreed, and that we heeded the end. What you "
                "told us by it has gone.",
                until="Three years after it ended, if the network has not chosen another time.",
                closing=Delete(),
                words={
                    "what": "To what",
                    "text": "The words",
                    "version": "Version of the words",
                    "given_at": "Agreed",
                    "ended_at": "Ended",
                    "how": "How it ended",
                },
            ),
        ),
    ),
    Holding(
        ToldApart,
        {TECHNICAL: "id first_id second_id decided_by_id", ACTIVITY: "decided_at"},
        (
            About(
                of=lambda person: or_(ToldApart.first_id == person, ToldApart.second_id == person),
                title="That you are not somebody else who looks like you in our list",
                why="So that nobody merges the two of you.",
                until=UNTIL_CLOSED,
                closing=Delete(),
                words={"decided_at": "Said on"},
            ),
        ),
    ),
)
