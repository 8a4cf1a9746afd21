"""The posts an aid would get: as text, as JSON, as a page, as a picture."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from spotlight_notify.app.chance import clock
from spotlight_notify.cli.errors import UNAVAILABLE, told
from spotlight_notify.cli.options import aid_options, mistakes_in_options
from spotlight_notify.cli.output import Settings, echo, echo_text, json_option, line_of, print_json, words_of
from spotlight_notify.model.errors import CannotCreate, SpotlightError
from spotlight_notify.model.words import State
from spotlight_notify.operations.announce.request import AidRequest
from spotlight_notify.operations.preview.values import Preview, Previews, posted_images
from spotlight_notify.operations.preview.writing import previews_of
from spotlight_notify.rules.pricing import dollars
from spotlight_notify.wire.private_files import replace_own


@click.command()
@aid_options
@click.option("--html", metavar="FILE", help='Write a page that shows them; "-" is stdout.')
@click.option("--png", metavar="FILE", help='Write a picture of that page (needs Chromium); "-" is stdout.')
@json_option
@click.pass_obj
def preview(
    settings: Settings,
    /,
    to: tuple[str, ...],
    html: str | None,
    png: str | None,
    as_json: bool,
    **words: Any,
) -> None:
    """Show each channel's post for a known AID (its key, number or link), or a new one by --title and --url.

    Or, by --theme alone, the digest of what of that theme is not announced there yet. With its length as the
    network counts, its price on X, its pictures and what the lint finds in it. Nothing is recorded or sent.

    \b
    Examples:  spotlight-notify preview 12
               spotlight-notify preview 12 --html preview.html
               spotlight-notify preview --title "Keep Calm" --url https://example.org/keep-calm \\
                   --image poster.png --alt "Blue poster. It reads: Keep calm." --png preview.png
    """
    if [html, png, "-" if as_json else None].count("-") > 1:
        raise click.UsageError("only one of --html, --png and --json can go to stdout")
    with mistakes_in_options():
        show(settings, AidRequest(**words), to, as_json, html=html, png=png)


def show(
    settings: Settings,
    wanted: AidRequest,
    to: tuple[str, ...],
    as_json: bool,
    *,
    html: str | None = None,
    png: str | None = None,
) -> None:
    """Show the posts, and draw them where that is wanted; ends with 1 if none of them could go out."""
    settings.begin("writing the posts, and asking for pages and pictures")
    from spotlight_notify.app.writing import open_previewing

    chromium = _chromium() if png else None
    with open_previewing(settings.load(secrets=False), clock()) as parts:
        previews = previews_of(parts, wanted, to)
    if previews.too_few:
        echo(previews.too_few, err=True)
    if html or chromium:
        _draw(settings, previews, html, png, chromium)
    if as_json:
        print_json({"posts": previews.posts})
    elif "-" not in (html, png):
        _print(previews)
    if all(post.trouble for post in previews.posts):
        raise SystemExit(1)


def _chromium() -> str:
    from spotlight_notify.pictures import screenshot

    try:
        return screenshot.find_chromium(os.environ)
    except screenshot.NoScreenshot as error:
        raise _unavailable(error) from error


def _draw(
    settings: Settings, previews: Previews, html: str | None, png: str | None, chromium: str | None
) -> None:
    from spotlight_notify.operations.preview.page import MARK, page_of
    from spotlight_notify.pictures import screenshot

    page = page_of(previews, clock(), words_of)
    if html:
        write_preview(html, page.encode(), MARK)
        settings.say(f"wrote {html}")
    if png and chromium:
        try:
            picture = screenshot.png_of(page, chromium, os.environ)
        except screenshot.NoScreenshot as error:
            raise _unavailable(error) from error
        write_preview(png, picture, screenshot.MARK)
        settings.say(f"wrote {png}")


def _unavailable(error: SpotlightError) -> SystemExit:
    echo_text(told(error), err=True)
    return SystemExit(UNAVAILABLE)


def _head_of(preview: Preview) -> str:
    """Sum a preview up in a line: channel, weight, price, and whether it would go out by itself."""
    told = [f"{preview.length:,} of {preview.limit:,}"] if preview.length is not None else []
    told += [dollars(preview.price)] if preview.price is not None else []
    if preview.text is None:
        told.append(f"no post: {preview.trouble}")
    elif preview.trouble:
        told.append(preview.trouble if preview.state is State.SKIPPED else "a person must look first")
    return f"{preview.channel} ({preview.network}): {', '.join(told)}"


def _print(previews: Previews) -> None:
    """Print each post under a line that sums it up, and under it its pictures and what was found in it."""
    for preview in previews.posts:
        echo(f"--- {_head_of(preview)}")
        if preview.text:
            echo_text(preview.text)
        for line in (*_picture_lines(preview), *map(line_of, preview.findings)):
            echo(line)
        echo()


def _picture_lines(preview: Preview) -> Iterator[str]:
    """Print each picture, and why another is left out."""
    for image in posted_images(preview.images):
        later = "" if image.digest else " (not to be had now: tried again when the post is sent)"
        yield f"[picture: {image.url} | {image.alt}]{later}"
    for left_out in preview.left_out:
        yield f"[no picture: {words_of(left_out.reason)}{f' ({left_out.url})' if left_out.url else ''}]"


def write_preview(path: str, content: bytes, mark: bytes) -> None:
    """Write to stdout (``-``) or to a file that is new, empty or an earlier preview; else CannotCreate."""
    if path == "-":
        sys.stdout.buffer.write(content)
    elif not replace_own(Path(path), content, mark):
        raise CannotCreate(
            f"{path}: is there already and is no preview; name another file, or remove it first"
        )
