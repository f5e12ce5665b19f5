"""What the platform is measured against: a Flask view that does one primary-key SELECT.

The same server with the same settings, the same database, the same driver; nothing else:

    python -m bench.bare

reads the settings of the platform from the environment and listens on PORT.
"""

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from config import load_settings
from netapp.kernel.db import Base, prepare_engine
from netapp.site.web_server import serve_web
from netapp.vocabulary.models import Term

settings = load_settings()
app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
db = SQLAlchemy(app, metadata=Base.metadata)
with app.app_context():
    prepare_engine(db.engine)


@app.get("/bare/<int:term_id>")
def bare(term_id: int) -> str:
    return db.session.execute(select(Term.label).where(Term.id == term_id)).scalar_one()


if __name__ == "__main__":
    serve_web(app, settings)
