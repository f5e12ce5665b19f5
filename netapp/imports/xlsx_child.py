"""Read the first sheet of an Excel file in a process of its own, with little memory and time.

Run by ``xlsx_files``: the file is standard input; each row that is not empty becomes a line of
JSON ``[number, [cells]]`` on standard output, the first line is ``[sheet, sheets]``. It imports
nothing of ours, opens no other file, asks no network, and works out no formula: of those it reads
what they last showed. Ends with 0 if all was read.
"""

import json
import resource
import sys
import zipfile
from datetime import date, datetime, time
from typing import Any, Final

from openpyxl import load_workbook

MEMORY: Final = 768 * 1024 * 1024  # Bytes of address space, libraries included.
SECONDS: Final = 20  # Of processor time.
UNPACKED: Final = 160 * 1024 * 1024  # Bytes.
PARTS: Final = 2000
EMPTY_ROWS: Final = 5000
"""After so many empty rows a sheet ends, whatever is formatted below."""


def main() -> None:
    _limit()
    with open(0, "rb", closefd=False) as file:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            if len(parts) > PARTS or sum(part.file_size for part in parts) > UNPACKED:
                sys.exit(2)
        file.seek(0)
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        seen = [each for each in book.worksheets if each.sheet_state == "visible"]
        if not seen:
            sys.exit(2)
        _say([seen[0].title, len(seen)])
        empty = 0
        for number, row in enumerate(seen[0].iter_rows(values_only=True), start=1):
            cells = [_text(value) for value in row]
            while cells and not cells[-1]:
                cells.pop()
            empty = 0 if cells else empty + 1
            if cells:
                _say([number, cells])
            elif empty > EMPTY_ROWS:
                break
    _say("end")


def _limit() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
    ):
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):  # Some systems do not know all of them.
            continue


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if value.time() == time(0):
            return value.date().isoformat()
        case datetime():
            return value.isoformat(" ", "seconds")
        case date() | time():
            return value.isoformat()
        case _:
            return str(value).strip()


def _say(what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")


if __name__ == "__main__":
    main()
