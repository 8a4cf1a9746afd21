"""Real daemons, real signals, real answers that come late or never."""

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from processes import SECONDS, Notify, start_daemon, until
from spotlight_notify.app.chance import clock
from spotlight_notify.app.configuration import load_config
from spotlight_notify.app.ledgers import open_ledger
from spotlight_notify.model.campaigns import Plan, Scope
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import ScopeKind, State
from spotlight_notify.sandbox.fault_scripts import parse_script
from spotlight_notify.sandbox.server import Sandbox

pytestmark = pytest.mark.long

NEW = ("--title", "Keep Calm and De-Escalate", "--url", "https://www.valorforblue.org/keep-calm")
LATER = ("--at", f"{clock().year + 1}-12-01 09:00")


def deliveries(config: Path) -> tuple[Delivery, ...]:
    with open_ledger(load_config(config, {})) as ledger:
        return ledger.deliveries()


def states(config: Path) -> list[State]:
    return sorted(delivery.state for delivery in deliveries(config))


def make_due(config: Path) -> None:
    """Make every waiting delivery due, as another process would."""
    with open_ledger(load_config(config, {})) as ledger, ledger.recording("on-demand") as book:
        for waiting in ledger.deliveries(states=[State.PENDING]):
            plan = Plan(
                campaign=waiting.campaign,
                channel=waiting.channel,
                state=State.PENDING,
                due_at=clock(),
                post=waiting.post,
            )
            assert book.replan(waiting.id, plan, clock())


@contextmanager
def running(config: Path) -> Iterator["subprocess.Popen[str]"]:
    """Run a daemon that has started; it is killed at the end if it still runs."""
    with start_daemon(config) as daemon:
        assert daemon.stderr is not None
        assert "started" in daemon.stderr.readline()
        yield daemon


@pytest.fixture
def waiting(notify: Notify, config: Path) -> Path:
    """Plan an aid's two deliveries for much later, after the first look; gives the configuration."""
    notify("--config", config, "once")
    notify("--config", config, "announce", *NEW, *LATER)
    return config


def test_what_another_process_records_leaves_through_the_daemon(waiting: Path, sandbox: Sandbox) -> None:
    with running(waiting) as daemon:
        make_due(waiting)
        until(lambda: len(sandbox.x.posts) == len(sandbox.graph.posts) == 1)
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(SECONDS) == 0
    assert states(waiting) == [State.SENT, State.SENT]


def test_sigterm_finishes_and_records_the_post_in_flight(waiting: Path, sandbox: Sandbox) -> None:
    sandbox.x.faults.add("slow-answer")
    with running(waiting) as daemon:
        make_due(waiting)
        until(lambda: len(sandbox.x.posts) == 1)
        assert State.SENDING in states(waiting)
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(SECONDS) == 0
    assert states(waiting) == [State.SENT, State.SENT]
    assert {d.receipt.post_id for d in deliveries(waiting) if d.receipt and d.channel == "sample-x"} == {
        sandbox.x.posts[0].id
    }


@pytest.mark.parametrize(("number", "code"), [(signal.SIGHUP, 129), (signal.SIGTERM, 0), (signal.SIGINT, 0)])
def test_command_line_22_sighup_ends_so_that_a_service_is_started_anew(
    waiting: Path, number: signal.Signals, code: int
) -> None:
    with running(waiting) as daemon:
        daemon.send_signal(number)
        _, said = daemon.communicate(timeout=SECONDS)
    assert daemon.returncode == code
    assert '"event": "stopped"' in said


def test_a_second_signal_leaves_at_once_and_the_post_is_found_later(waiting: Path, sandbox: Sandbox) -> None:
    shorten_lease(waiting)
    sandbox.x.faults.add("late-answer")
    with running(waiting) as daemon:
        make_due(waiting)
        until(lambda: len(sandbox.x.posts) == 1)
        until(lambda: signalled(daemon))
        assert daemon.returncode == 128 + signal.SIGTERM
    with running(waiting):
        until(lambda: states(waiting) == [State.SENT, State.SENT])
    assert len(sandbox.x.posts) == 1


