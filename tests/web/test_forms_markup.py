"""The macros of forms: what is wrong is said beside the field and listed first, with links."""

import re

import pytest
from flask import render_template_string

from netapp.site.forms import filled_sample, wrong_sample

PAGE = """{% from "components/forms.html" import error_summary, field, radios, checks %}
{{ error_summary(form, more) }}{{ field(form.name) }}{{ field(form.email, type="email") }}
{{ field(form.places) }}{{ field(form.needs) }}{{ radios(form.mode) }}{{ checks(form.dates) }}"""


@pytest.fixture
def wrong(app):
    with app.test_request_context("/"):
        return render_template_string(PAGE, form=wrong_sample(), more=["The last place went."])


def test_each_wrong_field_is_listed_with_a_link_that_leads_to_a_control(wrong):
    links = re.findall(r'<a href="#([^"]+)">([^<]+)</a>', wrong)

    assert dict(links)["wrong-email"] == "Enter an email address, like name@example.org."
    assert dict(links)["wrong-mode-0"] == "Choose one."
    shown = set(re.findall(r'\bid="([^"]+)"', wrong))
    assert {"wrong-email", "wrong-mode-0", "wrong-dates-0"} <= shown


def test_the_list_takes_the_focus_and_counts(wrong):
    assert re.search(r'id="error-summary" tabindex="-1" autofocus role="alert"', wrong)
    assert "There are 9 things to put right" in wrong
    assert "<li>The last place went.</li>" in wrong


def test_a_wrong_field_keeps_what_was_typed_and_points_to_its_error(wrong):
    control = re.search(r'<input[^>]*id="wrong-email"[^>]*>', wrong)

    assert control
    assert 'value="amara at example"' in control.group()
    assert 'aria-invalid="true"' in control.group()
    assert 'aria-describedby="wrong-email-hint wrong-email-error"' in control.group()


def test_only_what_need_not_be_filled_in_is_marked(app):
    with app.test_request_context("/"):
        page = render_template_string(PAGE, form=filled_sample(), more=[])

    labels = dict(re.findall(r'<label for="(good-\w+)">(.*?)</label>', page))
    assert "(optional)" in labels["good-needs"]
    assert "(optional)" not in labels["good-email"]
    assert "error-summary" not in page
