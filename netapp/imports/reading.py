"""A table out of whatever file was given: its headings, then row by row; limits in one place."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

from netapp.imports.csv_files import read_csv
from netapp.imports.errors import (
    CellTooLong,
    FileTooBig,
    Locked,
    NoFile,
    NotATable,
    NothingIn,
    OldExcel,
    TooManyColumns,
    TooManyRows,
)
from netapp.imports.xlsx_files import read_xlsx
from netapp.kernel.text import TooLong, clean

MOST_BYTES: Final = 8 * 1024 * 1024
MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 100
LONGEST_CELL: Final = 5000

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")

Row = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Table:
    """``rows`` can be read once; every cell has passed the gate for text, and each row has as many
    as there are headings. ``sheet``: the name of the one that was read where there are more."""

    headings: list[str]
    rows: Iterator[Row]
    sheet: str = ""


def read_table(content: bytes) -> Table:
    """Raises a ``FileRefused``, also while the rows are read."""
    if not content:
        raise NoFile
    if len(content) > MOST_BYTES:
        raise FileTooBig
    sheet = ""
    if content.startswith(_ZIP):
        if b"xl/" not in content:
            raise NotATable
        said = read_xlsx(content)
        name, sheets = next(said, ("", 1))
        sheet = str(name) if sheets > 1 else ""
        rows: Iterator[Row] = ((number, cells) for number, cells in said)
    elif content.startswith(_OLE):
        raise Locked if _ENCRYPTED in content else OldExcel
    else:
        rows = read_csv(content)
    first = next(rows, None)
    if first is None:
        raise NothingIn
    headings = [_cell(each)[:120] for each in first[1]]
    while headings and not headings[-1]:
        headings.pop()
    if len(headings) > MOST_COLUMNS:
        raise TooManyColumns
    second = next(rows, None)
    if second is None:
        raise NothingIn
    return Table(headings, _checked(chain([second], rows), len(headings)), sheet)


def _checked(rows: Iterator[Row], width: int) -> Iterator[Row]:
    for count, (number, cells) in enumerate(rows, start=1):
        if count > MOST_ROWS:
            raise TooManyRows
        kept = [_cell(each) for each in cells[:width]]
        yield number, kept + [""] * (width - len(kept))


def _cell(text: str) -> str:
    try:
        found = clean(text, max_length=LONGEST_CELL)
    except TooLong as refused:
        raise CellTooLong from refused
    # What our own lists put in front of what a spreadsheet would take for a formula.
    return found[1:] if found[:1] == "'" and found[1:2] in set("=+-@") else found
