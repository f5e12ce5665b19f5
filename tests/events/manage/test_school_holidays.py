"""School holidays, kept by coordinators as data."""

from datetime import date
from io import BytesIO

import pytest
from sqlalchemy import select

from netapp.events.manage_forms.holidays import read_lines
from netapp.events.models import HolidayCalendar, SchoolHoliday
from tests.events.manage.pattern_scenes import make_calendar, repeat
from tests.events.manage.plans import lines
from tests.factories import make_event

HEADER = "name,first_day,last_day,source,checked_on\n"
HALF_TERM = ("Half term", date(2027, 2, 15), date(2027, 2, 19))


def holidays(session):
    found = select(SchoolHoliday).order_by(SchoolHoliday.first_day)
    found = found.execution_options(populate_existing=True)
    return [(h.name, h.first_day, h.last_day) for h in session.scalars(found)]


def test_a_calendar_is_added_and_filled(desk, session):
    desk.open("/desk/holidays")
    desk.send("/desk/holidays", area="Sampleshire", nation="scotland")
    assert "The calendar is there. Add its holidays." in desk.text
    assert "St Andrew’s Day" in desk.text

    desk.send(
        "/add",
        name="Half term",
        first_day="15/2/2027",
        last_day="19/2/2027",
        source="https://sampleshire.example/terms",
    )

    assert "Added Half term." in desk.text
    assert "15 to 19 February 2027" in desk.text
    assert "Checked on 11 January 2027" in desk.text
    assert holidays(session) == [HALF_TERM]
    assert [summary for _, summary, _ in lines(session)] == [
        "Added the school holidays of Sampleshire.",
        "Added to Sampleshire: Half term from 15 February 2027.",
    ]


def test_an_area_has_one_calendar(desk, session):
    make_calendar(session)
    desk.open("/desk/holidays")

    desk.send("/desk/holidays", area="Sampleshire")

    assert desk.page.status_code == 409
    assert "There is a calendar for this area already." in desk.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "Enter what it is, like Half term."),
        ({"last_day": "14/2/2027"}, "The last day is before the first."),
        ({"last_day": "19/2/2028"}, "That is longer than 100 days."),
        ({"source": ""}, "Say where this is from"),
    ],
)
def test_wrong_holidays_are_named(desk, session, typed, said):
    calendar = make_calendar(session)
    desk.open(f"/desk/holidays/{calendar.key}")

    desk.send(
        "/add",
        {"name": "A", "first_day": "15/2/2027", "last_day": "19/2/2027", "source": "B"} | typed,
    )

    assert desk.page.status_code == 422
    assert said in desk.text
    assert holidays(session) == []


def test_the_same_holiday_twice_is_refused(desk, session):
    calendar = make_calendar(session, HALF_TERM)
    desk.open(f"/desk/holidays/{calendar.key}")

    desk.send(
        "/add", name="Half term", first_day="15/2/2027", last_day="20/2/2027", source="School"
    )

    assert desk.page.status_code == 409
    assert "This holiday stands in the calendar already" in desk.text


def test_a_holiday_is_changed_and_deleted(desk, session):
    calendar = make_calendar(session, HALF_TERM)
    key = calendar.holidays[0].key
    desk.open(f"/desk/holidays/{calendar.key}/holidays/{key}")

    desk.send(f"/holidays/{key}", last_day="2027-02-22")
    assert holidays(session) == [("Half term", date(2027, 2, 15), date(2027, 2, 22))]
    desk.open(f"/desk/holidays/{calendar.key}/holidays/{key}")
    desk.send(f"/holidays/{key}/delete")

    assert holidays(session) == []


def test_an_older_page_says_what_is_there_and_can_be_saved_over_it(desk, session, as_person, jo):
    calendar = make_calendar(session, HALF_TERM)
    key = calendar.holidays[0].key
    path = f"/desk/holidays/{calendar.key}/holidays/{key}"
    desk.open(path)
    other = as_person(jo)
    other.open(path)
    other.send(f"/holidays/{key}", last_day="2027-02-22")

    desk.send(f"/holidays/{key}", last_day="2027-02-23")
    assert desk.page.status_code == 409
    assert "There now: Last day without school, 2027-02-22." in desk.text
    desk.send(f"/holidays/{key}")

    assert holidays(session)[0][2] == date(2027, 2, 23)


