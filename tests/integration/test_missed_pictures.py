"""A poster whose page was down when it was new, and answers before its post goes."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from drawings import photo, written
from feed_reader import page
from processes import until
from spotlight_notify.app.chance import clock
from spotlight_notify.app.composition import App, open_app
from spotlight_notify.app.configuration import load_config
from spotlight_notify.model.campaigns import Plan
from spotlight_notify.model.words import State
from spotlight_notify.operations.attach_pictures import missed_its_picture
from spotlight_notify.sandbox.rehearsal import write_configuration
from spotlight_notify.sandbox.server import Sandbox
from spotlight_notify.worker.daemon import Daemon
from website import Page, Website

PAGE = b"""<html><head><meta property="og:image" content="/poster.png">
<meta property="og:image:alt" content="Poster in green. It reads: Keep calm."></head></html>"""
WORDS = "Poster in green. It reads: Keep calm."


def after_a_round(app: App) -> set[State]:
    """Poll and deliver what is due; tells the states that deliveries are in then."""
    Daemon(app, lambda event: None).once(threading.Event())
    return set(app.ledger.counts())


def configured(sandbox: Sandbox, folder: Path, site: Website) -> Path:
    """Let the sample site's domain be asked at the test's own one."""
    path = write_configuration(sandbox, folder)
    config = load_config(path, {})
    place = sandbox.url.removeprefix("http://")
    text = path.read_text().replace(f'"{place}"', f'"127.0.0.1:{site.port}"', 1)
    text = text.replace(str(config.sources["sample-site"].url), site.url("/feed.xml"))
    path.write_text(text)
    return path


@pytest.mark.parametrize("edited", [False, True])
def test_feeds_poster_whose_page_was_down_for_the_moment_gets_its_picture_before_it_goes(
    site: Website, tmp_path: Path, edited: bool
) -> None:
    with Sandbox(clock=clock) as sandbox:
        path = configured(sandbox, tmp_path, site)
        poster = (
            "<item><title>Keep calm on the road</title><category>Poster</category>"
            f"<link>https://{sandbox.home}/poster</link></item>"
        )
        site.put("/feed.xml", page(), page(poster))
        site.put("/poster", Page(status=503))
        with open_app(load_config(path, {})) as app:
            still = replace(app, publishers={}, lookers={})
            until(lambda: after_a_round(still) == {State.PENDING})
            (known,) = app.ledger.aids(source="sample-site")
            assert missed_its_picture(known.aid)
            if edited:
                edit_all(app)
            site.put("/poster.png", Page(body=written(photo(), "PNG"), headers={"Content-Type": "image/png"}))
            site.put("/poster", Page(body=PAGE, headers={"Content-Type": "text/html"}))
            until(lambda: after_a_round(app) == {State.SENT})
            sent = app.ledger.deliveries(states=[State.SENT])
    assert len(sent) == 2
    shown = [[image.alt for image in one.post.images] for one in sent if one.post]
    assert shown == ([[], []] if edited else [[WORDS], [WORDS]])


def edit_all(app: App) -> None:
    for one in app.ledger.deliveries(states=[State.PENDING]):
        assert one.post
        plan = Plan(
            campaign=one.campaign,
            channel=one.channel,
            state=State.PENDING,
            due_at=one.due_at,
            post=replace(one.post, text=f"Edited. {one.post.text}"),
        )
        assert app.ledger.edit(one, plan, who="Desk 4", reason="a test", now=app.clock())
