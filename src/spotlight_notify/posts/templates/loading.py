"""Load post templates from a folder, and find their mistakes before the first aid does."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, tzinfo
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import jinja2

from spotlight_notify.model.errors import Problem, TemplateError
from spotlight_notify.model.networks import Network
from spotlight_notify.model.words import Kind
from spotlight_notify.posts.templates.checks import (
    breaking_problems,
    closure,
    correction_problems,
    digest_problems,
    other_problems,
    post_problems,
)
from spotlight_notify.posts.templates.environment import (
    CORRECTION,
    DIGEST,
    ENDING,
    LANGUAGES,
    environment_of,
    in_folder,
    read_files,
)
from spotlight_notify.posts.templates.layouts import (
    ALL_GIVES_WAY,
    Layout,
    LengthSettings,
    Templates,
    read_length_settings,
    template_error,
)


def packaged_templates(networks: Sequence[Network], zone: tzinfo = UTC) -> Templates:
    """Load the templates that come with the program; ``zone`` is where event times are told."""
    return load_templates(_packaged(), networks, zone)


def load_templates(
    folder: Traversable | Path,
    networks: Sequence[Network],
    zone: tzinfo = UTC,
    *,
    wanted: Collection[Network] | None = None,
    called: str | None = None,
) -> Templates:
    """Load the layouts of the networks from a folder, and try each on samples.

    ``x.j2`` must be there if X is ``wanted`` (all are if not said otherwise); ``x.podcast.j2`` is used
    instead for podcasts, and so on; ``x.es.j2`` for posts in Spanish, whatever their kind;
    ``x.digest.j2`` is for several aids in one post, ``x.correction.j2`` for a correction (without them, those
    that come with the program are used); ``_words.j2`` is a part for others to include. ``x.toml`` names what
    gives way (``shrink``, ``drop``).
    ``zone`` is where the filter ``when`` tells event times; ``called`` is what people call the folder. Raises
    TemplateError with every mistake found, each with its file and line.
    """
    try:
        return _loaded(folder, networks, zone, networks if wanted is None else wanted)
    except TemplateError as error:
        problems = (in_folder(problem, called or str(folder)) for problem in error.problems)
        raise template_error(problems) from error.__cause__


def _loaded(
    folder: Traversable | Path, networks: Sequence[Network], zone: tzinfo, wanted: Collection[Network]
) -> Templates:
    packaged, _ = read_files(_packaged(), f".{DIGEST}{ENDING}", f".{CORRECTION}{ENDING}")
    own, unreadable = read_files(folder, ENDING, ".toml")
    texts = packaged | own
    sources = {name: text for name, text in texts.items() if name.endswith(ENDING)}
    environment = environment_of(sources, zone)
    broken = [*unreadable, *breaking_problems(environment, sources)]
    used = [network for network in networks if network in wanted or _base(network) in sources]
    settings, unset = _all_settings(texts, used)
    tried = _tried(environment, sources, settings, {problem.file for problem in broken})
    problems = (*broken, *unset, *other_problems(sources, networks), *_missing(used, sources), *tried)
    if found := tuple(dict.fromkeys(problems)):
        raise template_error(found)
    return Templates(layouts={n: _layout(environment, sources, n, settings[n]) for n in used})


def _packaged() -> Traversable:
    return files("spotlight_notify.posts.packaged") / "posts"


def _all_settings(
    texts: Mapping[str, str], networks: Sequence[Network]
) -> tuple[Mapping[Network, LengthSettings], list[Problem]]:
    """Read each network's settings; those that are wrong are told, and let everything give way meanwhile."""
    settings = dict.fromkeys(networks, ALL_GIVES_WAY)
    problems: list[Problem] = []
    for network in networks:
        file = f"{network}.toml"
        try:
            settings[network] = read_length_settings(file, texts.get(file))
        except TemplateError as error:
            problems += error.problems
    return settings, problems


def _missing(networks: Iterable[Network], sources: Mapping[str, str]) -> Iterator[Problem]:
    for network in networks:
        for name in (_base(network), _digest(network), _correction(network)):
            if name not in sources:
                yield Problem(name, 0, "this template is missing; every network needs one")


def _tried(
    environment: jinja2.Environment,
    sources: Mapping[str, str],
    settings: Mapping[Network, LengthSettings],
    broken: set[str],
) -> Iterator[Problem]:
    """Try every template that can be filled in; what is wrong with what it builds on is told there."""
    told: dict[str, set[str]] = {}
    for network, ways in settings.items():
        for name in _files(network, sources):
            within = closure(environment, name, sources)
            if within & broken:
                continue
            known = {message for other in within for message in told.get(other, ())}
            template = environment.get_template(name)
            for problem in _problems(template, network, sources, ways):
                told.setdefault(problem.file, set()).add(problem.message)
                if problem.message not in known:
                    yield problem


def _problems(
    template: jinja2.Template, network: Network, sources: Mapping[str, str], settings: LengthSettings
) -> Iterator[Problem]:
    if template.name == _digest(network):
        yield from digest_problems(template, network, settings.drop)
    if template.name == _correction(network):
        yield from correction_problems(template, network)
    translated = template.name in {_translated(network, language) for language in LANGUAGES}
    for kind in Kind:
        if translated or template.name == _file(network, kind, sources):
            yield from post_problems(template, kind, network, settings.drop)


def _layout(
    environment: jinja2.Environment, sources: Mapping[str, str], network: Network, settings: LengthSettings
) -> Layout:
    return Layout(
        templates={kind: environment.get_template(_file(network, kind, sources)) for kind in Kind},
        languages={
            language: environment.get_template(_translated(network, language))
            for language in LANGUAGES
            if _translated(network, language) in sources
        },
        digest=environment.get_template(_digest(network)),
        correction=environment.get_template(_correction(network)),
        shrink=settings.shrink,
        drop=settings.drop,
        longest=settings.longest,
    )


def _files(network: Network, sources: Mapping[str, str]) -> list[str]:
    """Return the files of a network that are there and used, the one that others are built on first."""
    own = (_file(network, kind, sources) for kind in Kind)
    others = (_translated(network, language) for language in LANGUAGES)
    names = (_base(network), *own, *others, _digest(network), _correction(network))
    return [name for name in dict.fromkeys(names) if name in sources]


def _file(network: Network, kind: Kind, sources: Mapping[str, str]) -> str:
    own = f"{network}.{kind}{ENDING}"
    return own if own in sources else _base(network)


def _base(network: Network) -> str:
    return f"{network}{ENDING}"


def _translated(network: Network, language: str) -> str:
    return f"{network}.{language}{ENDING}"


def _digest(network: Network) -> str:
    return f"{network}.{DIGEST}{ENDING}"


def _correction(network: Network) -> str:
    return f"{network}.{CORRECTION}{ENDING}"
