"""Files of people that coordinators load: their rows until they are deleted, what was done."""

import enum
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from netapp.kernel.db import Base, PrimaryKey

UNDO_FOR: Final = timedelta(days=30)
"""How long a whole import can be undone; afterwards its rows are deleted."""

UNFINISHED_FOR: Final = timedelta(days=7)
"""How long rows are kept of a file that was loaded and never imported."""


MOST_TRIES: Final = 5
"""How often rows are compared anew because something moved before they were written."""


class ImportState(enum.Enum):
    COLUMNS = "columns"  # Somebody says what the columns are.
    READING = "reading"  # The worker reads the rows and compares them with whom we know.
    PREVIEW = "preview"  # Somebody looks at what would be done.
    STARTED = "started"  # The worker compares once more, then writes all of it at once.
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


class Step(enum.Enum):
    """What the worker is at, row by row."""

    VALUES = "values"  # Reading what the cells say.
    PLANS = "plans"  # Comparing with whom we know.
    WRITE = "write"


class Keep(enum.Enum):
    """Where we know something already that the file says differently."""

    OURS = "ours"  # Only gaps are filled.
    FILE = "file"


class RowState(enum.Enum):
    UNREAD = "unread"
    READ = "read"
    FAULT = "fault"
    ASK = "ask"  # Perhaps somebody whom we know: a coordinator says.
    NEW = "new"
    CHANGE = "change"
    SAME = "same"
    LEFT_OUT = "left-out"


class Choice(enum.Enum):
    """What a coordinator said of two who may be one."""

    OURS = "ours"  # The same person; fill gaps.
    FILE = "file"  # The same person; what the file says holds.
    APART = "apart"  # Not the same.
    LEAVE = "leave"  # Leave the row out.


class PlaceOf(enum.Enum):
    """What becomes of the name of an organisation that the register does not know."""

    WORDS = "words"  # It stands beside the person, and the register stays as it is.
    ADD = "add"
    KNOWN = "known"  # It is one that the register knows by another name.


class What(enum.Enum):
    """One thing that an import did, in the order in which it is undone."""

    SEAT = "seat"
    GROUP = "group"
    AFFILIATION = "affiliation"
    ROLE = "role"
    MEMBERSHIP = "membership"
    TERM = "term"
    PROFILE = "profile"
    PROFILE_TEXT = "profile-text"
    CHECK = "check"
    DETAILS = "details"
    PERSON = "person"
    ORGANISATION = "organisation"


class Import(Base):
    """One file. The file itself is never kept, only what its rows say.

    ``columns`` has a field's name, or nothing, for each heading. ``position`` is the number of the
    last row that the worker has done of its ``step``. ``tallies`` are counts of rows by state
    while it goes on, and what was done in the end.
    """

    __tablename__ = "imports"

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    filename: Mapped[str] = mapped_column(String(120))
    source: Mapped[str] = mapped_column(String(40), default="")
    state: Mapped[ImportState] = mapped_column(default=ImportState.COLUMNS)
    step: Mapped[Step] = mapped_column(default=Step.VALUES)
    headings: Mapped[list[str]] = mapped_column(JSON)
    columns: Mapped[list[str]] = mapped_column(JSON)
    total: Mapped[int] = mapped_column(default=0)  # Rows.
    position: Mapped[int] = mapped_column(default=0)
    keep: Mapped[Keep] = mapped_column(default=Keep.OURS)
    takes_leavers: Mapped[bool] = mapped_column(default=False)  # Who left a mailing list, too.
    invites: Mapped[bool] = mapped_column(default=False)
    places: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # Seats and group places that earlier rows would take, while rows are compared.
    revision: Mapped[int] = mapped_column(default=0)  # Of the directory, when comparing began.
    moved: Mapped[int] = mapped_column(default=0)  # Rows that came out differently meanwhile.
    tallies: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    loaded_at: Mapped[datetime]
    loaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    started_at: Mapped[datetime | None]
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    done_at: Mapped[datetime | None] = mapped_column(index=True)
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    version: Mapped[int] = mapped_column(default=1)


class ImportRow(Base):
    """One row of a file. ``cells`` are as they stood there, ``says`` what they mean, ``plan`` what
    would be done. ``other_id``: the earlier row of this file that is about the same person."""

    __tablename__ = "import_rows"
    __table_args__ = (
        UniqueConstraint("import_id", "number"),
        Index("ix_import_rows_import_id_state", "import_id", "state"),
        Index("ix_import_rows_import_id_email", "import_id", "email"),
        Index("ix_import_rows_import_id_name_key", "import_id", "name_key"),
    )

    id: Mapped[PrimaryKey]
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id"))
    number: Mapped[int]  # As the spreadsheet counts: the headings are row 1.
    cells: Mapped[list[str]] = mapped_column(JSON)
    email: Mapped[str] = mapped_column(String(254), default="")  # Canonical.
    name_key: Mapped[str] = mapped_column(String(200), default="")
    organisation_key: Mapped[str] = mapped_column(String(200), default="")
    says: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    faults: Mapped[list[list[str]]] = mapped_column(JSON, default=list)  # Column, words.
    state: Mapped[RowState] = mapped_column(default=RowState.UNREAD)
    rule: Mapped[str] = mapped_column(String(30), default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    other_id: Mapped[int | None]  # No foreign key: rows go in portions when their time is over.
    choice: Mapped[Choice | None]
    plan: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    to_invite: Mapped[bool] = mapped_column(default=False)


class ImportOrganisation(Base):
    """A name in a file that the register does not know, and what to do with it."""

    __tablename__ = "import_organisations"
    __table_args__ = (UniqueConstraint("import_id", "name_key"),)

    id: Mapped[PrimaryKey]
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id"))
    name_key: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(160))
    place: Mapped[PlaceOf] = mapped_column(default=PlaceOf.WORDS)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))


class ImportAct(Base):
    """One thing that an import did, so that it can be undone. ``target_id`` is the number of the
    row in the table that ``what`` is about; ``before`` and ``after`` of what was changed."""

    __tablename__ = "import_acts"
    __table_args__ = (Index("ix_import_acts_import_id_what", "import_id", "what"),)

    id: Mapped[PrimaryKey]
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id"))
    row_id: Mapped[int | None] = mapped_column(ForeignKey("import_rows.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    what: Mapped[What]
    target_id: Mapped[int]
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    undone_at: Mapped[datetime | None]
    kept: Mapped[str] = mapped_column(String(200), default="")  # Why it was not undone.


class ColumnMemory(Base):
    """What the columns were of the last file with the same headings."""

    __tablename__ = "import_columns"

    headings: Mapped[str] = mapped_column(String(64), primary_key=True)  # Their hash.
    columns: Mapped[list[str]] = mapped_column(JSON)
    used_at: Mapped[datetime]
