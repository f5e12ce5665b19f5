import pytest

from netapp.web.csv_export import csv_cell, csv_text


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "=cmd|'/c calc'!A1", "+cmd|'/c calc'!A1", "-2+3+cmd|'/c calc'!A1", "@SUM(A1)",
        "\t=1+1", "\r=1+1", " =1+1", "\n=1+1", "\u00a0=1+1", "＝1+1", "＋1+cmd", "－1+cmd",
        "＠SUM(1)",
        "+", "-", "- not coming", "+44-20-7946", "-1+2", "=", "@amina",
    ],
)  # fmt: skip
def test_what_a_spreadsheet_takes_for_a_formula_gets_an_apostrophe(text):
    assert csv_cell(text) == "'" + text


@pytest.mark.parametrize(
    "text",
    [
        "+44 20 7946 0018", "+44 (0)20 7946 0018", "020 7946 0018", "-3", "+3.5", "-1,000.50",
        "Amina", "a=b", "a+b@example.org", "2027-01-11", "", "12:30", "' quoted", '"x"',
    ],
)  # fmt: skip
def test_everything_else_stays_as_it_is(text):
    assert csv_cell(text) == text


def test_other_values_are_text():
    assert [csv_cell(v) for v in (None, 0, -3, 2.5, True)] == ["", "0", "-3", "2.5", "True"]


def test_a_whole_file():
    rows = [("Amina, A.", 'says "hi"', "two\nlines"), ("Zoë", "=1", None)]
    assert csv_text(["Name", "=Note", "More"], rows) == (
        '\ufeffName,\'=Note,More\r\n"Amina, A.","says ""hi""","two\nlines"\r\nZoë,\'=1,\r\n'
    )
