"""Take a picture of a preview page with Chromium, where there is one."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from spotlight_notify.model.advice import Field, advise
from spotlight_notify.model.errors import SpotlightError

PNG = Field("png")
VARIABLE = "SPOTLIGHT_CHROMIUM"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")
MARK = b"Software\x00spotlight-notify preview"
"""What a picture of ours has near its beginning, so that it may be overwritten."""
WIDTH = 1_200
HEIGHTS = (4_000, 16_000)
"""Windows to try, in pixels: Chromium takes a picture of its window, not of the page; Skia draws no more."""
PATIENCE_SECONDS = 60.0
FLAGS = (
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-crash-reporter",
    "--hide-scrollbars",
)
NEEDED = ("PATH", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH")
"""What a browser may see of our surroundings; tokens are not among it."""


class NoScreenshot(SpotlightError):
    """No picture of a page can be taken."""


def find_chromium(environ: Mapping[str, str]) -> str:
    """Return the path of the Chromium that SPOTLIGHT_CHROMIUM names, or else of one on PATH."""
    named, path = environ.get(VARIABLE), environ.get("PATH")
    if named:
        found = shutil.which(named, path=path)
        if found is None:
            raise NoScreenshot(f"{VARIABLE}: {named} is no program that can be run")
        return found
    programs = (shutil.which(name, path=path) for name in PROGRAMS)
    if first := next(filter(None, programs), None):
        return first
    raise NoScreenshot(
        advise(
            PNG, f" needs Chromium: install the package chromium, or name a Chrome or Chromium in {VARIABLE}"
        )
    )


def png_of(
    page: str, chromium: str, environ: Mapping[str, str], *, patience: float = PATIENCE_SECONDS
) -> bytes:
    """Return a picture of a page as PNG, cut where the page ends; NoScreenshot when Chromium draws none.

    After ``patience`` seconds it is ended, with all that it started.
    """
    with tempfile.TemporaryDirectory(prefix="spotlight-png-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "page.html").write_text(page, encoding="utf-8")
        for height in HEIGHTS:
            drawn = _draw(folder, chromium, height, environ, patience)
            end = _end_of_page(drawn)
            if end is not None:
                break
    return _marked(drawn.crop((0, 0, drawn.width, end or drawn.height)))


def _draw(
    folder: Path, chromium: str, height: int, environ: Mapping[str, str], patience: float
) -> Image.Image:
    shot = folder / f"{height}.png"
    command = [chromium, *FLAGS, f"--user-data-dir={folder / 'profile'}", f"--window-size={WIDTH},{height}"]
    command += ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium as root does not start with it
    surroundings = {name: environ[name] for name in NEEDED if name in environ} | {"HOME": str(folder)}
    said = _run([*command, f"--screenshot={shot}", (folder / "page.html").as_uri()], surroundings, patience)
    try:
        return Image.open(BytesIO(shot.read_bytes())).convert("RGB")
    except OSError as error:
        raise NoScreenshot(f"{chromium} drew no picture: {said}") from error


def _run(command: list[str], surroundings: Mapping[str, str], patience: float) -> str:
    """Run Chromium to its end, or end it with all its children; returns the last that it said."""
    try:
        with subprocess.Popen(  # noqa: S603 - the operator's own Chromium, and no word from a feed
            command,
            env=surroundings,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        ) as child:
            try:
                _, said = child.communicate(timeout=patience)
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)
    except OSError as error:
        raise NoScreenshot(f"{command[0]} cannot be run: {error.strerror}") from error
    except subprocess.TimeoutExpired as error:
        raise NoScreenshot(f"{command[0]} took longer than {patience:.0f} seconds") from error
    lines = said.decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:300] if lines else f"it ended with {child.returncode}"


def _end_of_page(drawn: Image.Image) -> int | None:
    """Find the row after the page's foot, which has the colour of its head; None when it was cut off.

    Between the two the left edge shows nothing but the ground.
    """
    edge = drawn.crop((0, 0, 1, drawn.height)).tobytes()
    rows = [edge[place : place + 3] for place in range(0, len(edge), 3)]
    head = next((row for row, colour in enumerate(rows) if colour != rows[0]), len(rows))
    end = len(rows) - rows[::-1].index(rows[0])
    return end if end > head else None


def _marked(drawn: Image.Image) -> bytes:
    info, out = PngInfo(), BytesIO()
    info.add_text("Software", "spotlight-notify preview")
    drawn.save(out, "PNG", pnginfo=info)
    return out.getvalue()
