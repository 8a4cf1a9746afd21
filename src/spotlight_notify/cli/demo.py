"""Show the whole way on stand-in networks: serve them, or announce the sample programme's new aids there."""

import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from spotlight_notify.sandbox.rehearsal import Rehearsal

from spotlight_notify.app.chance import clock
from spotlight_notify.cli.output import Settings, echo, echo_text, json_option, print_json
from spotlight_notify.model.errors import CannotCreate
from spotlight_notify.sandbox.fault_scripts import parse_script
from spotlight_notify.sandbox.faults import seeded
from spotlight_notify.worker.stop_signals import end_as_ctrl_c_does


@click.command()
@json_option
@click.option("--keep", is_flag=True, help="Leave the page open that shows what a follower sees.")
@click.pass_obj
def demo(settings: Settings, as_json: bool, keep: bool) -> None:
    """Announce the sample programme's new aids on stand-ins for X and Facebook, on this machine alone.

    The first look at the sample site is the baseline; then the site publishes three aids and its database
    one, and the daemon announces them. Nothing is configured, kept or sent anywhere.
    """
    settings.begin("starting two stand-in networks and a sample site on this machine")

    from spotlight_notify.sandbox.rehearsal import rehearse
    from spotlight_notify.sandbox.server import Sandbox

    end_as_ctrl_c_does()
    with tempfile.TemporaryDirectory(prefix="spotlight-demo-") as folder, Sandbox(clock=clock) as sandbox:
        result = rehearse(sandbox, Path(folder), settings.say)
        if as_json:
            print_json(result)
        else:
            _print(result)
        if keep:
            _stay(settings, sandbox.url)


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8321, show_default=True, help="0: any free one."
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    help="A folder for the sample database, a configuration and its ledger: a new one, or one of an earlier"
    " sandbox, which goes on; else one that is removed at the end.",
)
@click.option(
    "--faults",
    default="",
    help='What goes wrong: "x publish: lost-answer, ok*3; facebook publish: 20% 500-live".',
)
@click.option("--seed", type=int, default=0, show_default=True, help="For faults that come by chance.")
@click.pass_obj
def sandbox(settings: Settings, port: int, folder: Path | None, faults: str, seed: int) -> None:
    """Serve stand-ins for X and Facebook and a sample site on 127.0.0.1, until Ctrl-C.

    A configuration that points at them is written, so that every other command can be tried on it. With the
    --folder of an earlier sandbox its configuration, ledger, database and posts go on; the feed begins anew.
    """
    from spotlight_notify.sandbox.kept_posts import bring_posts_back, keep_posts
    from spotlight_notify.sandbox.rehearsal import sandbox_folder, write_configuration
    from spotlight_notify.sandbox.server import Sandbox

    end_as_ctrl_c_does()
    chance, orders = seeded(seed), parse_script(faults) if faults.strip() else ()
    # The folder comes last, so that none is left behind when something else is wrong.
    with Sandbox(clock=clock, port=port, chance=chance) as served, sandbox_folder(folder) as place:
        served.faults.carry_out(orders)
        bring_posts_back(place, served.x, served.graph)
        try:
            path = write_configuration(served, place)
        except OSError as error:
            raise CannotCreate(f"{place}: cannot be written: {error.strerror}") from error
        settings.say(f"try:   spotlight-notify --config {path} run")
        try:
            _stay(settings, served.url)
        finally:
            keep_posts(place, served.x, served.graph)


def _stay(settings: Settings, url: str) -> None:
    settings.say(f"open:  {url}  (Ctrl-C ends it)")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        settings.say("ended")


def _print(rehearsal: "Rehearsal") -> None:
    """Print the posts and the ledger's counts for a person."""
    for post in rehearsal.posts:
        echo(f"--- {post.channel}, post {post.id}")
        echo_text(post.text)
        for image in post.images:
            echo(f"[picture: {image.alt}]")
        echo()
    counts = ", ".join(f"{number} {state}" for state, number in rehearsal.deliveries.items())
    echo(f"ledger: {rehearsal.baseline} aids were there at the first look; deliveries: {counts}")
