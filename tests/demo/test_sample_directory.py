"""The people of the demo's directory say only what the lists know."""

import csv

from netapp.demo.operations.sample_directory import SAMPLES
from netapp.vocabulary.operations import FILE


def test_every_term_of_the_samples_is_in_the_lists():
    known = {row["slug"] for row in csv.DictReader(FILE.read_text(encoding="utf-8").splitlines())}
    assert [slug for one in SAMPLES for slug in one.terms if slug not in known] == []
