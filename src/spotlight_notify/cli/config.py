"""Write a configuration, and check it."""

import os
from importlib.resources import files
from pathlib import Path

import click

from spotlight_notify.app.config_check import check_config
from spotlight_notify.cli.output import Settings, echo, json_option, print_json
from spotlight_notify.model.advice import advise
from spotlight_notify.model.errors import CannotCreate
from spotlight_notify.wire.private_files import write_new


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path())
@click.option("--templates", is_flag=True, help="Write the post templates too, to make them your own.")
@click.pass_obj
def init(settings: Settings, folder: Path, templates: bool) -> None:
    """Write spotlight.toml and its schema into FOLDER (default: here). Nothing is overwritten."""
    packaged = files("spotlight_notify.posts.packaged")
    wanted = {Path(name): packaged / name for name in ("spotlight.toml", "spotlight.schema.json")}
    if templates:
        posts = (file for file in (packaged / "posts").iterdir() if not file.name.startswith("."))
        wanted |= {Path("templates", "posts", file.name): file for file in posts}
    try:
        for name, file in sorted(wanted.items()):
            new = write_new(folder / name, file.read_text("utf-8"))
            echo(f"{'wrote' if new else 'kept '} {folder / name}")
    except OSError as error:
        raise CannotCreate(f"{folder}: cannot be written: {error.strerror}") from error
    settings.say("Next: fill in spotlight.toml, then run: spotlight-notify config check")


@click.group()
def config() -> None:
    """Look after the configuration."""


@config.command(short_help="Show everything that is wrong with it.")
@json_option
@click.pass_obj
def check(settings: Settings, as_json: bool) -> None:
    """Check the configuration and the templates: every mistake at once, each with its file and line.

    Then the ledger that it names is opened, as it is. Notes tell what is right, but may not be meant.
    """
    loaded, notes = check_config(settings.config_path, os.environ)
    if as_json:
        print_json(
            {
                "file": str(settings.config_path),
                "programme": loaded.programme.name,
                "sources": sorted(loaded.sources),
                "channels": sorted(loaded.channels),
                "campaigns": sorted(campaign.name for campaign in loaded.campaigns),
                "notes": notes,
            }
        )
        return
    counts = f"{len(loaded.sources)} source(s), {len(loaded.channels)} channel(s)"
    echo(f"{settings.config_path} is right for {loaded.programme.name}:")
    echo(f"{counts}, {len(loaded.campaigns)} campaign(s)")
    for note in notes:
        echo(advise("note: ", note))
