import re

import pytest
from sqlalchemy import select

from netapp.feeds.models import FeedToken
from tests.factories import NOW, make_person
from tests.feeds.reading import token_of

PAGE = "/account/calendar"


@pytest.fixture
def me(session, sign_in):
    return sign_in(make_person(session))


def shown_address(text):
    found = re.findall(
        r"<code data-copy-text>http://127.0.0.1:8000(/calendar/my/\S+\.ics)</code>", text
    )
    assert len(found) == 1
    return found[0]


def names(session):
    return list(session.scalars(select(FeedToken.name).order_by(FeedToken.id)))


def test_an_address_is_shown_once_with_the_ways_to_subscribe(visitor, session, me, client):
    visitor.open(PAGE)
    page = visitor.send(PAGE, name="My phone")

    path = shown_address(page.text)
    assert client.get(path).status_code == 200
    assert f'href="webcal://127.0.0.1:8000{path}"' in page.text
    assert "https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2F127.0.0.1" in page.text
    assert "https://outlook.live.com/calendar/0/addfromweb?url=http%3A%2F%2F127.0.0.1" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "same-origin"
    again = visitor.open(PAGE)
    assert path not in again.text
    assert "My phone" in again.text


def test_only_its_hash_is_kept(visitor, session, me):
    visitor.open(PAGE)
    path = shown_address(visitor.send(PAGE, name="My phone").text)
    token = path.removeprefix("/calendar/my/").removesuffix(".ics")

    assert len(token) == 43
    assert session.scalar(select(FeedToken.token_hash)) != token


def test_two_devices_two_addresses_and_one_ended(visitor, session, me, client):
    visitor.open(PAGE)
    phone = shown_address(visitor.send(PAGE, name="My phone").text)
    visitor.open(PAGE)
    work = shown_address(visitor.send(PAGE, name="Work").text)
    key = session.scalar(select(FeedToken.key).where(FeedToken.name == "My phone"))

    visitor.open(PAGE)
    page = visitor.send(f"{PAGE}/{key}/end")

    assert "That calendar address leads nowhere now." in page.text
    assert client.get(phone).status_code == 404
    assert client.get(work).status_code == 200


def test_a_form_sent_twice_makes_one_address_and_the_last_answer_is_right(
    visitor, session, me, client
):
    visitor.open(PAGE)
    form = dict(visitor.form(PAGE).fields) | {"name": "My phone"}

    first = client.post(PAGE, data=form)
    second = client.post(PAGE, data=form)

    assert names(session) == ["My phone"]
    assert client.get(shown_address(second.text)).status_code == 200
    assert client.get(shown_address(first.text)).status_code == 404


def test_an_address_that_a_calendar_has_used_is_not_shown_again(visitor, session, me, client):
    visitor.open(PAGE)
    form = dict(visitor.form(PAGE).fields) | {"name": "My phone"}
    path = shown_address(client.post(PAGE, data=form).text)
    client.get(path, buffered=True)

    again = client.post(PAGE, data=form)

    assert again.status_code == 409
    assert "It is shown only once" in again.text
    assert client.get(path).status_code == 200


def test_a_name_is_asked_for_and_what_was_typed_stays(visitor, session, me):
    visitor.open(PAGE)
    empty = visitor.send(PAGE, name="  ")
    assert (empty.status_code, names(session)) == (422, [])
    assert "Give it a name" in empty.text

    long = visitor.send(PAGE, name="x" * 61)
    assert long.status_code == 422
    assert "x" * 61 in long.text


def test_twenty_addresses_are_enough(visitor, session, me):
    for n in range(20):
        token_of(session, me, f"Device {n}")
    visitor.open(PAGE)

    page = visitor.send(PAGE, name="One more")

    assert page.status_code == 409
    assert "as many calendar addresses as one person can have" in page.text
    assert 'value="One more"' in page.text
    assert len(names(session)) == 20


def test_nobody_ends_the_address_of_somebody_else(visitor, session, me):
    other = make_person(session)
    token_of(session, other)
    key = session.scalar(select(FeedToken.key))
    visitor.open(PAGE)
    form = dict(visitor.form(PAGE).fields)

    answer = visitor.client.post(f"{PAGE}/{key}/end", data=form)

    assert answer.status_code == 404
    assert names(session) == ["My phone"]


def test_last_fetch_is_shown(visitor, session, me):
    token_of(session, me, "My phone")
    assert "No calendar has read it yet." in visitor.open(PAGE).text
    session.scalars(select(FeedToken)).one().last_fetched_at = NOW
    session.commit()

    assert "Last read on Monday 11 January 2027 at midday GMT." in visitor.open(PAGE).text


def test_a_stranger_is_asked_to_sign_in(visitor, app):
    visitor.open(PAGE)

    assert visitor.path == "/sign-in"


@pytest.mark.parametrize("addresses", [1, 15])
def test_the_page_costs_the_same_for_one_and_for_many(
    visitor, session, me, count_queries, addresses
):
    for n in range(addresses):
        token_of(session, me, f"Device {n}")

    with count_queries() as statements:
        visitor.open(PAGE)

    assert len(statements) == 2
