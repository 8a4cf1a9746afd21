"""Who changes something is on record: by the login, or by name where a login has none."""

import pwd

import click
import pytest
from click.testing import CliRunner

from spotlight_notify.cli.options import by_option
from spotlight_notify.model.errors import Refused


@click.command()
@by_option
def signed(who: str) -> None:
    """Say who it was."""
    click.echo(who)


@pytest.fixture(params=[KeyError("uid not found: 54321"), OSError("No username set")])
def nameless(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Be a user whom neither the environment nor the system has a name for, as in a container."""

    def unknown(uid: int) -> None:
        raise request.param

    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", unknown)


@pytest.mark.usefixtures("nameless")
def test_a_login_without_a_name_is_asked_for_one() -> None:
    done = CliRunner().invoke(signed, [])
    assert isinstance(done.exception, Refused)
    assert str(done.exception) == "say who you are with --by NAME; this login has no name"


@pytest.mark.usefixtures("nameless")
def test_a_login_without_a_name_may_say_one_and_read_the_help() -> None:
    assert CliRunner().invoke(signed, ["--by", " Desk 4 "]).output == "Desk 4\n"
    assert CliRunner().invoke(signed, ["--help"]).exit_code == 0


def test_else_it_is_the_login(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "desk-5")
    assert CliRunner().invoke(signed, []).output == "desk-5\n"
