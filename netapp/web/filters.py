"""Template filters and globals for times and words; the words are made in kernel/words.py."""

from flask import Flask

from netapp.kernel import words
from netapp.web.forms import form_token


def register(app: Flask) -> None:
    for name in (
        "date_words",
        "day_words",
        "short_date_words",
        "time_words",
        "hours_words",
        "span_words",
        "dates_words",
        "zone_words",
        "count_words",
        "join_words",
    ):
        app.add_template_filter(getattr(words, name), name)
        app.add_template_global(getattr(words, name), name)
    app.add_template_global(form_token)
