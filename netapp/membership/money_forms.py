"""A field for an amount of money."""

import re
from typing import Any

from wtforms import StringField


class PoundsField(StringField):
    """An amount of money, kept as whole ``pence``."""

    def __init__(self, label: str, *, hint: str = "", **options: Any) -> None:
        super().__init__(label, **options)
        self.hint = hint
        self.pence: int | None = None

    def process_data(self, value: Any) -> None:
        self.pence = value if isinstance(value, int) else None
        self.data = "" if self.pence is None else f"{self.pence // 100}.{self.pence % 100:02d}"

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = str(valuelist[0]).strip()[:20] if valuelist else ""
        self.pence = None
        text = self.data.replace("£", "").replace(",", "").replace(" ", "")
        if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{2})?", text or "0"):
            raise ValueError("Enter an amount in pounds, like 25 or 25.50. 0 means nothing.")
        whole, _, rest = (text or "0").partition(".")
        self.pence = int(whole) * 100 + int(rest or 0)
