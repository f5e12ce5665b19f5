"""CSV as programs write it: UTF-8 or Windows-1252, commas, semicolons or tabs."""

import csv
import io
from collections.abc import Iterator
from typing import Final

from netapp.imports.errors import CellTooLong, NotATable

_SEPARATORS: Final = (",", ";", "\t")
_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),  # What Excel calls "Unicode text".
    (b"\xfe\xff", "utf-16"),
)


def read_csv(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not empty, with its number as a spreadsheet counts. Raises ``NotATable``,
    ``CellTooLong``."""
    text = decoded(content)
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:  # Excel's own hint.
        separator, text = first.strip()[4], rest
    else:
        separator = _separator(text)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for number, row in enumerate(rows, start=1):
            if any(cell.strip() for cell in row):
                yield number, row
    except csv.Error as error:
        raise CellTooLong if "field larger" in str(error) else NotATable from error


def decoded(content: bytes) -> str:
    """Raises ``NotATable`` for what is no text."""
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "\x00" in text:
        raise NotATable
    return text


def _separator(text: str) -> str:
    """Whatever makes most columns of the first rows."""
    head = [line for line in text[:20_000].splitlines() if line.strip()][:5]

    def columns(separator: str) -> int:
        try:
            return sum(len(row) for row in csv.reader(head, delimiter=separator))
        except csv.Error:
            return 0

    return max(_SEPARATORS, key=columns)
