"""A network that the package does not know is added by its settings alone, and gets aids like any other."""

import json
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from processes import until
from spotlight_notify.app.chance import clock
from spotlight_notify.app.composition import App, open_app
from spotlight_notify.app.configuration import load_config
from spotlight_notify.config.channel_settings import Kinds
from spotlight_notify.model.errors import ConfigError, TemplateError
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import State
from spotlight_notify.networks.registry import KINDS
from spotlight_notify.rules.approval import post_hash
from spotlight_notify.sandbox.rehearsal import write_configuration
from spotlight_notify.sandbox.server import Sandbox
from spotlight_notify.worker.daemon import Daemon
from tiny_network.settings import BoardSettings
from tiny_network.traits import BOARD
from website import Page, Website

ALL: Kinds = (*KINDS, BoardSettings)
"""The one line that adds it."""

TEMPLATES = {
    "board.j2": "NOTICE {{ title }}\n\n{{ summary }}\n\n{{ link }} {{ hashtag }}",
    "board.digest.j2": "{{ theme }} {% for aid in aids %}{{ aid.title }} {% endfor %}"
    "{{ more or '' }} {{ link }} {{ hashtag }}",
    "board.correction.j2": "{{ text }} {{ link }} {{ hashtag }}",
}


@pytest.fixture
def board() -> Iterator[Website]:
    with Website() as opened:
        opened.put("/notices/all", Page(body=b"[]"))
        yield opened


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(clock=clock) as opened:
        yield opened


@pytest.fixture
def path(tmp_path: Path, sandbox: Sandbox, board: Website) -> Path:
    """Return a configuration whose only channel is the board, with templates for the board alone."""
    written = write_configuration(sandbox, tmp_path)
    folder = tmp_path / "posts"
    folder.mkdir()
    for name, text in TEMPLATES.items():
        (folder / name).write_text(text)
    channel = f'[channels.hall]\nnetwork = "board"\nbase_url = "{board.url("")}"\ntoken = "a-long-token"\n\n'
    text = re.sub(r"\[channels\.sample-x\].*(?=\[campaigns)", channel, written.read_text(), flags=re.DOTALL)
    text = text.replace('["sample-x", "sample-page"]', '["hall"]')
    written.write_text(f'{text}\n[templates]\nfolder = "posts"\n')
    return written


def one_round(app: App) -> None:
    Daemon(app, lambda event: None).once(threading.Event())


def announced(app: App, sandbox: Sandbox, state: State) -> Delivery:
    """Let the site publish an aid, and return its delivery as soon as it is in this state."""
    one_round(app)
    sandbox.site.publish_next(1)

    def is_there() -> bool:
        one_round(app)
        return bool(app.ledger.deliveries(states=[state]))

    until(is_there, 20)
    (one,) = app.ledger.deliveries(states=[state])
    return one


def test_an_aid_is_written_checked_and_sent_as_the_network_wants_it(
    path: Path, sandbox: Sandbox, board: Website
) -> None:
    board.put("/notices", Page(status=201, body=b'{"id": "notice-1"}'))
    with open_app(load_config(path, {}, kinds=ALL)) as app:
        sent = announced(app, sandbox, State.SENT)
        assert sent.post is not None
        assert sent.receipt is not None
        assert (sent.channel, sent.receipt.post_id) == ("hall", "notice-1")
        assert [each.network for each in app.ledger.channels()] == ["board"]
        aid = next(known.aid for known in app.ledger.aids() if known.id == sent.aid_id)
        assert sent.post == app.writing.render(aid, app.campaigns[0], BOARD)
        found = app.writing.lint(aid, sent.post, app.campaigns[0], BOARD)
        assert "say what “NOTICE” stands for" in " ".join(each.message for each in found)
    assert sent.post.text.startswith("NOTICE ")
    assert len(sent.post.text.encode()) <= BOARD.limit
    assert not sent.post.images
    (posted,) = [asked for asked in board.asked if asked.method == "POST"]
    assert json.loads(posted.body) == {"text": sent.post.text}
    assert posted.headers["Idempotency-Key"] == f"{sent.id}-{post_hash(sent.post)}"


def test_what_is_in_doubt_is_looked_up_there(path: Path, sandbox: Sandbox, board: Website) -> None:
    board.put("/notices", Page(raw=lambda out, closing: None))
    with open_app(load_config(path, {}, kinds=ALL)) as app:
        unsure = announced(app, sandbox, State.UNSURE)
        assert unsure.post is not None
        notice = {"id": "notice-7", "text": unsure.post.text, "at": datetime.now(UTC).isoformat()}
        board.put("/notices/all", Page(body=json.dumps([notice]).encode()))
        until(lambda: bool(app.resolve("hall")))
        found = app.ledger.delivery(unsure.id)
    assert found.receipt is not None
    assert (found.state, found.receipt.post_id) == (State.SENT, "notice-7")


def test_without_that_line_it_is_not_known(path: Path) -> None:
    with pytest.raises(ConfigError, match='network: must be "x" or "facebook"'):
        load_config(path, {})


def test_a_network_in_use_needs_all_three_templates(path: Path) -> None:
    (path.parent / "posts" / "board.digest.j2").unlink()
    with pytest.raises(TemplateError, match=r"board\.digest\.j2: this template is missing"):
        open_app(load_config(path, {}, kinds=ALL)).__enter__()
