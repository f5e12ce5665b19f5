"""WebAuthn's two ceremonies, adding a passkey and using one, in the values that we keep.

The library is imported by the functions: with what it needs to judge certificates it is 7 MB and a
twentieth of a second, and a web process in which nobody uses a passkey does without.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from netapp.people.errors import PasskeyRefused
from netapp.people.models import Passkey, Person
from netapp.people.relying_party import RelyingParty

# What reading a message raises where somebody made it up, besides WebAuthn's own.
_MADE_UP = (
    *(ValueError, KeyError, TypeError, IndexError, AttributeError),
    *(RecursionError, OverflowError),
)


@dataclass(frozen=True, slots=True)
class NewPasskey:
    credential_id: bytes
    public_key: bytes
    sign_count: int


@contextmanager
def refusing() -> Iterator[None]:
    """Whatever is wrong with the answer of a browser is one refusal: ``PasskeyRefused``."""
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        yield
    except (WebAuthnException, *_MADE_UP) as refused:
        raise PasskeyRefused from refused


def adding(
    party: RelyingParty, *, person: Person, challenge: bytes, present: Iterable[bytes]
) -> str:
    """What the browser is to ask its passkeys for, as JSON; ``present`` are those they have."""
    import webauthn
    from webauthn.helpers import structs

    options = webauthn.generate_registration_options(
        rp_id=party.id,
        rp_name=party.name,
        user_id=person.key.encode(),
        user_name=person.email,
        user_display_name=person.name,
        challenge=challenge,
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=each) for each in present],
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.PREFERRED,
            user_verification=structs.UserVerificationRequirement.PREFERRED,
        ),
    )
    return webauthn.options_to_json(options)


def using(party: RelyingParty, *, challenge: bytes, allowed: Iterable[bytes] | None) -> str:
    """As above; without ``allowed`` any passkey will do, if it verifies its owner."""
    import webauthn
    from webauthn.helpers import structs

    verify = structs.UserVerificationRequirement
    known = [structs.PublicKeyCredentialDescriptor(id=each) for each in allowed or ()]
    options = webauthn.generate_authentication_options(
        rp_id=party.id,
        challenge=challenge,
        allow_credentials=None if allowed is None else known,
        user_verification=verify.REQUIRED if allowed is None else verify.PREFERRED,
    )
    return webauthn.options_to_json(options)


def added(party: RelyingParty, *, answer: str, challenge: bytes) -> NewPasskey:
    """Raises ``PasskeyRefused``."""
    import webauthn

    with refusing():
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
        )
    return NewPasskey(made.credential_id, made.credential_public_key, made.sign_count)


def named(answer: str) -> bytes:
    """The id of the passkey that a browser says it used. Raises ``PasskeyRefused``."""
    from webauthn.helpers import parse_authentication_credential_json

    with refusing():
        return parse_authentication_credential_json(answer).raw_id


def used(
    party: RelyingParty, *, answer: str, challenge: bytes, passkey: Passkey, verified: bool
) -> int:
    """The passkey's new count; ``verified``: it must have verified its owner too.
    Raises ``PasskeyRefused``."""
    import webauthn

    with refusing():
        outcome = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=verified,
        )
    return outcome.new_sign_count
