"""The controlled lists: what is in them, and that loading them again changes nothing."""

import csv

from sqlalchemy import select

from netapp.kernel.revisions import revision_of
from netapp.vocabulary.models import Term, TermKind
from netapp.vocabulary.operations import FILE, load_terms
from netapp.vocabulary.queries import find_term, find_terms, terms_by_kind
from tests.factories import NOW

IN_FILE = len(list(csv.DictReader(FILE.read_text(encoding="utf-8").splitlines())))


IN_FILE = len(list(csv.DictReader(FILE.read_text(encoding="utf-8").splitlines())))


def labels(session):
    return {
        kind.value: [term.label for term in terms] for kind, terms in terms_by_kind(session).items()
    }


def test_terms_stand_kind_by_kind_in_the_order_of_the_file(session):
    assert load_terms(session, now=NOW) == IN_FILE
    found = labels(session)
    lists = ("circumstance", "youth_music_category", "area", "remit")
    assert {kind: found[kind] for kind in lists} == {
        "circumstance": [
            "Special Educational Needs and Disability",
            "Not in Education, Employment or Training",
            "Refugees, asylum seekers and migrants",
            "Homelessness and risk of homelessness",
            "Looked After Children",
            "Youth justice and detention settings",
            "Mental health",
            "Socio-economic deprivation",
        ],
        "youth_music_category": [
            "Economic difficulties",
            "Life conditions",
            "Life circumstances",
            "Behavioural issues",
        ],
        "area": [
            "East Midlands",
            "East of England",
            "London",
            "North East England",
            "North West England",
            "South East England",
            "South West England",
            "West Midlands",
            "Yorkshire and the Humber",
            "Scotland",
            "Wales",
            "Northern Ireland",
        ],
        "remit": [
            "Majority Challenging Circumstances",
            "Minority Challenging Circumstances: targeted projects",
            "Minority Challenging Circumstances: widening open access",
        ],
    }


def test_what_members_say_of_their_work_has_lists_of_its_own(session):
    load_terms(session, now=NOW)
    found = labels(session)
    assert found["setting"][:3] == [
        "Other health-related settings",
        "Pupil Referral Units",
        "Special schools",
    ]
    asked = ("setting", "genre", "approach", "skill", "language")
    assert {kind: len(found[kind]) for kind in asked} == {
        "setting": 10, "genre": 18, "approach": 14, "skill": 20, "language": 23,
    }  # fmt: skip


def test_councils_are_areas_found_by_their_region_and_what_they_were_called(session):
    load_terms(session, now=NOW)
    councils = terms_by_kind(session)[TermKind.LOCAL_AUTHORITY]
    assert len(councils) == 218
    assert [term.label for term in councils] == sorted(term.label for term in councils)
    assert find_term(session, "la-merton").synonyms == ["London"]
    joined = find_term(session, "la-bournemouth-christchurch-and-poole")
    assert joined.synonyms == ["South West England", "Bournemouth & Poole", "BCP"]


def test_a_term_carries_the_words_people_search_with(session):
    load_terms(session, now=NOW)
    term = find_term(session, "pupil-referral-units")
    assert term.abbreviations == ["PRU"]
    assert term.synonyms == [
        "PRUs",
        "school exclusions",
        "alternative provision",
        "AP",
        "excluded pupils",
        "exclusion",
        "suspended pupils",
        "at risk of exclusion",
    ]


def test_loading_again_changes_nothing(session):
    load_terms(session, now=NOW)
    before = labels(session)
    assert load_terms(session, now=NOW) == 0
    assert labels(session) == before
    assert revision_of(session, "events") == (1, NOW)


def test_loading_again_corrects_what_differs_and_keeps_what_it_does_not_know(session):
    load_terms(session, now=NOW)
    find_term(session, "neet").label = "Something else"
    own = {"slug": "own", "label": "Our own", "kind": TermKind.SETTING, "position": 99}
    session.add(Term(**own))
    session.flush()
    assert load_terms(session, now=NOW) == 1
    assert find_term(session, "neet").label == "Not in Education, Employment or Training"
    assert find_term(session, "own").label == "Our own"
    assert len(session.scalars(select(Term.id)).all()) == IN_FILE + 1


def test_unknown_terms_are_not_found(session):
    load_terms(session, now=NOW)
    assert find_term(session, "nothing") is None
    found = find_terms(session, ["mental-health", "nothing", "send"])
    assert [term.slug for term in found] == ["send", "mental-health"]


def test_without_terms_there_are_no_kinds(session):
    assert terms_by_kind(session) == {}
