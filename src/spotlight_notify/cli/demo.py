"""Show the whole way on stand-in networks: serve them, or announce the sample programme's new aids there."""

import tempfile
import threading
from pathlib import Path

import click

from spotlight_notify.cli.output import Settings, json_option, print_json


@click.command(short_help="See it work: new aids announced on two stand-in networks.")
@json_option
@click.option("--keep", is_flag=True, help="Leave the page open that shows what a follower sees.")
@click.pass_obj
def demo(settings: Settings, as_json: bool, keep: bool) -> None:
    """Announce the sample programme's new aids on stand-ins for X and Facebook, on this machine alone.

    The first look at the sample site is the baseline; then the site publishes three aids and its database
    one, and the daemon announces them. Nothing is configured, kept or sent anywhere.
    """
    from spotlight_notify.app import clock
    from spotlight_notify.cli.rehearsal import rehearse
    from spotlight_notify.sandbox.serving import Sandbox

    with tempfile.TemporaryDirectory(prefix="spotlight-demo-") as folder, Sandbox(clock=clock) as sandbox:
        result = rehearse(sandbox, Path(folder), settings.say)
        if as_json:
            print_json(result)
        else:
            result.print(sandbox.url)
        if keep:
            _stay(sandbox.url)


@click.command(short_help="Serve stand-ins for X and Facebook, and a sample site.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8321, show_default=True, help="0: any free one."
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("sandbox"),
    show_default=True,
    help="Where the sample database and a configuration are written.",
)
@click.pass_obj
def sandbox(settings: Settings, port: int, folder: Path) -> None:
    """Serve stand-ins for X and Facebook and a sample site on 127.0.0.1, until Ctrl-C.

    A configuration that points at them is written, so that every other command can be tried on it.
    """
    from spotlight_notify.app import clock
    from spotlight_notify.cli.rehearsal import write_configuration
    from spotlight_notify.sandbox.serving import Sandbox

    folder.mkdir(parents=True, exist_ok=True)
    with Sandbox(clock=clock, port=port) as served:
        path = write_configuration(served, folder)
        click.echo(f"try:   spotlight-notify --config {path} run", err=True)
        _stay(served.url)


def _stay(url: str) -> None:
    click.echo(f"open:  {url}  (Ctrl-C ends it)", err=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        click.echo("ended", err=True)
