"""Load post templates from a folder, and find their mistakes before the first aid does."""

from collections.abc import Mapping
from datetime import UTC, tzinfo
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import jinja2

from spotlight_notify.errors import TemplateError
from spotlight_notify.model import Kind, Network
from spotlight_notify.templates.giving_way import giving_way
from spotlight_notify.templates.layouts import Layout, Templates
from spotlight_notify.templates.sources import (
    CORRECTION,
    DIGEST,
    ENDING,
    check_sources,
    environment_of,
    read_files,
)
from spotlight_notify.templates.specimens import try_layout


def packaged_templates(zone: tzinfo = UTC) -> Templates:
    """Load the templates that come with the program; ``zone`` is where event times are told."""
    return load_templates(_packaged(), zone)


def load_templates(folder: Traversable | Path, zone: tzinfo = UTC) -> Templates:
    """Load every network's layout from a folder, and try each on specimens.

    ``x.j2`` and ``facebook.j2`` must be there; ``x.podcast.j2`` is used instead for podcasts, and so on;
    ``x.digest.j2`` is for several aids in one post, ``x.correction.j2`` for a correction (without them, those
    that come with the program are used); ``_words.j2`` is a part for others to include. ``x.toml`` names what
    gives way (``shrink``, ``drop``).
    ``zone`` is where the filter ``when`` tells event times. Raises TemplateError with file and line.
    """
    spare = read_files(_packaged(), f".{DIGEST}{ENDING}", f".{CORRECTION}{ENDING}")
    texts = spare | read_files(folder, ENDING, ".toml")
    sources = {name: text for name, text in texts.items() if name.endswith(ENDING)}
    environment = environment_of(sources, zone)
    check_sources(environment, sources)
    return Templates(layouts={network: _layout(environment, texts, network) for network in Network})


def _packaged() -> Traversable:
    return files("spotlight_notify.packaged") / "posts"


def _layout(environment: jinja2.Environment, texts: Mapping[str, str], network: Network) -> Layout:
    base = f"{network}{ENDING}"
    if base not in texts:
        raise TemplateError(base, 0, "this template is missing; every network needs one")
    settings = giving_way(f"{network}.toml", texts.get(f"{network}.toml"))
    layout = Layout(
        templates={kind: environment.select_template([f"{network}.{kind}{ENDING}", base]) for kind in Kind},
        digest=environment.get_template(f"{network}.{DIGEST}{ENDING}"),
        correction=environment.get_template(f"{network}.{CORRECTION}{ENDING}"),
        shrink=settings.shrink,
        drop=settings.drop,
        longest=settings.longest,
    )
    try_layout(layout, network)
    return layout
