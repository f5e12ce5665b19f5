"""Days as people write them in spreadsheets."""

import re
from calendar import month_name
from datetime import date, datetime
from typing import Final

_DAY: Final = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y", "%d %B %Y", "%d %b %Y")


def read_day(text: str) -> tuple[date | None, str]:
    """The day, or what is wrong with it in words; neither where the cell is empty."""
    if not text:
        return None, ""
    written = re.sub(r"(?<=\d)(st|nd|rd|th)\b", "", text.split("T")[0].strip())
    written = re.sub(r"[ T]\d{1,2}:\d{2}(:\d{2})?.*$", "", written).replace(",", "")
    found = _read(written)
    return found, "" if found else _no_day(text, written)


def _read(written: str) -> date | None:
    for form in _DAY:
        try:
            found = datetime.strptime(written, form).date()
        except ValueError:
            continue
        if 1950 <= found.year <= 2100:
            return found
    return None


def _no_day(text: str, written: str) -> str:
    """``text``: as it is in the file; ``written``: without a time, commas and such."""
    last = re.search(r"\b(29|30|31)\b", written)
    first = _read(written[: last.start()] + "1" + written[last.end() :]) if last else None
    if last and first:
        year = f" {first.year}" if last[0] == "29" else ""  # In other years there is one.
        return f"There is no {last[0]} {month_name[first.month]}{year}. Write a day like 31/1/2027."
    hint = " The day comes first, then the month." if _month_first(written) else ""
    return f"“{text[:40]}” is no day that we can read.{hint} Write 31/1/2027."


def _month_first(text: str) -> bool:
    found = re.match(r"(\d{1,2})[/.-](\d{1,2})[/.-]\d{2,4}$", text)
    return found is not None and int(found[1]) <= 12 < int(found[2])
