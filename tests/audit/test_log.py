from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from netapp.audit.models import AuditLine
from netapp.audit.operations import COMMAND_LINE, Actor, record
from tests.factories import NOW, make_coordinator, make_person

JO = Actor(7, "Jo Field")


@pytest.fixture
def write(session):
    def _write(summary, *, actor=JO, subject="person:amina", minutes=0, reason=""):
        record(
            session,
            actor=actor,
            action="test.write",
            subject=subject,
            summary=summary,
            reason=reason,
            now=NOW + timedelta(minutes=minutes),
        )
        session.commit()

    return _write


@pytest.fixture
def log(session, visitor, sign_in):
    """The lines of the page: who and what, from the top."""
    sign_in(make_coordinator(session))

    def _log(query=""):
        page = visitor.open(f"/desk/log{query}")
        assert page.status_code == 200
        parts = page.text.partition("<main")[2].split("<strong>")[1:]
        return [part.split("</p>")[0].replace("</strong>", "") for part in parts]

    return _log


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_lines SET summary = 'nothing happened'",
        "DELETE FROM audit_lines",
        "UPDATE audit_lines SET at = at WHERE id = 1",
        "DELETE FROM audit_lines WHERE id = 1",
    ],
)
def test_the_database_refuses_to_change_or_delete_a_line(session, write, statement):
    write("Cancelled the spring day.")
    with pytest.raises(DBAPIError, match="audit lines are only ever added"):
        session.execute(text(statement))
    session.rollback()
    rows = session.execute(text("SELECT summary FROM audit_lines")).all()
    assert rows == [("Cancelled the spring day.",)]


def test_the_mapper_is_refused_too(session, write):
    write("Cancelled the spring day.")
    line = session.query(AuditLine).one()
    line.summary = "Nothing happened."
    with pytest.raises(DBAPIError, match="only ever added"):
        session.commit()
    session.rollback()


def test_the_newest_first_with_reason(visitor, log, write):
    write("Made Amina a member.", minutes=1, reason="paid by bank")
    write("Invited Ben.", minutes=2, actor=COMMAND_LINE)
    assert log() == ["Command line Invited Ben.", "Jo Field Made Amina a member."]
    assert "Reason: paid by bank" in visitor.text
    assert "Mon 11 Jan 2027, 12:01pm GMT" in visitor.text


def test_filtered_by_subject_and_by_who(log, write):
    write("Made Amina a member.")
    write("Invited Ben.", subject="person:ben", actor=Actor(8, "Ana Ruiz"))
    write("Cancelled a booking.", subject="booking:7KQ4-X9PD-M2")
    assert len(log("?subject=person:")) == 2
    assert log("?subject=person:ben") == ["Ana Ruiz Invited Ben."]
    assert log("?actor=ruiz") == ["Ana Ruiz Invited Ben."]
    assert log("?actor=jo&subject=booking:") == ["Jo Field Cancelled a booking."]
    assert log("?subject=%25") == []
    assert log("?actor=_") == []


@pytest.mark.parametrize(
    "query", ["?page=99", "?page=x", "?actor=%00", "?subject=" + "x" * 2000, "?actor='%22<>"]
)
def test_odd_questions_get_an_empty_page(log, write, query):
    write("Made Amina a member.")
    assert log(query) in ([], ["Jo Field Made Amina a member."])


def test_in_pages(visitor, log, write, count_queries):
    for n in range(30):
        write(f"Act {n}.", minutes=n)
    assert len(log()) == 25
    assert log("?page=2")[-1] == "Jo Field Act 0."
    with count_queries() as statements:
        visitor.client.get("/desk/log")
    assert len(statements) == 3  # Who asks, how many, the page.


def test_hostile_lines_are_shown_as_they_are(visitor, log, write):
    write("<script>alert(1)</script>", actor=Actor(1, "<b>Mallory</b>"), reason="<img src=x>")
    log()
    assert "<script>alert" not in visitor.text
    assert "<b>Mallory" not in visitor.text
    assert "<img src=x" not in visitor.text


def test_the_file_to_take_away(visitor, log, write):
    write("Made Amina a member.", reason="=1+1")
    write('Called +44 20 7946 0018, "hello"', actor=Actor(1, "@evil"), minutes=1)
    log()
    answer = visitor.client.get("/desk/log.csv?subject=person:")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="activity-log.csv"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.data.decode() == (
        "\ufeffWhen (UTC),Who,What,About,In words,Reason\r\n"
        "2027-01-11 12:01:00,'@evil,test.write,person:amina,"
        '"Called +44 20 7946 0018, ""hello""",\r\n'
        "2027-01-11 12:00:00,Jo Field,test.write,person:amina,Made Amina a member.,'=1+1\r\n"
    )


def test_only_coordinators_see_it(session, as_person):
    for path in ("/desk/log", "/desk/log.csv"):
        assert as_person(make_person(session)).open(path).status_code == 404
        stranger = as_person(None)
        stranger.open(path)
        assert stranger.path == "/sign-in"
