"""What follows of an account when two people turn out to be one: see ``kernel.one_person``.

How somebody signs in stays as it is with the one who stays. Sign-ins and links of the other end;
their second factor and password open nothing, and go when the merge can be undone no more.
"""

from typing import Final

from netapp.kernel.one_person import Follows, Once, Reference, StaysBehind
from netapp.people.apart_models import ToldApart
from netapp.people.consent_models import PastConsent
from netapp.people.models import (
    AccessProfile,
    AddressChange,
    Authenticator,
    OneTimeLink,
    Passkey,
    Person,
    RecoveryCode,
    RoleGrant,
    SecondStep,
    SignIn,
)

SIGNS_IN: Final = "Who stays signs in as before; what the other signed in with opens nothing."

LOOKED_AT: Final = "It was said of what stood in our books then: who stays is looked at anew."

REFERENCES: Final[tuple[Reference, ...]] = (
    Follows(Person.merged_into_id),
    Follows(RoleGrant.person_id, "role", "roles", Once((RoleGrant.role,))),
    Follows(RoleGrant.granted_by_id),
    Follows(AddressChange.person_id),
    Follows(PastConsent.person_id),
    StaysBehind(ToldApart.first_id, LOOKED_AT),
    StaysBehind(ToldApart.second_id, LOOKED_AT),
    Follows(ToldApart.decided_by_id),
    StaysBehind(
        AccessProfile.person_id, "Its seal is bound to the person: made anew.", is_moved=True
    ),
    *(
        StaysBehind(model.person_id, SIGNS_IN)
        for model in (SignIn, SecondStep, Authenticator, RecoveryCode, Passkey, OneTimeLink)
    ),
)
