"""The link by which people of an organisation take its seats."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from netapp.kernel.db import Base


class SeatLink(Base):
    """Whoever has the link of an organisation can take one of its seats, while it is open. A new
    ``version`` ends every link that was passed on before. Without a row there was never one."""

    __tablename__ = "seat_links"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    version: Mapped[int]
    is_open: Mapped[bool]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
