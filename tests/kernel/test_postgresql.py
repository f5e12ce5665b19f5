"""What each connection to a PostgreSQL server is told."""

import pytest

from netapp.extensions import db

pytestmark = pytest.mark.postgresql


def test_a_server_that_has_vanished_is_not_waited_for(app):
    with db.engine.connect() as connection:
        told = connection.connection.driver_connection.info.get_parameters()
    assert (told["connect_timeout"], told["tcp_user_timeout"]) == ("10", "20000")
    assert (told["keepalives_idle"], told["keepalives_interval"]) == ("20", "5")
