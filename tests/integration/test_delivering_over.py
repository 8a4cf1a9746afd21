"""Nothing is announced once it is over, not even if that happens while its post is made ready."""

from datetime import timedelta
from pathlib import Path

import pytest

from builders import NOW, ListedSource, aid, delivering_with, ledger_in, load_fixed, polling_with
from fakes import FakeClock, FakePublisher
from spotlight_notify.model.aids import Image
from spotlight_notify.model.posts import Picture
from spotlight_notify.model.words import Cause, State
from spotlight_notify.operations.deliver import deliver_next
from spotlight_notify.operations.poll.poll_source import poll_source

EVERY, MINUTE = timedelta(minutes=15), timedelta(minutes=1)


@pytest.mark.parametrize("end", ["event_at", "expires_at"])
def test_a_webinar_that_begins_while_its_picture_is_fetched_is_skipped(tmp_path: Path, end: str) -> None:
    clock, publisher = FakeClock(NOW), FakePublisher()

    def slowly(image: Image) -> Picture:
        clock.advance(2 * MINUTE)
        return load_fixed(image)

    ledger = ledger_in(tmp_path)
    poster = Image(url="https://valor.test/a.png", alt="A poster")
    source = ListedSource([], [aid(1, images=(poster,), **{end: NOW + MINUTE})])
    for _ in range(2):
        poll_source(source, EVERY, polling_with(ledger, clock))
    assert deliver_next("valor-x", publisher, delivering_with(ledger, clock, load_picture=slowly))
    (one,) = ledger.deliveries(channel="valor-x")
    assert publisher.posts == []
    assert (one.state, one.cause) == (State.SKIPPED, Cause.OVER)
    assert one.reason is not None
    assert "while it was made ready" in one.reason
    ledger.close()
