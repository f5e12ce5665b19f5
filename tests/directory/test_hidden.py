"""Hidden means hidden: in pages, search, filters, counts, order and previews, for each audience.

Every part of a profile gets words that are nowhere else. Whoever is not to see a part walks all
pages that are open to them and searches for its words: nothing is found.
"""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from netapp.directory.fields import Audience, ProfileField, Visibility
from netapp.directory.queries.search import GROUPS
from netapp.organisations.models import Affiliation
from netapp.people.models import Person
from netapp.vocabulary.models import Term
from tests.directory.scenes import EVERYONE, MEMBERS, NOBODY, make_listed, path_of
from tests.factories import NOW, make_coordinator, make_member, make_organisation, make_person

TERMS = {
    ProfileField.NEEDS: "homelessness",
    ProfileField.SETTINGS: "pupil-referral-units",
    ProfileField.GENRES: "genre-gospel-and-worship",
    ProfileField.APPROACHES: "approach-music-therapy",
    ProfileField.SKILLS: "skill-djing",
    ProfileField.LANGUAGES: "language-tamil",
    ProfileField.AREAS: "area-wales",
}
TEXTS = {
    ProfileField.ROLE: "secret-role",
    ProfileField.PRONOUNS: "secret-pronouns",
    ProfileField.ABOUT: "secret-about",
    ProfileField.WEBSITE: "https://secret-website.example.org",
    ProfileField.PHONE: "020 7946 0999",
    ProfileField.ORGANISATIONS: "secret-organisation",
}
FIELDS = [*TEXTS, *TERMS]


def make_secretive(session: Session, hidden: ProfileField, choice: Visibility) -> Person:
    """Everything is for everyone but one part, and that is ``choice``'s."""
    see = dict.fromkeys(ProfileField, EVERYONE) | {hidden: choice}
    texts = {field.value: text for field, text in TEXTS.items()}
    del texts["organisations"]
    person = make_listed(session, "Amara Osei", terms=tuple(TERMS.values()), see=see, **texts)
    works_for = make_organisation(session, name=TEXTS[ProfileField.ORGANISATIONS])
    session.add(
        Affiliation(key="works", person_id=person.id, organisation_id=works_for.id, created_at=NOW)
    )
    session.commit()
    return person


def words_of(session: Session, field: ProfileField) -> str:
    if field in TEXTS:
        return TEXTS[field].removeprefix("https://")
    return next(t.label for t in session.query(Term) if t.slug == TERMS[field])


def everything_a_member_opens(visitor, path: str, words: str) -> Iterator[str]:
    for address in ("/directory", path, "/directory?page=2"):
        yield visitor.open(address).text
    for group, field in GROUPS.items():
        yield visitor.open(f"/directory?{group}={TERMS[field]}").text


def found(visitor, query: dict[str, str]) -> bool:
    page = visitor.client.get("/directory", query_string=query)
    return "Amara Osei" in page.text


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.value)
def test_what_members_are_not_to_see_is_nowhere(session, as_person, field):
    amara = make_secretive(session, field, NOBODY)
    make_listed(session, "Zoë Long")
    visitor, words = as_person(make_member(session)), words_of(session, field)
    pages = list(everything_a_member_opens(visitor, path_of(session, amara), words))
    assert [page for page in pages if words in page] == []
    assert not found(visitor, {"q": words})
    if field in TERMS:
        every = visitor.open("/directory").text
        assert f'value="{TERMS[field]}"' not in every  # No filter, so no count.


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.value)
@pytest.mark.parametrize("who", ["stranger", "guest"])
def test_what_is_for_members_is_on_no_public_page(session, as_person, field, who):
    amara = make_secretive(session, field, MEMBERS)
    visitor = as_person(make_person(session) if who == "guest" else None)
    page = visitor.open(path_of(session, amara))
    assert page.status_code == 200
    assert words_of(session, field) not in page.text
    others = set(FIELDS) - {field}
    assert [each for each in others if words_of(session, each) not in page.text] == []


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.value)
def test_members_see_the_rest(session, as_person, field):
    """Or all tests above would pass on an empty page."""
    amara = make_secretive(session, field, MEMBERS)
    visitor = as_person(make_member(session))
    page = visitor.open(path_of(session, amara)).text
    assert [each for each in FIELDS if words_of(session, each) not in page] == []
    searched = field not in (ProfileField.WEBSITE, ProfileField.PHONE)
    assert found(visitor, {"q": words_of(session, field)}) == searched


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.value)
def test_coordinators_are_shown_no_more_than_members(session, as_person, field):
    amara = make_secretive(session, field, NOBODY)
    visitor = as_person(make_coordinator(session))
    pages = everything_a_member_opens(visitor, path_of(session, amara), words_of(session, field))
    assert [page for page in pages if words_of(session, field) in page] == []


def test_nothing_reaches_further_than_the_entry(session, as_person):
    see = dict.fromkeys(ProfileField, EVERYONE) | {ProfileField.ENTRY: NOBODY}
    amara = make_listed(session, "Amara Osei", role="secret-role", see=see)
    for person in (None, make_member(session), make_coordinator(session)):
        assert as_person(person).open(path_of(session, amara)).status_code == 404
    assert not found(as_person(make_member(session)), {"q": "secret"})


def test_each_audience_has_its_own_least():
    assert {audience: audience.needs for audience in Audience} == {
        Audience.PUBLIC: EVERYONE,
        Audience.MEMBERS: MEMBERS,
        Audience.COORDINATORS: MEMBERS,
    }
