"""Rehearse the whole way: the daemon's own code between a sample site and two stand-in networks."""

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from spotlight_notify.app.chance import pause
from spotlight_notify.app.composition import App, open_app
from spotlight_notify.app.configuration import load_config
from spotlight_notify.model.errors import CannotCreate, SpotlightError
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import State
from spotlight_notify.operations.deliver import Settled
from spotlight_notify.operations.poll.polls import Poll
from spotlight_notify.sandbox.server import Sandbox
from spotlight_notify.sandbox.shown import ShownPost
from spotlight_notify.wire.private_files import open_private
from spotlight_notify.worker.daemon import Daemon
from spotlight_notify.worker.events import Event, Trouble

PATIENCE_SECONDS = 60.0
LOOK_EVERY_SECONDS = 0.02
AIDS_PUBLISHED = 3
DATABASE = "aids.sqlite3"
CONFIGURED = "spotlight.toml"

CONFIGURATION = """\
[programme]
name = "Spotlight on Safety (sample)"
timezone = "America/New_York"

[ledger]
url = "sqlite:///spotlight.sqlite3"

[wire]
# The sandbox is on this machine, and plays the site's own host: leave both out in life.
allow_private_addresses = true
reroute = {{ "{home}" = "{place}" }}

# Words for pictures that come without: by the address of the picture, or of the aid.
[alt_texts]
{alt_texts}

[sources.sample-site]
kind = "feed"
url = "{feed_url}"
every = "2s"

[sources.sample-site.reading]
theme_category_prefix = "Theme: "
kind_categories = {{ Poster = "poster", Publication = "publication", Podcast = "podcast", \
Training = "training", Webinar = "webinar", Article = "article" }}
sign_in_categories = ["Sign-in required"]

[sources.sample-database]
kind = "database"
url = "sqlite:///{database}"
table = "digital_aids"
key = "id"
filter = "status = 'published'"
every = "2s"

[sources.sample-database.columns]
title = "title"
link = "url"
summary = "summary"
kind = "kind"
theme = "theme"
access = "access"
image = "image_url"
alt = "image_alt"
published = "published_at"

[channels.sample-x]
network = "x"
base_url = "{x_url}"
consumer_key = "{x.consumer_key}"
consumer_secret = "{x.consumer_secret}"
access_token = "{x.access_token}"
access_token_secret = "{x.access_token_secret}"

[channels.sample-page]
network = "facebook"
base_url = "{graph_url}"
page_id = "{page_id}"
access_token = "{page_token}"

[campaigns.spotlight-on-safety]
sources = ["sample-site", "sample-database"]
channels = ["sample-x", "sample-page"]
hashtag = "#SpotlightOnSafety"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownImage:
    """Show a picture as a screen reader tells it."""

    alt: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Show a post as the stand-in network has it."""

    channel: str
    text: str
    link: str | None
    images: tuple[ShownImage, ...]
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """Return what is public on the stand-ins, and what the ledger says of it."""

    posts: tuple[Shown, ...]
    deliveries: dict[State, int]
    baseline: int


def write_configuration(sandbox: Sandbox, folder: Path) -> Path:
    """Write the sample database and a configuration that points at the sandbox; returns the latter's path.

    Those of an earlier sandbox are gone on with; a configuration that points elsewhere is written anew.
    """
    database, path = folder / DATABASE, folder / CONFIGURED
    if database.exists():
        sandbox.site.take_up_database(database)
    else:
        sandbox.site.write_database(database)
    if path.exists() and f'"{sandbox.x_url}"' in path.read_text("utf-8"):
        return path
    text = CONFIGURATION.format(
        home=sandbox.home,
        place=sandbox.url.removeprefix("http://"),
        alt_texts=_alt_texts(sandbox),
        feed_url=sandbox.feed_url,
        database=database.resolve(),
        x_url=sandbox.x_url,
        x=sandbox.x.account,
        graph_url=sandbox.graph_url,
        page_id=sandbox.page_id,
        page_token=sandbox.graph.page.access_token,
    )
    with open(path, "w", encoding="utf-8", opener=open_private) as file:
        file.write(text)
    return path


