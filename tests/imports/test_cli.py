"""flask --app wsgi members import FILE: words and exit codes."""

import pytest
from sqlalchemy import select

from netapp.imports.models import Import, ImportRow
from netapp.people.models import Person
from tests.factories import make_guest


@pytest.fixture
def members(app, tmp_path):
    def _run(text, *words):
        file = tmp_path / "members.csv"
        file.write_text(text)
        result = app.test_cli_runner().invoke(args=["members", "import", str(file), *words])
        return result.exit_code, result.output.strip()

    return _run


GOOD = "Name,Email,T-shirt\nAmina Okafor,amina@example.org,M\n"


def test_a_dry_run_and_then_the_import(session, members):
    assert members(GOOD, "--dry-run") == (
        0,
        "members.csv: 1 row. Name: Name; Email: Email address.\n1 new.\n"
        "A dry run: nothing was changed.",
    )
    assert session.scalars(select(Import.id)).all() == []
    assert members(GOOD)[1].endswith("Imported: 1 new person, 0 rows that changed somebody.")
    assert members(GOOD)[1].endswith("Nothing in this file would change anything.")
    assert session.scalars(select(Person.email)).all() == ["amina@example.org"]


def test_what_is_wrong_ends_with_three(session, members):
    faulty = GOOD + "Ben,ben at example,\n"
    code, said = members(faulty)
    assert code == 3
    assert "Row 3, Email: “ben at example” is not an email address." in said
    assert session.scalars(select(ImportRow.id)).all() == []
    code, said = members(faulty, "--skip-faulty")
    assert (code, said.splitlines()[-1]) == (
        0,
        "Imported: 1 new person, 0 rows that changed somebody.",
    )


def test_people_to_compare_end_with_three_unless_it_is_said(session, members):
    make_guest(session, email="amina@old.example", name="Amina Okafor")
    code, said = members(GOOD)
    assert (code, "Row 2: Amina Okafor may be known." in said) == (3, True)
    assert members(GOOD, "--duplicates", "ours")[0] == 0
    assert session.scalars(select(Person.email)).all() == ["amina@old.example"]
    code, said = members(GOOD, "--duplicates", "apart")
    assert (code, said.splitlines()[-1]) == (
        0,
        "Imported: 1 new person, 0 rows that changed somebody.",
    )


def test_a_file_that_cannot_be_read_ends_with_one(members):
    assert members("Name,Email\n") == (
        1,
        "Error: There is nothing in this file below its first row. The first row names the "
        "columns.",
    )
    assert members("Name,Shoe\nAmina,39\n")[0] == 1
