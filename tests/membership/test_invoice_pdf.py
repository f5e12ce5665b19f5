"""Invoices as PDF: read aloud by screen readers, whoever they are for."""

import logging

import pytest

from netapp.membership.invoice_pdf import pdf_of
from tests.mail.samples import SITE


@pytest.mark.one_database
def test_the_pdf_is_tagged_and_always_the_same(issue):
    one = issue("Zoë Łukasiewicz")
    made = pdf_of(one, site=SITE)
    for mark in (b"/StructTreeRoot", b"/Marked true", b"pdfuaid", b"/Lang"):
        assert mark in made, mark
    assert made == pdf_of(one, site=SITE)


@pytest.mark.one_database
@pytest.mark.parametrize("name", ["Ελένη Παππά", "Олена Шевчук", "שרה כהן", "محمد علي"])
def test_names_in_other_scripts_are_read_aloud_too(issue, name):
    assert b"pdfuaid" in pdf_of(issue(name), site=SITE)


@pytest.mark.one_database
def test_a_name_without_a_font_is_a_pdf_and_a_warning(issue, caplog):
    one = issue("王小明")
    with caplog.at_level(logging.WARNING):
        made = pdf_of(one, site=SITE)
    assert made.startswith(b"%PDF")
    assert (b"pdfuaid" in made, b"/StructTreeRoot" in made) == (False, True)
    assert ["invoice 2027-0001 is no PDF/UA" in line.message for line in caplog.records] == [True]


@pytest.mark.one_database
def test_what_people_type_is_never_run(issue):
    one = issue('#read("/etc/passwd") *x* $a$', order_number='"]; #panic() //')
    assert pdf_of(one, site=SITE).startswith(b"%PDF")
