"""What is kept about people, table by table: of which class each column is, and what becomes of a
row when its person closes their account.

Each package says it of its own tables in ``personal_data.py``; a test compares that with the
tables there are, so that no column is forgotten. The download of one's data, the closing of an
account and the list of purposes are made from the same declarations. Law: UK GDPR articles 5, 13,
15, 17 and 30.
"""

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from netapp.kernel.db import Base, DbSession


class DataClass(enum.Enum):
    """What a column says about somebody, from least to most delicate."""

    TECHNICAL = "technical"  # Numbers, keys, versions: nothing by themselves.
    CONTENT = "content"  # The network's own: events, terms, settings.
    ACTIVITY = "activity"  # What somebody did, and when.
    BELONGING = "belonging"  # Memberships, roles, where they work.
    IDENTITY = "identity"  # Names.
    CONTACT = "contact"  # Addresses, numbers.
    WORDS = "words"  # What somebody wrote in their own words, or others about them.
    MONEY = "money"
    CREDENTIAL = "credential"  # Hashes and seeds; never shown, not even to their owner.
    SPECIAL = "special"  # UK GDPR article 9, or as delicate; always sealed.


HIDDEN = frozenset({DataClass.TECHNICAL, DataClass.CREDENTIAL})
"""Classes that no download shows: they mean nothing, or would open a door."""

Of: TypeAlias = Callable[[int], ColumnElement[bool]]
"""From the id of a person to the condition that a row is about them."""


@dataclass(frozen=True, slots=True)
class Delete:
    """The row goes. ``but``: a sentence about what goes a little later."""

    but: str = ""


@dataclass(frozen=True, slots=True)
class Clear:
    """The row stays and says nothing about anybody any more: these columns get these values;
    ``{id}`` in a text becomes the number of the row."""

    values: Mapping[str, Any]
    why: str  # Why the row stays: "so that the number of people who came stays true".


@dataclass(frozen=True, slots=True)
class Keep:
    """The row stays as it is, for a reason that law knows."""

    why: str


Closing: TypeAlias = Delete | Clear | Keep


@dataclass(frozen=True, slots=True)
class Agreed:
    """A consent that somebody gave: to which words, and when."""

    to: str  # "Keeping what helps me take part".
    text: str
    version: str
    at: datetime
    where: str = ""  # The event that it is for, where it is for one.


@dataclass(frozen=True, slots=True)
class About:
    """How the rows of a table belong to people.

    ``title`` heads them in the download, ``why`` and ``until`` are read by the person: why they
    are kept and for how long. ``reads`` opens what is sealed: from a row to what it says.
    ``says``: from the value of a column to what people read (£24 for 2400 pence).
    ``agreed``: the consents that a row stands on. ``hides``: columns that say what somebody else
    said in confidence, and ``is_shown=False``: rows that do nothing else. They are left out of the
    download (UK GDPR article 15(4)) and go with the account all the same. ``hides`` also names
    what ``reads`` says better.
    """

    of: Of
    title: str
    why: str
    until: str
    closing: Closing
    words: Mapping[str, str] = field(default_factory=dict)  # Column → what people read.
    says: Mapping[str, Callable[[Any], str]] = field(default_factory=dict)  # Column → its value.
    reads: Callable[[DbSession, Any], Mapping[str, Any]] | None = None
    agreed: Callable[[DbSession, Any], Sequence[Agreed]] | None = None
    hides: str = ""
    is_shown: bool = True


@dataclass(frozen=True, slots=True)
class Holding:
    """One table: the class of each of its columns, written ``{DataClass.IDENTITY: "name"}`` with
    spaces between names, and how its rows are about people; None: they are about nobody."""

    model: type[Base]
    columns: Mapping[DataClass, str]
    about: tuple[About, ...] = ()

    def classes(self) -> dict[str, DataClass]:
        """The class of each column. Raises ``ValueError`` for a column that is named twice."""
        found: dict[str, DataClass] = {}
        for each, names in self.columns.items():
            for name in names.split():
                if name in found:
                    raise ValueError(f"{self.model.__tablename__}.{name} has two classes")
                found[name] = each
        return found

    def shown(self) -> list[str]:
        """The columns that a download shows, in the order of the table."""
        classes = self.classes()
        names = [column.key for column in self.model.__mapper__.column_attrs]
        return [name for name in names if classes[name] not in HIDDEN]


@dataclass(frozen=True, slots=True)
class Shared:
    """A table without personal data: every column is technical or the network's own content."""

    model: type[Base]


Due: TypeAlias = Callable[[datetime], ColumnElement[bool]]
"""From the moment before which things are too old to the condition that a row is."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How long rows of a table are kept, counted from what ``due`` looks at.

    ``days`` is what holds until coordinators choose another number between the two limits.
    ``closing``: what becomes of a row whose time is over; None: it is a person, who is taken out
    of every room. Rows that point at a deleted one by a column of ``parts`` go with it.
    """

    name: str
    what: str
    why: str
    days: int
    at_least: int
    at_most: int
    model: type[Base]
    due: Due
    closing: Closing | None
    parts: tuple[InstrumentedAttribute[int] | InstrumentedAttribute[int | None], ...] = ()
