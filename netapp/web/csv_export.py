"""Tables to take away: CSV that opens in a spreadsheet and runs nothing there."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from flask import Response

BYTE_ORDER_MARK = "\ufeff"  # Without it Excel takes UTF-8 for something else.

# What spreadsheets take for a formula (OWASP, CSV injection), also behind blanks and full-width.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r]")
_NUMBER = re.compile(r"[+-]?[0-9][0-9 ().,]*\Z")


def csv_cell(value: object) -> str:
    """One cell as text that no spreadsheet takes for a formula.

    What begins like one gets an apostrophe in front, but for numbers and telephone numbers:
    ``+44 20 7946 0018`` and ``-3`` stay as they are.
    """
    text = "" if value is None else str(value)
    if _FORMULA.match(text) and not _NUMBER.match(text):
        return "'" + text
    return text


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """RFC 4180: commas, quotes where needed, CRLF; with a byte order mark in front."""
    buffer = io.StringIO()
    buffer.write(BYTE_ORDER_MARK)
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([csv_cell(name) for name in header])
    writer.writerows([csv_cell(value) for value in row] for row in rows)
    return buffer.getvalue()


def csv_response(
    filename: str, header: Sequence[str], rows: Iterable[Sequence[object]]
) -> Response:
    """A file to save. ``filename`` is ours, of plain letters."""
    response = Response(csv_text(header, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
