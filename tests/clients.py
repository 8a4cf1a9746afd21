"""Clients of the stand-ins: as patient as in the field, but where a test's own fault is silence."""

import pytest

from canned import BE_LATE
from fakes import FakeClock
from spotlight_notify.networks.facebook.publisher import FacebookPublisher
from spotlight_notify.networks.x.publisher import XKeys, XPublisher
from spotlight_notify.sandbox.faults import Fault
from spotlight_notify.sandbox.server import Sandbox
from spotlight_notify.wire.wire import Wire

PATIENT = 30.0
IMPATIENT = 2.0


def patience_for(request: pytest.FixtureRequest) -> float:
    """Give the seconds to wait for an answer: few only where the test's parameters say that none comes.

    A short wait everywhere would make a busy machine look like a silent network.
    """
    called = getattr(request.node, "callspec", None)
    given = called.params.values() if called else ()
    return IMPATIENT if Fault.LATE_ANSWER in given or BE_LATE in given else PATIENT


def x_on(sandbox: Sandbox, wire: Wire, clock: FakeClock, *, patience: float = PATIENT) -> XPublisher:
    """Give a client of the stand-in for X, signed in to its one account."""
    return XPublisher(wire.session(read=patience), x_keys(sandbox), clock=clock, base_url=sandbox.x_url)


def x_keys(sandbox: Sandbox) -> XKeys:
    """Give the keys of the stand-in's one account."""
    account = sandbox.x.account
    return XKeys(
        consumer_key=account.consumer_key,
        consumer_secret=account.consumer_secret,
        access_token=account.access_token,
        access_token_secret=account.access_token_secret,
    )


def page_on(
    sandbox: Sandbox,
    wire: Wire,
    clock: FakeClock,
    *,
    patience: float = PATIENT,
    two_phase: bool = False,
    refresh_cards: bool = False,
) -> FacebookPublisher:
    """Give a client of the stand-in for the Graph API, signed in to its one Page."""
    page = sandbox.graph.page
    return FacebookPublisher(
        wire.session(read=patience),
        page_id=page.id,
        access_token=page.access_token,
        app_secret=page.app_secret,
        clock=clock,
        base_url=sandbox.graph_url,
        two_phase=two_phase,
        refresh_cards=refresh_cards,
    )
