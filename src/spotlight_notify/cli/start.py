"""Begin: write a configuration, check it."""

import os
from collections.abc import Iterator
from contextlib import closing
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import click

from spotlight_notify.cli.output import Settings, echo, json_option, print_json
from spotlight_notify.model.errors import CannotCreate, ConfigError, NothingRecorded, Problem, TemplateError
from spotlight_notify.wire.private_files import open_private

if TYPE_CHECKING:
    from spotlight_notify.config.configuration import Config


@click.command(short_help="Write a commented configuration to fill in.")
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
            new = _write(folder / name, file.read_text("utf-8"))
            echo(f"{'wrote' if new else 'kept '} {folder / name}")
    except OSError as error:
        raise CannotCreate(f"{folder}: cannot be written: {error.strerror}") from error
    settings.say("Next: fill in spotlight.toml, then run: spotlight-notify config check")


def _write(path: Path, text: str) -> bool:
    """Write a new file, whole or not at all; False if there is one already."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = open_private(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    except FileExistsError:
        return False
    try:
        with open(handle, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError:
        path.unlink()
        raise
    return True


@click.group(short_help="Look after the configuration.")
def config() -> None:
    """Look after the configuration."""


@config.command(short_help="Tell everything that is wrong with it.")
@json_option
@click.pass_obj
def check(settings: Settings, as_json: bool) -> None:
    """Check the configuration and the templates: every mistake at once, each with its file and line.

    Then the ledger that it names is opened, as it is. Notes tell what is right, but may not be meant.
    """
    from spotlight_notify.app.sources import notes_on_databases
    from spotlight_notify.config.configuration import exposed_secrets
    from spotlight_notify.config.cross_checks import notes_on

    loaded = _checked(settings)
    warning = exposed_secrets(settings.config_path, loaded)
    notes = [*([warning] if warning else []), *notes_on(loaded), *_found_in_ledger(loaded)]
    notes += notes_on_databases(loaded)
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
        echo(f"note: {note}")


def _found_in_ledger(config: "Config") -> Iterator[str]:
    """Yield what is odd about the ledger, if there is one yet; LedgerError if it cannot be opened."""
    from spotlight_notify.app.chance import clock
    from spotlight_notify.app.ledgers import configured_in
    from spotlight_notify.ledger.opening import Purpose, open_ledger
    from spotlight_notify.operations.decide.renames import strays

    try:
        with closing(open_ledger(config.ledger_url, purpose=Purpose.READ)) as ledger:
            yield from map(str, strays(ledger, configured_in(config), clock()))
    except NothingRecorded:
        if folder := _locked_folder(config.ledger_url):
            yield f"the ledger cannot be made: this user may not write in {folder}"


def _locked_folder(ledger_url: str) -> str | None:
    """Name the folder where a SQLite ledger is to be made, if this user may not write there."""
    kind, _, path = ledger_url.partition(":///")
    folder = os.path.dirname(path) or "."
    return folder if kind.startswith("sqlite") and not os.access(folder, os.W_OK) else None


def _checked(settings: Settings) -> "Config":
    """Load the configuration; ConfigError tells all that is wrong with it and with its templates."""
    in_templates = _template_problems(settings.config_path)
    try:
        loaded = settings.load()
    except ConfigError as error:
        raise ConfigError((*error.problems, *in_templates)) from error
    if in_templates:
        raise ConfigError(in_templates)
    return loaded


def _template_problems(config_path: Path) -> tuple[Problem, ...]:
    """Look through the templates that the configuration names, even if other things in it are wrong."""
    from spotlight_notify.config.loading import named_templates
    from spotlight_notify.networks.registry import NETWORKS
    from spotlight_notify.posts.templates.loading import load_templates

    named = named_templates(config_path, os.environ)
    try:
        if named:
            called, folder, networks = named
            wanted = [network for network in NETWORKS if network.name in networks]
            load_templates(folder, NETWORKS, wanted=wanted, called=called)
    except TemplateError as error:
        return error.problems
    return ()
