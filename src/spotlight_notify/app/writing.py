"""Build what writes posts, looks them through, finds their pictures and checks their links."""

from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from spotlight_notify.app.chance import clock
from spotlight_notify.config.configuration import Config
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import CleanPicture, Finding
from spotlight_notify.ports.parts import CheckLink, Illustrate, Lint, Pictures, ReadPage, Render
from spotlight_notify.rules.planning import Writing

if TYPE_CHECKING:
    from spotlight_notify.operations.announce.corrections import RenderCorrection
    from spotlight_notify.operations.announce.digests import RenderDigest
    from spotlight_notify.operations.attach_pictures import Illustrating
    from spotlight_notify.operations.preview.writing import Previewing, Writers
    from spotlight_notify.pictures.loader import PictureLoader
    from spotlight_notify.posts.templates.layouts import Templates
    from spotlight_notify.rules.lint.rules import Policy
    from spotlight_notify.wire.wire import Wire

PREVIEW_PATIENCE = 10.0
"""Seconds that a preview waits for a page: a third of what sending takes, since a person waits."""


def open_writing(config: Config) -> Writing:
    """Load all that a post is written with; TemplateError when a template is wrong."""
    zone = config.programme.timezone
    return Writing(render=open_render(config), lint=open_lint(config), zone=zone)


def open_render(config: Config) -> Render:
    """Load the templates; TemplateError when one of them is wrong."""
    from spotlight_notify.posts.rendering.posts import render
    from spotlight_notify.text.links import normalised_link

    short = {normalised_link(address): words for address, words in config.summaries.items()}
    return partial(render, _templates(config), config.themes, languages=_languages(config), summaries=short)


def _languages(config: Config) -> dict[str, str]:
    """Return the languages that the configuration gives of sources, by name."""
    return {name: each.language for name, each in config.sources.items() if each.language}


def open_render_digest(config: Config) -> "RenderDigest":
    """Load the templates for digests; TemplateError when any template is wrong."""
    from spotlight_notify.posts.rendering.posts import render_digest

    return partial(render_digest, _templates(config), languages=_languages(config))


def open_render_correction(config: Config) -> "RenderCorrection":
    """Load the templates for corrections; TemplateError when any template is wrong."""
    from spotlight_notify.posts.rendering.posts import render_correction

    return partial(render_correction, _templates(config))


def _templates(config: Config) -> "Templates":
    from spotlight_notify.posts.templates.loading import load_templates, packaged_templates

    folder, zone = config.templates_folder, config.programme.timezone
    if folder is None:
        return packaged_templates(config.networks, zone)
    wanted = {settings.on for settings in config.channels.values()}
    return load_templates(folder, config.networks, zone, wanted=wanted)


def open_lint(config: Config) -> Lint:
    """Return the rules as the configuration wants them."""
    from spotlight_notify.rules.lint.linter import lint

    return partial(lint, policy=policy_of(config))


def policy_of(config: Config) -> "Policy":
    """Return which rules hold, and what they let pass."""
    from spotlight_notify.rules.lint.rules import Policy

    return Policy(
        ignore=frozenset(config.lint.ignore),
        ask=frozenset(config.lint.ask),
        acronyms=frozenset(config.lint.acronyms),
        themes=tuple(config.themes.values()),
        stop_words=config.lint.stop_words,
    )


@contextmanager
def open_cleaner(config: Config) -> Iterator["PictureLoader"]:
    """Open what fetches and cleans pictures, alone."""
    from spotlight_notify.app.wire import open_wire
    from spotlight_notify.pictures.loader import PictureLoader

    with open_wire(config) as wire, ExitStack() as stack:
        cleaner = PictureLoader(wire)
        stack.callback(cleaner.close)
        yield cleaner


def clean_file(config: Config, path: Path) -> CleanPicture:
    """Clean a picture from a file of this machine; PictureRefused when it cannot be posted."""
    with open_cleaner(config) as cleaner:
        return cleaner.clean_file(path)


