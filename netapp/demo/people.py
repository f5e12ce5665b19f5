"""The sign-ins of the demo, which everybody may know, and the names of invented people."""

from dataclasses import dataclass

HOST = "demo.example"


@dataclass(frozen=True, slots=True)
class SignInDetails:
    """Somebody to sign in as. For demo mode only: outside it the platform does not start."""

    what: str
    name: str
    email: str
    password: str
    is_coordinator: bool = False
    is_member: bool = False
    seed: str = ""
    """Of the app for codes; the page of the second step says the code, in the demo only."""


SIGN_INS = (
    SignInDetails(
        what="coordinator",
        name="Jo Sample",
        email=f"coordinator@{HOST}",
        password="lantern-quaver-marmalade",  # noqa: S106 - made to be known
        is_coordinator=True,
        is_member=True,
        seed="LANTERNQUAVERMARMALADELANTERNQUA",
    ),
    SignInDetails(
        what="member",
        name="Amara Sample",
        email=f"member@{HOST}",
        password="kettle-semibreve-walnut",  # noqa: S106 - made to be known
        is_member=True,
    ),
    SignInDetails(
        what="not a member",
        name="Robin Sample",
        email=f"visitor@{HOST}",
        password="umbrella-crotchet-fig",  # noqa: S106 - made to be known
    ),
)

# First names of several languages; a surname that nobody takes for a real one.
FIRST_NAMES = (
    *("Siân", "Łukasz", "Çiğdem", "রহিমা", "ليلى", "Ṣadé", "Amina", "Bryn", "Chidi", "D’Arcy"),
    *("Efua", "Farid", "Gwen", "Hà", "Ìfẹ́", "Jean-Luc", "Kofi", "Leïla", "Małgorzata", "Nkechi"),
    *("Oluwaseun", "Priya", "Quentin", "Rhiannon", "Şebnem", "Tomasz", "Uzma", "Végh", "Wiktor"),
    *("Ximena", "Yusuf", "Zofia", "Anwen", "Björk", "Ceri", "Dafydd", "Eszter", "Fatou", "Gül"),
)
SURNAMES = ("Sample", "Sample-Jones", "O’Sample", "van der Sample", "Samplewska", "ap Sample")


def invented_name(number: int) -> str:
    """The same number always gives the same name; many different ones before they repeat."""
    if number % 97 == 96:
        return FIRST_NAMES[number % len(FIRST_NAMES)]  # Some people have one name.
    surname = SURNAMES[number // len(FIRST_NAMES) % len(SURNAMES)]
    return f"{FIRST_NAMES[number % len(FIRST_NAMES)]} {surname}"
