"""The same work by hand."""

import pytest

from netapp.mail.models import MailState
from tests.mail.samples import queue


@pytest.fixture
def run(app):
    def _run(*words: str):
        return app.test_cli_runner().invoke(args=list(words))

    return _run


def test_jobs_run_does_what_is_due_and_says_so(session, run, app):
    row = queue(session)
    result = run("jobs", "run")
    assert result.exit_code == 0
    assert "mail.deliver: 1 done\n" in result.output
    assert "limits.purge: 0 done\n" in result.output
    session.expire_all()
    assert row.state is MailState.SENT
    for file in app.extensions["settings"].mail_folder.glob("*.eml"):
        file.unlink()


def test_jobs_run_leaves_what_is_not_due_unless_told(run):
    run("jobs", "run")
    assert "limits.purge: not due, or a worker has it\n" in run("jobs", "run").output
    assert "limits.purge: 0 done\n" in run("jobs", "run", "--all").output


def test_jobs_run_names_the_jobs_there_are(run):
    assert run("jobs", "run", "limits.purge").output == "limits.purge: 0 done\n"
    result = run("jobs", "run", "nothing")
    assert result.exit_code == 2
    assert "There is no job nothing. There are: " in result.output
    assert "mail.deliver" in result.output


def test_mail_deliver_says_what_became_of_it(session, run, app):
    queue(session)
    result = run("mail", "deliver")
    assert result.output == "Sent 1, to be tried again 0, given up 0.\n"
    for file in app.extensions["settings"].mail_folder.glob("*.eml"):
        file.unlink()


@pytest.mark.parametrize(
    "command", [("worker",), ("jobs",), ("jobs", "run"), ("mail",), ("mail", "deliver")]
)
def test_help_says_what_it_does(run, command):
    result = run(*command, "--help")
    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 5
