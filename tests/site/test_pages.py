from contextlib import suppress
from datetime import UTC, datetime

import pytest
from sqlalchemy import column, select, table, update
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from netapp.extensions import db
from tests.factories import make_coordinator, make_event, make_person

PAGES = ("/", "/about", "/accessibility", "/privacy", "/patterns", "/display")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_one_title_and_one_main_heading(visitor, path):
    page = visitor.open(path)

    assert page.status_code == 200
    assert page.text.count("<h1") == 1
    assert page.text.count("<title>") == 1
    assert 'href="#main"' in page.text
    assert "style=" not in page.text


def test_home_shows_the_next_events_and_where_to_go(visitor, session):
    make_event(session, slug="spring-day", title="Spring day")

    text = visitor.open("/").text

    assert 'href="/events/spring-day"' in text
    assert 'href="/join"' in text
    assert "Nothing is in the diary yet" not in text


def test_home_without_events_gives_one_next_step(visitor):
    assert "Nothing is in the diary yet" in visitor.open("/").text


def test_home_names_the_source_of_what_it_says(visitor):
    text = visitor.open("/").text

    assert "Attendance that comes and goes" in text
    assert "Published by Changing Tracks" in text
    assert "Figures: Sound Connections." in text


def test_menu_of_a_stranger_of_a_person_and_of_a_coordinator(as_person, session):
    stranger = as_person(None).open("/about").text
    person = as_person(make_person(session, name="Amara Osei")).open("/about").text
    coordinator = as_person(make_coordinator(session)).open("/about").text

    assert ('href="/sign-in"' in stranger, 'action="/sign-out"' in stranger) == (True, False)
    assert ("Amara" in person, 'action="/sign-out"' in person) == (True, True)
    assert ('href="/desk"' in person, 'href="/desk"' in coordinator) == (False, True)


def test_the_menu_marks_where_one_is(visitor):
    assert '<a href="/about" aria-current="page">About us</a>' in visitor.open("/about").text


def test_display_settings_are_kept_and_lead_back(visitor):
    visitor.client.get("/display", headers={"Referer": "http://localhost/about"})
    visitor.page = visitor.client.get("/display", headers={"Referer": "http://localhost/about"})

    page = visitor.send("/display", text="xl", look="calm")

    assert visitor.path == "/about"
    assert '<html lang="en-GB" data-text="xl" data-look="calm">' in page.text
    assert "This is how pages look on this device from now on." in page.text


def test_display_settings_can_be_undone(visitor):
    visitor.client.set_cookie("display", "l.calm")
    visitor.open("/display")

    page = visitor.send("/display", text="", look="")

    assert visitor.path == "/"
    assert '<html lang="en-GB">' in page.text


@pytest.mark.parametrize(
    "before", ["http://other.example/about", "http://localhost//other.example"]
)
def test_display_settings_never_lead_to_another_site(visitor, before):
    visitor.page = visitor.client.get("/display", headers={"Referer": before})

    visitor.send("/display", text="l", look="")

    assert visitor.path == "/"


def test_a_display_cookie_that_is_not_ours_counts_as_none(visitor):
    visitor.client.set_cookie("display", "huge.<script>")

    assert '<html lang="en-GB">' in visitor.open("/about").text


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 422, 429, 500, 503])
def test_error_pages_say_what_to_do_and_ask_nothing_of_the_database(app, count_queries, status):
    template = app.jinja_env.get_template("site/error.html")
    with app.test_request_context("/nowhere"), count_queries() as statements:
        text = template.render(status=status, display=None, message="")

    assert statements == []
    assert f"Page {status}" in text
    assert "Go to the home page" in text


def test_without_a_free_connection_it_is_busy_not_broken(app, client, monkeypatch):
    pool = db.engine.pool
    monkeypatch.setattr(pool, "_timeout", 0.05)
    db.session.remove()
    held = []
    with suppress(NoConnectionFree):
        while True:
            held.append(db.engine.connect())
    try:
        answer = client.get("/events")
    finally:
        for each in held:
            each.close()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "20")


def test_an_unknown_address_is_a_page_in_words(visitor):
    page = visitor.open("/nothing-here")

    assert (page.status_code, "There is no page here" in page.text) == (404, True)


def test_healthz_and_readyz(visitor):
    assert (visitor.open("/healthz").status_code, visitor.text) == (200, "ok\n")
    assert (visitor.open("/readyz").status_code, visitor.text) == (
        200,
        "database: ok\nschema: ok\n",
    )


def test_readyz_says_that_the_schema_is_old(visitor, session):
    version = table("alembic_version", column("version_num"))
    newest = session.scalar(select(version))
    session.execute(update(version).values(version_num="202601010000"))
    session.commit()
    try:
        assert (visitor.open("/readyz").status_code, visitor.text) == (
            503,
            "database: ok\nschema: is not up to date: run flask --app wsgi db upgrade\n",
        )
    finally:
        session.execute(update(version).values(version_num=newest))
        session.commit()


def test_security_txt_ends_within_a_year(visitor, at):
    with at(datetime(2027, 1, 11, 12, tzinfo=UTC)):
        text = visitor.open("/.well-known/security.txt").text

    assert "Expires: 2027-07-10T00:00:00Z\n" in text
    assert text.startswith("Contact: mailto:")


def test_robots_are_kept_from_what_is_personal(visitor):
    lines = visitor.open("/robots.txt").text.splitlines()

    assert lines[0] == "User-agent: *"
    assert {"Disallow: /desk", "Disallow: /account", "Disallow: /bookings"} <= set(lines)


def test_robots_may_fetch_every_calendar(visitor):
    """Google's calendar is one of them."""
    assert "/calendar" not in visitor.open("/robots.txt").text


def test_favicons(visitor):
    assert visitor.open("/favicon.ico").status_code == 200
    assert visitor.open("/favicon.svg").mimetype == "image/svg+xml"
