"""A person at a browser without script: opens pages, fills in the forms they hold, sends them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

Fields = Mapping[str, Any]
_FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)


@dataclass
class PageForm:
    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    """Collects each form as a browser would send it unchanged."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[PageForm] = []
        self._open: PageForm | None = None
        self._select: str | None = None
        self._options: list[tuple[str, bool]] = []
        self._area: str | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = a.get("action") or self.address
            self._open = PageForm(action, a.get("method", "get").lower())
            self.forms.append(self._open)
        form = self._open
        if form is None or "disabled" in a:
            return
        name = a.get("name", "")
        if tag == "input" and name:
            kind = a.get("type", "text")
            form.names.add(name)
            if kind in {"checkbox", "radio"} and "checked" not in a:
                return
            if kind not in {"submit", "button"}:
                form.fields.append((name, a.get("value", "on" if kind == "checkbox" else "")))
        elif tag == "button" and name:
            form.buttons.append((name, a.get("value", "")))
        elif tag == "select" and name:
            form.names.add(name)
            self._select, self._options = name, []
        elif tag == "option" and self._select:
            self._options.append((a.get("value", ""), "selected" in a))
        elif tag == "textarea" and name:
            form.names.add(name)
            self._area, self._text = name, ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if self._open is None:
            return
        if tag == "select" and self._select:
            chosen = [value for value, selected in self._options if selected]
            first = [value for value, _ in self._options[:1]]
            self._open.fields += [(self._select, value) for value in chosen or first]
            self._select = None
        elif tag == "textarea" and self._area:
            self._open.fields.append(
                (self._area, self._text.replace("\r\n", "\n").removeprefix("\n"))
            )
            self._area = None
        elif tag == "form":
            self._open = None


def read_forms(path: str, text: str) -> list[PageForm]:
    """The forms of a page as a browser would send them unchanged."""
    parser = _Forms(path)
    parser.feed("".join(_FORM.findall(text)))
    return parser.forms


class Visitor:
    """``page`` is the last answer. Redirects are followed, as browsers do."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.page: TestResponse | None = None

    @property
    def text(self) -> str:
        assert self.page is not None
        return self.page.text

    @property
    def path(self) -> str:
        assert self.page is not None
        return self.page.request.path

    def open(self, path: str) -> TestResponse:
        self.page = self.client.get(path, follow_redirects=True)
        return self.page

    def forms(self) -> list[PageForm]:
        assert self.page is not None
        return read_forms(self.page.request.path, self.page.text)

    def form(self, action: str) -> PageForm:
        """The form of the page whose address ends like this."""
        found = [f for f in self.forms() if urlsplit(f.action).path.endswith(action)]
        assert found, f"no form for {action} on {self.path}: {[f.action for f in self.forms()]}"
        return found[0]

    def send(self, action: str, fields: Fields | None = None, **more: Any) -> TestResponse:
        """Fill in and send. A value None leaves the field out; a list sends several."""
        form = self.form(action)
        changes = {**(fields or {}), **more}
        data = [(name, value) for name, value in form.fields if name not in changes]
        for name, value in changes.items():
            known = name in form.names or any(name == button for button, _ in form.buttons)
            assert known, f"the form for {action} has no field {name}: {sorted(form.names)}"
            values = value if isinstance(value, list | tuple) else [value]
            data += [(name, str(each)) for each in values if each is not None]
        self.page = self._submit(form, data)
        return self.page

    def _submit(self, form: PageForm, data: list[tuple[str, str]]) -> TestResponse:
        several: dict[str, list[str]] = {}
        for name, value in data:
            several.setdefault(name, []).append(value)
        if form.method == "get":
            path = urlsplit(form.action).path
            return self.client.get(path, query_string=several, follow_redirects=True)
        return self.client.post(form.action, data=several, follow_redirects=True)
