"""Files as programs write them, and files that mean harm."""

import io
import zipfile
from datetime import date, datetime

import pytest

from netapp.imports.errors import (
    CellTooLong,
    Damaged,
    FileTooBig,
    Locked,
    NoFile,
    NotATable,
    NothingIn,
    OldExcel,
    TooManyColumns,
    TooManyRows,
)
from netapp.imports.reading import MOST_BYTES, MOST_ROWS, read_table
from tests.imports.scenes import workbook

PEOPLE = "Name,Email\nSiân O’Neill,sian@example.org\n"
SIAN = [(2, ["Siân O’Neill", "sian@example.org"])]


def read(content):
    table = read_table(content)
    return table.headings, list(table.rows)


@pytest.mark.parametrize(
    "content",
    [
        PEOPLE.encode(),
        PEOPLE.encode("utf-8-sig"),
        PEOPLE.encode("cp1252"),
        PEOPLE.encode("utf-16"),
        PEOPLE.replace(",", ";").encode(),
        PEOPLE.replace(",", "\t").encode(),
        ("sep=;\n" + PEOPLE.replace(",", ";")).encode(),
        PEOPLE.replace("\n", "\r\n").encode(),
    ],
    ids=["utf-8", "bom", "windows", "utf-16", "semicolons", "tabs", "sep", "crlf"],
)
def test_csv_of_whatever_kind(content):
    headings, rows = read(content)
    assert headings == ["Name", "Email"]
    assert [row[1] for row in rows] == [SIAN[0][1]]


def test_rows_are_counted_as_the_spreadsheet_does():
    assert read(b'A,B\n"two\nlines",x\n,,\n\nlast\n')[1] == [
        (2, ["two lines", "x"]),
        (5, ["last", ""]),
    ]


def test_an_excel_file():
    content = workbook(
        [
            ["Name", "Email", "Since", "Seat", "Number", "Sum", None],
            ["Siân O’Neill", "sian@example.org", datetime(2026, 9, 1), True, 3.0, "=1+1", None],
            [None, None, None, None, None, None, "beside the table"],
            ["Ben", "ben@example.org", date(2026, 9, 2), False, 2.5, None, None],
        ],
        others=1,
    )
    table = read_table(content)
    assert (table.sheet, table.headings[:3]) == ("Members", ["Name", "Email", "Since"])
    assert list(table.rows) == [
        (2, ["Siân O’Neill", "sian@example.org", "2026-09-01", "yes", "3", ""]),
        (3, ["", "", "", "", "", ""]),
        (4, ["Ben", "ben@example.org", "2026-09-02", "no", "2.5", ""]),
    ]


def zipped(parts: dict[str, bytes]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return kept.getvalue()


def changed(part: str, content: bytes) -> bytes:
    """A true Excel file in which one part says something else."""
    true = zipfile.ZipFile(io.BytesIO(workbook([["Name", "Email"], ["A", "a@example.org"]])))
    return zipped({name: true.read(name) for name in true.namelist()} | {part: content})


BOMB = b"<x>" + b" " * (170 * 1024 * 1024) + b"</x>"
ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]><worksheet><sheetData><row><c><v>&j;</v></c></row></sheetData></worksheet>"
)
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    b'<worksheet><sheetData><row><c t="inlineStr"><is><t>&a;</t></is></c></row></sheetData>'
    b"</worksheet>"
)


@pytest.mark.parametrize(
    "content",
    [
        lambda: zipped({"xl/workbook.xml": BOMB}),
        lambda: changed("xl/worksheets/sheet1.xml", ENTITIES),
        lambda: changed("xl/worksheets/sheet1.xml", OUTSIDE),
        lambda: workbook([["Name"], ["A"]])[:-400],
        lambda: zipped({"xl/nothing": b""}),
    ],
    ids=["zip bomb", "entities", "outside", "cut off", "hollow"],
)
def test_harm_is_refused(content):
    with pytest.raises(Damaged):
        read(content())


def test_what_is_no_list_of_people_is_refused_with_a_reason():
    for content, why in (
        (b"", NoFile),
        (b"Name,Email\n", NothingIn),
        (b"x" * (MOST_BYTES + 1), FileTooBig),
        (b"\x89PNG\r\n\x00\x00", NotATable),
        (zipped({"word/document.xml": b"<x/>"}), NotATable),
        (b"\xd0\xcf\x11\xe0 old", OldExcel),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), Locked),
        (b"A\n" + b"x\n" * (MOST_ROWS + 1), TooManyRows),
        (b"A," * 101 + b"A\nx\n", TooManyColumns),
        (b"A\n" + b"x" * 5001 + b"\n", CellTooLong),
        (b"A\n" + b"x" * 200_000 + b"\n", CellTooLong),
    ):
        with pytest.raises(why):
            read(content)


def test_a_sheet_with_a_cell_at_its_very_end():
    """A million formatted rows end where the people do."""
    far = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c></row>'
        b'<row r="2"><c r="A2" t="inlineStr"><is><t>Ben</t></is></c></row>'
        b'<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>far</t></is></c></row>'
        b"</sheetData></worksheet>"
    )
    assert read(changed("xl/worksheets/sheet1.xml", far)) == (["Name"], [(2, ["Ben"])])


def test_what_our_own_lists_put_before_a_formula_is_taken_off():
    assert read(b"Name\n'=HYPERLINK\n'Bert\n")[1] == [(2, ["=HYPERLINK"]), (3, ["'Bert"])]
