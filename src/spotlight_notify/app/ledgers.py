"""Open the ledger alone, to read it or to write to it: all that most commands need."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING

from spotlight_notify.app.chance import clock as local_clock
from spotlight_notify.config.configuration import Config, address_of
from spotlight_notify.model.advice import Said
from spotlight_notify.model.aids import ON_DEMAND
from spotlight_notify.model.campaigns import Channel
from spotlight_notify.model.errors import NothingRecorded
from spotlight_notify.operations.decide.renames import Configured

if TYPE_CHECKING:
    from spotlight_notify.ledger.opening import Purpose
    from spotlight_notify.ports.ledger import Ledger


def configured_in(config: Config) -> Configured:
    """Return the names of a configuration, as the ledger is searched by them."""
    return Configured(
        sources=addresses_of(config),
        channels={name: channel.network for name, channel in config.channels.items()},
        campaigns=tuple(campaign.name for campaign in config.campaigns),
    )


def addresses_of(config: Config) -> dict[str, str]:
    """Return where each source is, by name: a hash of its address; empty where that is not known."""
    return {
        name: "" if ("sources", name, "url") in config.placeholders else address_of(settings)
        for name, settings in config.sources.items()
    }


@contextmanager
def open_ledger(config: Config, purpose: "Purpose | None" = None) -> Iterator["Ledger"]:
    """Open the ledger alone, for writing, with a row for everything that the configuration names."""
    from spotlight_notify.ledger.opening import Purpose
    from spotlight_notify.ledger.opening import open_ledger as open_sql

    with closing(open_sql(config.ledger_url, purpose=purpose or Purpose.WRITE)) as ledger:
        _register(ledger, config)
        yield ledger


@contextmanager
def read_ledger(config: Config, say: Callable[[Said], None] | None = None) -> Iterator["Ledger"]:
    """Open the ledger as it is, and change nothing of it.

    Where nothing has been recorded yet an empty ledger stands in that is thrown away; ``say`` is told.
    """
    from spotlight_notify.ledger.opening import Purpose
    from spotlight_notify.ledger.opening import open_ledger as open_sql

    with ExitStack() as stack:
        try:
            ledger = stack.enter_context(closing(open_sql(config.ledger_url, purpose=Purpose.READ)))
        except NothingRecorded as nothing:
            if say:
                say(nothing.said)
            from tempfile import TemporaryDirectory

            folder = stack.enter_context(TemporaryDirectory(prefix="spotlight-"))
            ledger = stack.enter_context(closing(open_sql(f"sqlite:///{folder}/ledger.sqlite3")))
            _register(ledger, config)
        yield ledger


def _register(ledger: "Ledger", config: Config) -> None:
    channels = [Channel(name=name, network=c.on) for name, c in config.channels.items()]
    now = ledger.tell_time() or local_clock()
    ledger.register({**addresses_of(config), ON_DEMAND: ""}, channels, now)
    ledger.ask_unapproved({each.name: each.approval for each in config.campaigns}, now)