def writers_of(config: Config, now: datetime) -> "Writers":
    """Build what previews are written with; TemplateError when a template is wrong."""
    from spotlight_notify.operations.preview.writing import Writers

    return Writers(
        writing=open_writing(config),
        render_digest=open_render_digest(config),
        campaigns=config.campaigns,
        themes=config.themes,
        prices=config.prices,
        now=now,
    )


@contextmanager
def open_previewing(config: Config, now: datetime) -> Iterator["Previewing"]:
    """Open what makes previews: it finds pictures and asks links as for sending, but briefly."""
    from spotlight_notify.app.ledgers import read_ledger
    from spotlight_notify.app.wire import open_wire
    from spotlight_notify.links.pages import PageCache, PageReader
    from spotlight_notify.operations.announce.request import Album
    from spotlight_notify.operations.attach_pictures import illustrate
    from spotlight_notify.operations.preview.web import Web
    from spotlight_notify.operations.preview.writing import Previewing

    writers = writers_of(config, now)
    with read_ledger(config) as ledger, open_wire(config) as wire, ExitStack() as stack:
        page_cache, album = PageCache(PageReader(wire, whole=PREVIEW_PATIENCE).read), Album(ledger)
        parts = replace(build_illustrating(config, album, wire, stack), read_page=page_cache.read)
        web = Web(
            illustrate=partial(illustrate, parts=parts),
            check_link=build_check_link(config, wire, read=page_cache.read),
            page_at=page_cache.page_at,
        )
        clean = partial(clean_file, config)
        yield Previewing(writers=writers, ledger=ledger, album=album, web=web, clean=clean)


@contextmanager
def open_illustrate(config: Config, pictures: Pictures) -> Iterator[Illustrate]:
    """Open what finds an aid's pictures, alone, and keeps them in ``pictures``."""
    from spotlight_notify.app.wire import open_wire
    from spotlight_notify.operations.attach_pictures import illustrate

    with open_wire(config) as wire, ExitStack() as stack:
        yield partial(illustrate, parts=build_illustrating(config, pictures, wire, stack))


def build_illustrating(config: Config, pictures: Pictures, wire: "Wire", stack: ExitStack) -> "Illustrating":
    """Build what finds, cleans and keeps pictures; ``stack`` closes it."""
    from spotlight_notify.links.pages import PageReader
    from spotlight_notify.links.rules import may_picture
    from spotlight_notify.operations.attach_pictures import Illustrating
    from spotlight_notify.pictures.loader import PictureLoader

    cleaner = PictureLoader(wire)
    stack.callback(cleaner.close)
    return Illustrating(
        pictures=pictures,
        clean_up=cleaner.clean_url,
        read_page=PageReader(wire).read,
        clock=clock,
        alt_texts=config.alt_texts,
        trusts=partial(may_picture, domains=config.links.domains),
        most=max(network.max_pictures for network in config.networks),
        from_page=config.pictures.from_page,
        from_pdf=config.pictures.from_pdf,
        event_pages=config.links.event_pages,
    )


def build_check_link(config: Config, wire: "Wire", *, read: ReadPage | None = None) -> CheckLink:
    """Build what judges links before they are sent; where asking them is not wanted, by their address alone.

    ``read`` asks them, if not the wire.
    """
    from spotlight_notify.links.checker import LinkChecker
    from spotlight_notify.links.pages import PageReader

    domains, ignore = config.links.domains, frozenset(config.lint.ignore)
    if not config.links.check:
        return partial(_place_allowed, domains=domains)
    checker = LinkChecker(
        read or PageReader(wire).read, domains=domains, cached_for=config.links.cached_for, clock=clock
    )
    return lambda url, network: tuple(f for f in checker.check(url, network) if f.rule not in ignore)


def _place_allowed(url: str, network: Network, *, domains: Collection[str]) -> tuple[Finding, ...]:
    """Judge a link that is not asked: LinkDoubtful where it may not lead, else nothing is found."""
    from spotlight_notify.links.rules import refuse_place

    refuse_place(url, domains)
    return ()
