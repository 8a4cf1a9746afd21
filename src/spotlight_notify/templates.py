"""Load post templates from a folder, and find their mistakes before the first aid does."""

import re
import tomllib
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import jinja2
from jinja2 import meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from spotlight_notify.errors import TemplateError
from spotlight_notify.model import Access, Aid, Kind, Network
from spotlight_notify.text.entities import hashtags

BLANKS: Mapping[str, object] = {
    "summary": "",
    "theme": None,
    "source": "",
    "event_at": None,
    "published_at": None,
    "roomy": False,
}
"""Fields that a post can do without, and what stands for each when it is left out.

``roomy`` is no fact of the aid: it is true as long as there is room for words that are only nice to have.
"""
SHRINKABLE = ("summary", "theme", "source")
"""Fields that may be cut shorter. Title, link and hashtag are whole or the post is refused."""
FIELDS = frozenset({"title", "link", "hashtag", "kind", "sign_in", *BLANKS})
_FAILURES = (
    jinja2.TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What a template's own expressions can raise."""
_SPECIMEN_HASHTAG = "#SpecimenHashtag"
_BLANK_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Hold how a network's posts look, and what gives way when one is too long.

    ``shrink``: fields cut shorter and shorter, the first named first. ``drop``: fields then left out.
    ``longest``: how long a field may be at most, as the network counts, however much room there is.
    """

    templates: Mapping[Kind, jinja2.Template]
    shrink: tuple[str, ...]
    drop: tuple[str, ...]
    longest: Mapping[str, int]

    def write(self, kind: Kind, fields: Mapping[str, object]) -> str:
        """Fill in the kind's template; TemplateError says what in it failed.

        Lines lose their trailing space, and no more than one blank line stays between two others.
        """
        template = self.templates[kind]
        try:
            return _tidy(template.render(fields))
        except _FAILURES as error:
            raise _failure(template, error) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Templates:
    """Hold the layouts of all networks, checked."""

    layouts: Mapping[Network, Layout]


def packaged_templates(zone: tzinfo = UTC) -> Templates:
    """Load the templates that come with the program; ``zone`` is where event times are told."""
    return load_templates(files("spotlight_notify.packaged") / "posts", zone)


def load_templates(folder: Traversable | Path, zone: tzinfo = UTC) -> Templates:
    """Load every network's layout from a folder, and try each on a full and on a bare specimen.

    ``x.j2`` and ``facebook.j2`` must be there; ``x.podcast.j2`` is used instead for podcasts, and so on;
    ``_words.j2`` is a part for others to include. ``x.toml`` names what gives way (``shrink``, ``drop``).
    ``zone`` is where the filter ``when`` tells event times. Raises TemplateError with file and line.
    """
    texts = _read(folder)
    sources = {name: text for name, text in texts.items() if name.endswith(".j2")}
    environment = _environment(sources, zone)
    for name, source in sources.items():
        _check_name(name)
        _check_source(environment, name, source)
    return Templates(layouts={network: _layout(environment, texts, network) for network in Network})


def fields_of(aid: Aid, hashtag: str) -> dict[str, object]:
    """List what a template may say about an aid."""
    return {
        "title": aid.title.strip(),
        "link": aid.link,
        "hashtag": hashtag,
        "kind": aid.kind.value,
        "sign_in": aid.access is Access.SIGN_IN,
        "summary": aid.summary.strip(),
        "theme": aid.theme,
        "source": aid.source,
        "event_at": aid.event_at,
        "published_at": aid.published_at,
        "roomy": True,
    }


def _read(folder: Traversable | Path) -> dict[str, str]:
    try:
        found = [file for file in folder.iterdir() if file.name.endswith((".j2", ".toml"))]
        return {file.name: file.read_text(encoding="utf-8") for file in sorted(found, key=lambda f: f.name)}
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateError(str(folder), 0, f"the templates cannot be read: {error}") from error


def _environment(sources: Mapping[str, str], zone: tzinfo) -> jinja2.Environment:
    """Make the sandbox; templates are named by their files, so that errors can point at them."""

    def find(name: str) -> tuple[str, str, None] | None:
        return (sources[name], name, None) if name in sources else None

    environment = ImmutableSandboxedEnvironment(
        autoescape=False,
        undefined=jinja2.StrictUndefined,
        loader=jinja2.FunctionLoader(find),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["when"] = lambda at: _when(at, zone)
    return environment


def _when(at: datetime, zone: tzinfo) -> str:
    """Tell a time as people do: "Tuesday, March 3, 2:00 PM EST"."""
    local = at.astimezone(zone)
    return f"{local:%A, %B} {local.day}, {local.hour % 12 or 12}:{local:%M %p %Z}"


def _check_name(name: str) -> None:
    """Refuse a file that would never be used, such as ``x.potcast.j2``."""
    network, *kind = name.removesuffix(".j2").split(".")
    known = network in set(Network) and (not kind or (len(kind) == 1 and kind[0] in set(Kind)))
    if not known and not name.startswith("_"):
        networks, kinds = ", ".join(Network), ", ".join(Kind)
        message = f"no post uses this file: name it NETWORK.j2 or NETWORK.KIND.j2 ({networks}; {kinds})"
        raise TemplateError(name, 0, message)


def _check_source(environment: jinja2.Environment, name: str, source: str) -> None:
    try:
        tree = environment.parse(source, name, name)
        environment.get_template(name)
    except jinja2.TemplateSyntaxError as error:
        raise TemplateError(error.name or name, error.lineno, error.message or "cannot be read") from error
    unknown = meta.find_undeclared_variables(tree) - FIELDS - set(environment.globals)
    for used in tree.find_all(nodes.Name):
        if used.name in unknown:
            fields = ", ".join(sorted(FIELDS))
            raise TemplateError(name, used.lineno, f"there is no field {used.name!r}; there are {fields}")


def _layout(environment: jinja2.Environment, texts: Mapping[str, str], network: Network) -> Layout:
    if f"{network}.j2" not in texts:
        raise TemplateError(f"{network}.j2", 0, "this template is missing; every network needs one")
    name = f"{network}.toml"
    table = _gives_way(name, texts.get(name, 'shrink = ["summary"]'))
    templates = {
        kind: environment.select_template([f"{network}.{kind}.j2", f"{network}.j2"]) for kind in Kind
    }
    layout = Layout(
        templates=templates,
        shrink=_names(name, table, "shrink", SHRINKABLE),
        drop=_names(name, table, "drop", tuple(BLANKS)),
        longest=_lengths(name, table, "longest"),
    )
    for specimen in _specimens():
        _try(layout, specimen)
    return layout


def _gives_way(name: str, text: str) -> Mapping[str, object]:
    """Read what gives way when a post is too long."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TemplateError(name, 0, str(error)) from error
    unknown = sorted(set(table) - {"shrink", "drop", "longest"})
    if unknown:
        raise TemplateError(
            name, 0, f"there is no setting {unknown[0]!r}; there are shrink, drop and longest"
        )
    return table


def _lengths(file: str, table: Mapping[str, object], key: str) -> Mapping[str, int]:
    lengths = table.get(key, {})
    if not isinstance(lengths, dict) or any(
        name not in SHRINKABLE or type(most) is not int or most < 1 for name, most in lengths.items()
    ):
        raise TemplateError(file, 0, f"{key} must give a length above 0 for some of: {', '.join(SHRINKABLE)}")
    return lengths


def _names(file: str, table: Mapping[str, object], key: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
    names = table.get(key, [])
    if not isinstance(names, list) or any(name not in allowed for name in names):
        raise TemplateError(file, 0, f"{key} must be a list of some of: {', '.join(allowed)}")
    return tuple(names)


def _specimens() -> Iterator[Aid]:
    """Make an aid of every kind with everything in it, and one with nothing that can be missing."""
    at = datetime(2016, 3, 22, 18, tzinfo=UTC)
    for kind in Kind:
        bare = Aid(source="site", key="1", title="Keep Calm", link="https://example.gov/1", kind=kind)
        yield bare
        timed = replace(bare, event_at=at, published_at=at)
        yield replace(timed, summary="In short.", theme="De-Escalation", access=Access.SIGN_IN)


def _try(layout: Layout, aid: Aid) -> None:
    """Refuse a template that fails, or leaves out or garbles what every post must have."""
    text = layout.write(aid.kind, fields_of(aid, _SPECIMEN_HASHTAG))
    name = layout.templates[aid.kind].name or ""
    for field, value in (("title", aid.title), ("link", aid.link), ("hashtag", _SPECIMEN_HASHTAG)):
        if str(value) not in text:
            raise TemplateError(
                name, 0, f"the post must have the {field} in it, whole: use {{{{ {field} }}}}"
            )
    if _SPECIMEN_HASHTAG not in {tag.text for tag in hashtags(text)}:
        raise TemplateError(name, 0, "the hashtag is no hashtag there: put white space before and after it")


def _failure(template: jinja2.Template, error: Exception) -> TemplateError:
    """Point at the line in a template where rendering failed."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        return TemplateError(error.name or str(template.name), error.lineno, str(error.message))
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.endswith(".j2")]
    file, line = (frames[-1].filename, frames[-1].lineno or 0) if frames else (str(template.name), 0)
    return TemplateError(file, line, f"cannot be filled in: {error}")


def _tidy(text: str) -> str:
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return _BLANK_LINES.sub("\n\n", lines).strip()
