"""Extension objects, created unbound so that any module may import them."""

from typing import Any

from flask import current_app
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from flask_wtf.csrf import CSRFProtect

from netapp.kernel.db import Base


class SiteSession(Session):
    """A database session that knows the site it works for; see kernel/site.py."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.info["site"] = current_app.extensions["site"]


db = SQLAlchemy(metadata=Base.metadata, session_options={"class_": SiteSession})
login_manager = LoginManager()
csrf = CSRFProtect()
