"""Show the posts an aid would get: as text, as JSON, as a page, as a picture."""

import os
from typing import TYPE_CHECKING, Any

import click

from spotlight_notify.cli.exits import UNAVAILABLE
from spotlight_notify.cli.output import Settings, echo_text, json_option, print_json
from spotlight_notify.cli.wanted import Wanted, aid_options

if TYPE_CHECKING:
    from spotlight_notify.cli.previews import Previews


@click.command(short_help="Show the posts an aid would get, and what they cost.")
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
    show(settings, Wanted(**words), to, as_json, html=html, png=png)


def show(
    settings: Settings,
    wanted: Wanted,
    to: tuple[str, ...],
    as_json: bool,
    *,
    html: str | None = None,
    png: str | None = None,
) -> None:
    """Show the posts, and draw them where that is wanted; ends with 1 if none of them could go out."""
    settings.begin("writing the posts, and asking for pages and pictures")
    from spotlight_notify.cli.previews import json_of, previews_of, print_previews

    chromium = _chromium() if png else None
    previews = previews_of(settings.load(secrets=False), wanted, to)
    if html or chromium:
        _draw(settings, previews, html, png, chromium)
    if as_json:
        print_json(json_of(previews))
    elif "-" not in (html, png):
        print_previews(previews)
    if all(post.trouble for post in previews.posts):
        raise SystemExit(1)


def _chromium() -> str:
    from spotlight_notify.cli.preview_png import NoScreenshot, find_chromium

    try:
        return find_chromium(os.environ)
    except NoScreenshot as error:
        raise _unavailable(error) from error


def _draw(
    settings: Settings, previews: "Previews", html: str | None, png: str | None, chromium: str | None
) -> None:
    from spotlight_notify.app.chance import clock
    from spotlight_notify.cli import preview_pages, preview_png
    from spotlight_notify.cli.preview_files import write_preview

    page = preview_pages.page_of(previews, clock())
    if html:
        write_preview(html, page.encode(), preview_pages.MARK)
        settings.say(f"wrote {html}")
    if png and chromium:
        try:
            picture = preview_png.png_of(page, chromium, os.environ)
        except preview_png.NoScreenshot as error:
            raise _unavailable(error) from error
        write_preview(png, picture, preview_png.MARK)
        settings.say(f"wrote {png}")


def _unavailable(error: Exception) -> SystemExit:
    echo_text(str(error), err=True)
    return SystemExit(UNAVAILABLE)
