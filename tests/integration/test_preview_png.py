import os
import sys
import time
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from spotlight_notify.pictures.screenshot import MARK, NoScreenshot, find_chromium, png_of

NAVY, GROUND, INK = (20, 40, 75), (238, 241, 245), (20, 24, 31)
DRAWS = """\
import json, os, sys
from pathlib import Path
options = dict(word.partition("=")[::2] for word in sys.argv[1:-1])
Path({told!r}).write_text(json.dumps([sys.argv[1:], dict(os.environ)]))
height = int(options["--window-size"].split(",")[1])
source = Path({pictures!r}, str(height) + ".png")
Path(options["--screenshot"]).write_bytes(source.read_bytes())
"""
HANGS = """\
import subprocess, sys, time
from pathlib import Path
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
Path({told!r}).write_text(str(child.pid))
time.sleep(600)
"""
SAYS_NO = "import sys; print('warming up', file=sys.stderr); print('no screen', file=sys.stderr)"


@pytest.fixture
def told(tmp_path: Path) -> Path:
    return tmp_path / "told"


def stand_in(folder: Path, script: str) -> str:
    """Write a program that takes Chromium's place."""
    program = folder / "chromium"
    program.write_text(
        f"#!{sys.executable}\n{script.format(told=str(folder / 'told'), pictures=str(folder))}"
    )
    program.chmod(0o755)
    return str(program)


def draw(folder: Path, height: int, foot_at: int | None) -> None:
    """Draw what a window of this height shows of a page: a head, words, and a foot if it reaches that far."""
    picture = Image.new("RGB", (60, height), GROUND)
    picture.paste(NAVY, (0, 0, 60, 50))
    picture.paste(INK, (20, 80, 40, height if foot_at is None else foot_at - 10))
    if foot_at is not None:
        picture.paste(NAVY, (0, foot_at, 60, foot_at + 40))
    picture.save(folder / f"{height}.png")


def test_a_picture_ends_where_its_page_ends(tmp_path: Path) -> None:
    draw(tmp_path, 4_000, foot_at=700)
    content = png_of("<html>", stand_in(tmp_path, DRAWS), os.environ)
    with Image.open(BytesIO(content)) as picture:
        assert (picture.format, picture.size) == ("PNG", (60, 740))
    assert MARK in content[:200]


def test_a_page_that_its_window_cuts_off_gets_a_higher_one(tmp_path: Path) -> None:
    draw(tmp_path, 4_000, foot_at=None)
    draw(tmp_path, 16_000, foot_at=9_000)
    content = png_of("<html>", stand_in(tmp_path, DRAWS), os.environ)
    with Image.open(BytesIO(content)) as picture:
        assert picture.height == 9_040


def test_a_page_that_no_window_holds_is_shown_as_far_as_it_goes(tmp_path: Path) -> None:
    draw(tmp_path, 4_000, foot_at=None)
    draw(tmp_path, 16_000, foot_at=None)
    with Image.open(BytesIO(png_of("<html>", stand_in(tmp_path, DRAWS), os.environ))) as picture:
        assert picture.height == 16_000


def test_chromium_sees_no_token_and_leaves_nothing_at_home(tmp_path: Path, told: Path) -> None:
    draw(tmp_path, 4_000, foot_at=700)
    png_of(
        "<html>",
        stand_in(tmp_path, DRAWS),
        {"PATH": os.environ["PATH"], "X_TOKEN": "secret", "HOME": "/root"},
    )
    assert "secret" not in told.read_text()
    assert '"HOME": "/root"' not in told.read_text()
    assert ("--no-sandbox" in told.read_text()) == (os.geteuid() == 0)


def test_chromium_that_hangs_is_ended_with_its_children(tmp_path: Path, told: Path) -> None:
    with pytest.raises(NoScreenshot, match="took longer than 1 seconds"):
        png_of("<html>", stand_in(tmp_path, HANGS), os.environ, patience=1)
    child = Path("/proc") / told.read_text()
    until_gone(child)


def until_gone(process: Path) -> None:
    """Wait until a killed process is no more, or waits only to be counted."""
    end = time.monotonic() + 60
    while process.exists() and "State:\tZ" not in (process / "status").read_text():
        assert time.monotonic() < end, f"{process} is still there"
        time.sleep(0.02)


def test_what_chromium_says_last_is_passed_on_when_it_draws_nothing(tmp_path: Path) -> None:
    with pytest.raises(NoScreenshot, match="drew no picture: no screen"):
        png_of("<html>", stand_in(tmp_path, SAYS_NO), os.environ)


def test_chromium_is_found_on_the_path_or_by_its_variable(tmp_path: Path) -> None:
    program = stand_in(tmp_path, SAYS_NO)
    assert find_chromium({"PATH": str(tmp_path)}) == program
    assert find_chromium({"PATH": "/nowhere", "SPOTLIGHT_CHROMIUM": program}) == program
    with pytest.raises(NoScreenshot, match="install the package chromium"):
        find_chromium({"PATH": "/nowhere"})
    with pytest.raises(NoScreenshot, match="SPOTLIGHT_CHROMIUM: /nowhere/chromium is no program"):
        find_chromium({"PATH": str(tmp_path), "SPOTLIGHT_CHROMIUM": "/nowhere/chromium"})


def test_a_program_that_cannot_be_run_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "chromium"
    broken.write_text("#!/nowhere/interpreter\n")
    broken.chmod(0o755)
    with pytest.raises(NoScreenshot, match="cannot be run"):
        png_of("<html>", str(broken), os.environ)
