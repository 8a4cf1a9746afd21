"""The configuration reaches the parts: settings are given values of their own and seen at work."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from processes import until
from spotlight_notify.app.chance import clock
from spotlight_notify.app.composition import App, open_app
from spotlight_notify.app.configuration import load_config
from spotlight_notify.app.writing import open_render
from spotlight_notify.model.errors import TemplateError
from spotlight_notify.model.words import State
from spotlight_notify.sandbox.rehearsal import write_configuration
from spotlight_notify.sandbox.server import Sandbox
from spotlight_notify.worker.daemon import Daemon


def configured(sandbox: Sandbox, folder: Path, *changes: tuple[str, str]) -> Path:
    path = write_configuration(sandbox, folder)
    text = path.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text)
    return path


def one_round(app: App) -> None:
    Daemon(app, lambda event: None).once(threading.Event())


def sends_two(app: App) -> bool:
    one_round(app)
    return app.ledger.counts().get(State.SENT, 0) == 2


def test_the_settings_of_wire_and_channels_are_seen_on_the_wire(tmp_path: Path) -> None:
    with Sandbox(clock=clock) as sandbox:
        page = sandbox.graph.page
        path = configured(
            sandbox,
            tmp_path,
            ("[wire]\n", '[wire]\ncontact = "https://agency.example.org/contact"\n'),
            (f'page_id = "{page.id}"', f'page_id = "{page.id}"\napp_secret = "{page.app_secret}"'),
        )
        with open_app(load_config(path, {})) as app:
            one_round(app)
            sandbox.site.publish_next(1)
            until(lambda: sends_two(app))
        sent = sandbox.journal.exchanges
    agents = {dict(e.received.headers).get("user-agent", "") for e in sent}
    assert any("+https://agency.example.org/contact" in agent for agent in agents)
    posts = [e for e in sent if e.received.method == "POST" and e.received.path.endswith("/feed")]
    assert posts
    assert all(b"appsecret_proof" in e.received.body for e in posts)


def test_dates_without_a_zone_are_meant_in_the_programmes_zone(tmp_path: Path) -> None:
    with Sandbox(clock=clock) as sandbox:
        path = configured(sandbox, tmp_path)
        with closing(sqlite3.connect(tmp_path / "aids.sqlite3")) as database, database:
            database.execute("UPDATE digital_aids SET published_at = '2026-01-10 09:00:00'")
        with open_app(load_config(path, {})) as app:
            one_round(app)
            dates = {known.aid.published_at for known in app.ledger.aids(source="sample-database")}
    assert {f"{date:%Y-%m-%d %H:%M}" for date in dates if date} == {"2026-01-10 14:00"}


def test_own_templates_are_used_and_a_wrong_one_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "posts"
    folder.mkdir()
    for name in ("x", "facebook"):
        (folder / f"{name}.j2").write_text("Ours: {{ title }} {{ link }} {{ hashtag }}")
    with Sandbox(clock=clock) as sandbox:
        path = configured(sandbox, tmp_path, ("[wire]", '[templates]\nfolder = "posts"\n\n[wire]'))
        config = load_config(path, {})
        with open_app(config) as app:
            one_round(app)
            aid, network = app.ledger.aids()[0].aid, app.campaigns[0].channels[0].network
            assert app.writing.render(aid, app.campaigns[0], network).text.startswith("Ours: ")
        (folder / "x.j2").write_text("{{ titel }}")
        with pytest.raises(TemplateError, match=r"x\.j2:1: .*titel"):
            open_render(config)


def test_patience_is_taken_from_the_configuration(tmp_path: Path) -> None:
    with Sandbox(clock=clock) as sandbox:
        changes = ("[wire]", '[delivery]\nlease = "7m"\nmax_tries = 3\n\n[wire]')
        with open_app(load_config(configured(sandbox, tmp_path, changes), {})) as app:
            assert app.delivering.lease.total_seconds() == 420
            assert app.delivering.retries.most == 3
