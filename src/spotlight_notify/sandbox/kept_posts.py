"""Keep what the stand-ins show in a file of the sandbox's folder, so that a later sandbox goes on with it."""

from pathlib import Path

from pydantic import ConfigDict, TypeAdapter, ValidationError

from spotlight_notify.model.errors import CannotCreate
from spotlight_notify.sandbox.facebook.stand_in import StandInGraph
from spotlight_notify.sandbox.facebook.wall import PagePost
from spotlight_notify.sandbox.x.stand_in import StandInX
from spotlight_notify.sandbox.x.tweets import Tweet

POSTS = "posts.json"
_KEPT = TypeAdapter(
    tuple[tuple[Tweet, ...], tuple[PagePost, ...]],
    config=ConfigDict(ser_json_bytes="base64", val_json_bytes="base64"),
)


def keep_posts(folder: Path, x: StandInX, graph: StandInGraph) -> None:
    """Write down all that was posted; CannotCreate if the folder takes no file."""
    try:
        (folder / POSTS).write_bytes(_KEPT.dump_json((x.tweets, graph.page_posts)))
    except OSError as error:
        raise CannotCreate(f"{folder / POSTS}: cannot be written: {error.strerror}") from error


def bring_posts_back(folder: Path, x: StandInX, graph: StandInGraph) -> None:
    """Show again what an earlier sandbox kept here, if it kept any; CannotCreate if that cannot be read."""
    try:
        tweets, posts = _KEPT.validate_json((folder / POSTS).read_bytes())
    except FileNotFoundError:
        return
    except (OSError, ValidationError) as error:
        raise CannotCreate(
            f"{folder / POSTS}: cannot be read: take it away to begin without posts"
        ) from error
    x.bring_back(tweets)
    graph.bring_back(posts)
