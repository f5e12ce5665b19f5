"""Small notes beside the work: written in a transaction of their own, or not at all.

A note (when was this last used?) may neither fail what it notes nor keep it waiting: where the
database is locked it is given up at once.
"""

import logging
from typing import Any

from sqlalchemy import Connection, Engine, Executable
from sqlalchemy.exc import SQLAlchemyError

from netapp.kernel.db import LOCK_SECONDS, OUT_OF_TURN

log = logging.getLogger(__name__)


def note(engine: Engine, statement: Executable) -> bool:
    """Whether it was written. Never raises, and never waits for a lock."""
    try:
        with engine.connect() as connection:
            return _write(connection, statement)
    except SQLAlchemyError as error:
        log.info("note not written: %s", type(error).__name__)
        return False


def _write(connection: Connection, statement: Executable) -> bool:
    """SQLite's limit belongs to the connection, so it is put back; PostgreSQL's to the
    transaction."""
    if connection.dialect.name != "sqlite":
        with connection.begin():
            connection.exec_driver_sql("SET LOCAL lock_timeout = '1ms'")
            connection.execute(statement)
        return True
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA busy_timeout = 0")
    connection.info[OUT_OF_TURN] = True
    try:
        with connection.begin():
            connection.execute(statement)
    finally:
        connection.info.pop(OUT_OF_TURN)
        driver.execute(f"PRAGMA busy_timeout = {LOCK_SECONDS * 1000}")
    return True