@pytest.mark.parametrize(
    ("on_x", "on_page"),
    [("late-answer", "code-2-live"), ("500-live", "lost-answer"), ("reset-after", "500-live")],
)
def test_promise_26_accidents_1_and_2_killed_or_unanswered_is_posted_once_after_ten_restarts(
    waiting: Path, sandbox: Sandbox, on_x: str, on_page: str
) -> None:
    shorten_lease(waiting)
    sandbox.x.faults.add(on_x)
    sandbox.graph.faults.add(on_page)
    with running(waiting) as daemon:
        make_due(waiting)
        until(lambda: len(sandbox.x.posts) == len(sandbox.graph.posts) == 1)
        daemon.kill()
    for _ in range(10):
        with running(waiting) as daemon:
            until(lambda: State.SENDING not in states(waiting))
            daemon.kill()
    assert len(sandbox.x.posts) == len(sandbox.graph.posts) == 1
    with running(waiting):
        until(lambda: states(waiting) == [State.SENT, State.SENT])
    receipts = {d.receipt.post_id for d in deliveries(waiting) if d.receipt}
    assert receipts == {sandbox.x.posts[0].id, sandbox.graph.posts[0].id}
    assert len(sandbox.x.posts) == len(sandbox.graph.posts) == 1


def test_accident_15_two_daemons_on_one_postgresql_post_once(
    config: Path, sandbox: Sandbox, postgres_url: str
) -> None:
    config.write_text(config.read_text().replace("sqlite:///spotlight.sqlite3", postgres_url))
    with ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(running(config))
        until(lambda: baselines(config) == 2)
        published = sandbox.site.publish_next(3)
        until(lambda: len(sandbox.x.posts) + len(sandbox.graph.posts) >= 2 * len(published))
        until(lambda: states(config) == [State.SENT] * 2 * len(published))
    wanted = sorted(entry.link for entry in published)
    for posts in (sandbox.x.posts, sandbox.graph.posts):
        found = [link for post in posts for link in wanted if link in post.text]
        assert sorted(found) == wanted


def test_accident_11_a_hold_among_two_daemons_lets_at_most_the_requests_in_flight_out(
    config: Path, sandbox: Sandbox, postgres_url: str
) -> None:
    config.write_text(config.read_text().replace("sqlite:///spotlight.sqlite3", postgres_url))
    everything, by = Scope(kind=ScopeKind.ALL), {"who": "Chief", "reason": "an incident"}

    def posted() -> int:
        return len(sandbox.x.posts) + len(sandbox.graph.posts)

    with ExitStack() as stack:
        ledger = stack.enter_context(open_ledger(load_config(config, {})))
        for _ in range(2):
            stack.enter_context(running(config))
        until(lambda: baselines(config) == 2)
        first = ledger.place_hold(everything, **by, now=clock(), until_at=None)
        for number in range(10):
            sandbox.site.publish_titled(f"Aid {number} of ten")
        until(lambda: states(config) == [State.PENDING] * 20)
        sandbox.faults.carry_out(parse_script("x publish: slow-answer*3; facebook publish: slow-answer*3"))
        assert ledger.lift_hold(first.id, **by, now=clock())
        until(lambda: posted() >= 3)
        second = ledger.place_hold(everything, **by, now=clock(), until_at=None)
        before = posted()
        until(lambda: State.SENDING not in states(config))
        time.sleep(2)
        assert posted() <= before + len(ledger.channels())
        assert posted() < 20
        assert ledger.lift_hold(second.id, **by, now=clock())
        until(lambda: states(config) == [State.SENT] * 20)
        assert posted() == 20


def baselines(config: Path) -> int:
    with open_ledger(load_config(config, {})) as ledger:
        return sum(1 for source in ledger.sources() if source.baseline_at)


def signalled(daemon: "subprocess.Popen[str]") -> bool:
    """Send SIGTERM (once more) and tell whether the daemon has ended."""
    daemon.send_signal(signal.SIGTERM)
    return daemon.poll() is not None


def shorten_lease(config: Path) -> None:
    config.write_text(config.read_text() + '\n[delivery]\nlease = "2s"\n')