def test_a_file_is_brought_in_whole_and_again_adds_nothing(desk, session):
    calendar = make_calendar(session)
    text = (
        "\ufeff" + HEADER + "Half term,2027-02-15,19/02/2027,School,2027-01-11\n\n"
        '"Easter, long",2027-03-26,2027-04-09,School,2027-01-11\n'
    )
    desk.open(f"/desk/holidays/{calendar.key}")

    desk.send("/import", lines=text)
    assert "Added 2 holidays." in desk.text
    desk.send("/import", lines=text)
    assert "Added 0 holidays. 2 lines were there already." in desk.text

    assert holidays(session) == [HALF_TERM, ("Easter, long", date(2027, 3, 26), date(2027, 4, 9))]
    out = desk.client.get(f"/desk/holidays/{calendar.key}/holidays.csv").text
    plans, wrong = read_lines(out)
    assert ([plan.name for plan in plans], wrong) == (["Half term", "Easter, long"], [])


def test_a_file_from_the_disk(desk, session):
    calendar = make_calendar(session)
    desk.open(f"/desk/holidays/{calendar.key}")
    form = desk.form("/import")

    def send(content):
        data = dict(form.fields) | {"file": (BytesIO(content), "terms.csv")}
        return desk.client.post(form.action, data=data, follow_redirects=True)

    assert "not in UTF-8" in send("Fête,".encode("latin-1")).text
    assert "The file is too long." in send(b"x" * 200_000).text
    line = HEADER + "Half term,2027-02-15,2027-02-19,School,2027-01-11"
    assert "Added 1 holiday." in send(line.encode()).text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Line 1 must name the columns; missing: name, first_day"),
        ("name,first_day\n", "missing: last_day, source, checked_on."),
        (HEADER, "There is no line below the names of the columns."),
        (HEADER + ",2027-02-15,2027-02-19,S,2027-01-11", "Line 2: name is empty."),
        (HEADER + "A,soon,2027-02-19,S,2027-01-11", "Line 2: first_day is soon. Write a day"),
        (HEADER + "A,2027-02-19,2027-02-15,S,2027-01-11", "Line 2: The last day is before"),
        (HEADER + "A,2027-02-15,2027-02-19,S", "Line 2: checked_on is empty."),
        (HEADER + "A,1027-02-15,2027-02-19,S,2027-01-11", "Line 2: first_day is 1027-02-15."),
        (HEADER + 'A,"2027-02-15,2027', "a quotation mark is missing or too many."),
        (HEADER + f"{'A' * 101},2027-02-15,2027-02-19,S,2027-01-11", "name is longer than 100"),
        (HEADER + "A,2027-02-15,2027-02-19,S,2027-01-11\n" * 501, "at most 500 lines"),
    ],
)
def test_mistakes_of_a_file_are_named_by_line_and_nothing_is_kept(desk, session, text, said):
    calendar = make_calendar(session)
    desk.open(f"/desk/holidays/{calendar.key}")

    desk.send("/import", lines=text)

    assert desk.page.status_code == 422
    assert said in desk.text
    assert holidays(session) == []


def test_a_calendar_in_use_is_not_deleted(desk, session):
    calendar = make_calendar(session, HALF_TERM)
    event = make_event(session)
    repeat(session, event, calendar_id=calendar.id)
    desk.open(f"/desk/holidays/{calendar.key}")
    assert "1 pattern leaves these days out." in desk.text

    answer = desk.client.post(
        f"/desk/holidays/{calendar.key}/delete",
        data={"csrf_token": dict(desk.form("/add").fields)["csrf_token"]},
        follow_redirects=True,
    )

    assert "Patterns of events leave these holidays out." in answer.text
    assert session.scalars(select(HolidayCalendar)).all() == [calendar]


def test_a_calendar_is_renamed_and_deleted(desk, session):
    calendar = make_calendar(session, HALF_TERM)
    desk.open(f"/desk/holidays/{calendar.key}")

    desk.send(f"/desk/holidays/{calendar.key}", area="Othershire", nation="northern_ireland")
    assert "Battle of the Boyne" in desk.text
    desk.send(f"{calendar.key}/delete")

    assert session.scalars(select(HolidayCalendar)).all() == []
    assert holidays(session) == []
