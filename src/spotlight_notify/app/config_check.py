"""Check a configuration as a whole: its file, its templates, the ledger and the databases that it names."""

import os
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from spotlight_notify.app.chance import clock
from spotlight_notify.app.configuration import load_config
from spotlight_notify.app.ledgers import configured_in
from spotlight_notify.app.sources import notes_on_databases
from spotlight_notify.config.configuration import Config, exposed_secrets
from spotlight_notify.config.cross_checks import notes_on
from spotlight_notify.config.loading import named_templates
from spotlight_notify.ledger.opening import Purpose, open_ledger
from spotlight_notify.model.advice import Said
from spotlight_notify.model.errors import ConfigError, NothingRecorded, Problem, TemplateError
from spotlight_notify.networks.registry import NETWORKS
from spotlight_notify.operations.decide.renames import strays
from spotlight_notify.posts.templates.loading import load_templates


def check_config(path: Path, environ: Mapping[str, str]) -> tuple[Config, list[Said]]:
    """Return the configuration and what is right in it, but may not be meant.

    ConfigError tells all that is wrong with it and with its templates; LedgerError if there is a ledger that
    cannot be opened.
    """
    in_templates = _template_problems(path, environ)
    try:
        config = load_config(path, environ)
    except ConfigError as error:
        raise ConfigError((*error.problems, *in_templates)) from error
    if in_templates:
        raise ConfigError(in_templates)
    warning = exposed_secrets(path, config)
    notes = [*([warning] if warning else []), *notes_on(config), *_found_in_ledger(config)]
    return config, [*notes, *notes_on_databases(config)]


def _template_problems(path: Path, environ: Mapping[str, str]) -> tuple[Problem, ...]:
    """Return what is wrong with the templates that a configuration names, whatever else is wrong in it."""
    named = named_templates(path, environ)
    try:
        if named:
            called, folder, networks = named
            wanted = [network for network in NETWORKS if network.name in networks]
            load_templates(folder, NETWORKS, wanted=wanted, called=called)
    except TemplateError as error:
        return error.problems
    return ()


def _found_in_ledger(config: Config) -> Iterator[Said]:
    """Yield what is odd about the ledger, if there is one yet; LedgerError if it cannot be opened."""
    try:
        with closing(open_ledger(config.ledger_url, purpose=Purpose.READ)) as ledger:
            yield from (each.said for each in strays(ledger, configured_in(config), clock()))
    except NothingRecorded:
        if folder := _locked_folder(config.ledger_url):
            yield f"the ledger cannot be made: this user may not write in {folder}"


def _locked_folder(ledger_url: str) -> str | None:
    """Return the folder where a SQLite ledger is to be made, if this user may not write there."""
    kind, _, path = ledger_url.partition(":///")
    folder = os.path.dirname(path) or "."
    return folder if kind.startswith("sqlite") and not os.access(folder, os.W_OK) else None