def _alt_texts(sandbox: Sandbox) -> str:
    """Write the words for posters that are PDFs; only an office knows them."""
    posters = [aid for aid in sandbox.site.sample.aids if aid.file]
    home = sandbox.site.sample.home
    return "\n".join(f"{json.dumps(f'{home}/posters/{aid.file}')} = {json.dumps(aid.alt)}" for aid in posters)


def rehearse(sandbox: Sandbox, folder: Path, say: Callable[[str], None]) -> Rehearsal:
    """Let the daemon see the site, publish new aids, and wait until it has announced them.

    SpotlightError tells what went wrong if that takes longer than PATIENCE_SECONDS.
    """
    config = load_config(write_configuration(sandbox, folder), {})
    troubles: list[str] = []
    with open_app(config) as app, Daemon(app, lambda event: troubles.extend(_trouble(event))).beating():
        _until(lambda: _baselines(app) == len(config.sources), "the first look", troubles)
        baseline = sum(known.baseline for known in app.ledger.aids())
        say(f"first look: {baseline} aids were there already; none is announced")
        published = _publish(sandbox, folder)
        say(f"the site publishes {published} new aids; the daemon announces them")
        wanted = published * len(config.channels)
        _until(lambda: app.ledger.counts().get(State.SENT, 0) >= wanted, "the announcements", troubles)
        return Rehearsal(posts=_shown(sandbox, app), deliveries=app.ledger.counts(), baseline=baseline)


def _publish(sandbox: Sandbox, folder: Path) -> int:
    aids = sandbox.site.publish_next(AIDS_PUBLISHED)
    row = sandbox.site.publish_row(folder / DATABASE)
    return len(aids) + (row is not None)


def _baselines(app: App) -> int:
    return sum(1 for source in app.ledger.sources() if source.baseline_at)


def _shown(sandbox: Sandbox, app: App) -> tuple[Shown, ...]:
    """Join what the stand-ins show to the deliveries whose receipts name it; oldest first."""
    sent = {d.receipt.post_id: d for d in app.ledger.deliveries(states=[State.SENT]) if d.receipt}
    live = sorted((*sandbox.x.posts, *sandbox.graph.posts), key=lambda post: (post.posted_at, post.id))
    return tuple(_joined(post, sent[post.id]) for post in live if post.id in sent)


def _joined(post: ShownPost, delivery: Delivery) -> Shown:
    return Shown(
        channel=delivery.channel,
        text=post.text,
        link=delivery.post.link if delivery.post else None,
        images=tuple(ShownImage(alt=image.alt) for image in post.images),
        id=post.id,
    )


def _trouble(event: Event) -> list[str]:
    match event:
        case Poll(error=str(error)) | Trouble(error=error):
            return [str(error)]
        case Settled(verdict=verdict) if verdict.state is not State.SENT:
            return [str(verdict.reason)]
        case _:
            return []


def _until(done: Callable[[], bool], what: str, troubles: list[str]) -> None:
    waited = 0.0
    while not done():
        if waited >= PATIENCE_SECONDS:
            raise SpotlightError("; ".join((f"{what} took too long", *troubles)))
        pause(LOOK_EVERY_SECONDS)
        waited += LOOK_EVERY_SECONDS


@contextmanager
def sandbox_folder(wanted: Path | None) -> Iterator[Path]:
    """Return the folder of a sandbox: a new one, an earlier sandbox's, or one that is removed at the end."""
    if wanted is None:
        with tempfile.TemporaryDirectory(prefix="spotlight-sandbox-") as name:
            yield Path(name)
        return

    try:
        wanted.mkdir(parents=True, exist_ok=True)
        found = {each.name for each in wanted.iterdir()}
    except OSError as error:
        raise CannotCreate(f"{wanted}: cannot be made: {error.strerror}; name a new folder") from error
    if found and not {CONFIGURED, DATABASE} <= found:
        raise CannotCreate(f"{wanted}: there is something else in it; name a new folder, or a sandbox's")
    yield wanted
