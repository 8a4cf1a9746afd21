"""Pictures made to harm, against real child processes: each is refused, and the next one is cleaned."""

import os
import re
import signal
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL.Image import Resampling

from drawings import cleaned, flat, nested_pdf, noise, page, pdf, photo, png, seen, stream, written
from processes import until
from spotlight_notify.model.errors import FetchError, PictureRefused, SpotlightError
from spotlight_notify.pictures.formats import MAX_SIDE, MIN_SIDE
from spotlight_notify.pictures.loader import PictureLoader
from spotlight_notify.pictures.normalize import MAX_BYTES
from spotlight_notify.wire.wire import Wire

GOOD = written(flat(), "PNG")
ENDLESS = nested_pdf(depth=5, fan=10)
"""Draws a hundred thousand curves, which takes minutes."""


@contextmanager
def cleaning(
    cpu_seconds: int = 20, wall_seconds: float = 60.0, memory: int = 1 << 30
) -> Iterator[PictureLoader]:
    wire = Wire(allow_private=False, user_agent="spotlight-notify/test")
    opened = PictureLoader(wire, cpu_seconds=cpu_seconds, wall_seconds=wall_seconds, memory=memory)
    yield opened
    opened.close()


@pytest.fixture
def file(tmp_path: Path) -> Callable[[bytes], Path]:
    def write(content: bytes) -> Path:
        (tmp_path / "picture").write_bytes(content)
        return tmp_path / "picture"

    return write


def refusal(cleaner: PictureLoader, path: Path) -> str:
    with pytest.raises(PictureRefused) as caught:
        cleaner.clean_file(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def children() -> set[int]:
    """List this process's children that clean pictures, by their process ids."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == os.getpid() and b"pictures.child_main" in (folder / "cmdline").read_bytes():
                found.add(int(folder.name))
    return found


def busy_child() -> int:
    """Wait for a child that is at work, and give its process id."""
    found: list[int] = []

    def at_work() -> bool:
        found[:] = [pid for pid in children() if limited(pid)]
        return bool(found)

    until(at_work, 60)
    return found[0]


def limited(pid: int) -> bool:
    """Tell whether a child has set its limits, which it does before it reads its picture; CPU comes last."""
    return limits(pid)["Max cpu time"] != "unlimited"


def limits(pid: int) -> dict[str, str]:
    """Give a process's soft limits by the kernel's names for them."""
    lines = Path(f"/proc/{pid}/limits").read_text().splitlines()[1:]
    return {line[:26].strip(): line[26:].split()[0] for line in lines}


@contextmanager
def in_the_background(cleaner: PictureLoader, path: Path) -> Iterator[list[SpotlightError]]:
    """Clean a file in a thread; what that raises is in the list at the end."""
    raised: list[SpotlightError] = []

    def clean() -> None:
        try:
            cleaner.clean_file(path)
        except SpotlightError as error:
            raised.append(error)

    thread = threading.Thread(target=clean)
    thread.start()
    yield raised
    thread.join(60)
    assert not thread.is_alive()


# --- bombs


def black(width: int, height: int) -> bytes:
    """Write a PNG of one colour, row by row: a few hundred kilobytes, whatever its size."""
    rows = zlib.compressobj(9)
    packed = b"".join(rows.compress(bytes(width + 1)) for _ in range(height)) + rows.flush()
    whole = png(width, height)
    empty = zlib.compress(b"", 9)
    at = whole.index(b"IDAT") - 4
    chunk = len(packed).to_bytes(4, "big") + b"IDAT" + packed
    return (
        whole[:at] + chunk + zlib.crc32(b"IDAT" + packed).to_bytes(4, "big") + whole[at + 12 + len(empty) :]
    )


@pytest.mark.parametrize(
    ("bomb", "said"),
    [
        (png(20_000, 20_000), "it has far more than 50 megapixels"),
        (png(2**31 - 1, 2**31 - 1), "it has far more than 50 megapixels"),
        (black(20_000, 20_000), "it has far more than 50 megapixels"),
        (black(10_000, 10_000), "it has 100 megapixels, more than 50"),
        (written(flat(10_000, 10_000), "JPEG", quality=50), "it has 100 megapixels, more than 50"),
        (b"GIF89a" + b"\xff\xff\xff\xff\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\x02\x02D\x01\0;", "megapixels"),
        (b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + b"\xff\xff\xff" * 2, "megapixels"),
    ],
    ids=["declared", "endless", "400", "100", "100 jpeg", "gif", "webp"],
)
def test_too_many_pixels_are_refused_before_they_are_read(
    file: Callable[[bytes], Path], bomb: bytes, said: str
) -> None:
    with cleaning(cpu_seconds=2, memory=1 << 27) as cleaner:
        assert said in refusal(cleaner, file(bomb))
        assert cleaner.clean_file(file(GOOD)) == cleaned(GOOD)


def test_as_many_pixels_as_are_allowed_are_read(file: Callable[[bytes], Path]) -> None:
    largest = flat(7071, 7071)
    with cleaning() as cleaner:
        for content in (written(largest, "JPEG"), written(largest, "PNG", compress_level=1)):
            assert seen(cleaner.clean_file(file(content))).size == (2048, 2048)


def swollen_pdf() -> bytes:
    """Write a page whose few kilobytes become 400 MB."""
    spaces = zlib.compressobj(9)
    blank = b"".join(spaces.compress(b" " * 1_000_000) for _ in range(400)) + spaces.flush()
    objects = list(page())
    objects[3] = stream(zlib.compress(blank, 9), b"/Filter[/FlateDecode/FlateDecode]")
    return pdf(*objects)


def test_what_needs_too_much_memory_is_refused(file: Callable[[bytes], Path]) -> None:
    with cleaning(memory=1 << 26) as cleaner:
        for hostile in (swollen_pdf(), written(flat(5000, 5000), "PNG", compress_level=1)):
            assert refusal(cleaner, file(hostile)) == "reading it needs too much memory"
        assert cleaner.clean_file(file(GOOD)).width == 300


SELF_DRAWN = pdf(
    *page(b"/F Do", more=b"/Resources<</XObject<</F 5 0 R>>>>"),
    stream(
        b"[.05] 0 d 0 0 m 0 700 600 0 600 700 c S /F Do /F Do",
        b"/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Resources<</XObject<</F 5 0 R>>>>",
    ),
)
"""A form that draws itself, twice each time."""


@pytest.mark.parametrize(
    ("hostile", "said"),
    [
        (SELF_DRAWN, "reading it (takes too long|needs too much memory)"),
        (ENDLESS, "reading it (takes too long|needs too much memory)"),
        (swollen_pdf(), "reading it needs too much memory"),
    ],
    ids=["draws itself", "draws a hundred thousand", "swells"],
)
def test_promise_21_hostile_files_are_refused_within_the_limits_of_any_child(
    file: Callable[[bytes], Path], hostile: bytes, said: str
) -> None:
    with closing(PictureLoader(Wire(allow_private=False, user_agent="test"))) as cleaner:
        with in_the_background(cleaner, file(hostile)) as raised:
            found = limits(busy_child())
        assert found["Max data size"] == str(256 * 1024 * 1024)
        assert found["Max cpu time"] == "5"
        assert found["Max file size"] == found["Max core file size"] == "0"
        assert re.fullmatch(said, str(raised[0]))
        assert cleaner.clean_file(file(GOOD)) == cleaned(GOOD)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "RGB"), ("PNG", "RGB"), ("PNG", "RGBA"), ("GIF", "P"), ("WEBP", "RGB"), ("WEBP", "RGBA")],
)
def test_promise_21_an_honest_picture_of_4000_by_4000_is_cleaned(
    file: Callable[[bytes], Path], kind: str, mode: str
) -> None:
    drawing = photo(1000, 1000).resize((4000, 4000), Resampling.NEAREST).convert(mode)
    quick = {"PNG": {"compress_level": 1}, "WEBP": {"method": 0}}.get(kind, {})
    with closing(PictureLoader(Wire(allow_private=False, user_agent="test"))) as cleaner:
        assert seen(cleaner.clean_file(file(written(drawing, kind, **quick)))).size == (2048, 2048)


# --- children that hang or die


def test_what_takes_too_much_cpu_is_refused(file: Callable[[bytes], Path]) -> None:
    with cleaning(cpu_seconds=1) as cleaner:
        assert refusal(cleaner, file(ENDLESS)) == "reading it takes too long"
        assert cleaner.clean_file(file(GOOD)).width == 300


def test_a_child_that_hangs_is_killed(file: Callable[[bytes], Path]) -> None:
    with cleaning(wall_seconds=8.0) as cleaner:
        with in_the_background(cleaner, file(ENDLESS)) as raised:
            os.kill(victim := busy_child(), signal.SIGSTOP)
        assert [str(error) for error in raised] == ["reading it takes too long"]
        assert victim not in children()
        assert cleaner.clean_file(file(GOOD)).width == 300


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGSEGV])
def test_a_child_that_dies_is_replaced(file: Callable[[bytes], Path], blow: signal.Signals) -> None:
    with cleaning() as cleaner:
        with in_the_background(cleaner, file(ENDLESS)) as raised:
            os.kill(busy_child(), blow)
        assert [str(error) for error in raised] == [f"the process that reads it died of it (code {-blow})"]
        assert isinstance(raised[0], PictureRefused)
        assert cleaner.clean_file(file(GOOD)).width == 300


def test_a_picture_is_not_blamed_when_the_whole_program_is_stopped(file: Callable[[bytes], Path]) -> None:
    with cleaning() as cleaner, in_the_background(cleaner, file(ENDLESS)) as raised:
        os.kill(busy_child(), signal.SIGTERM)
    assert isinstance(raised[0], FetchError)
    assert str(raised[0]).endswith("picture: the program is ending")


def test_closing_ends_what_is_under_way(file: Callable[[bytes], Path]) -> None:
    with cleaning(cpu_seconds=600, wall_seconds=600) as cleaner:
        with in_the_background(cleaner, file(ENDLESS)) as raised:
            victim = busy_child()
            cleaner.close()
            until(lambda: victim not in children())
        assert isinstance(raised[0], FetchError)
        with pytest.raises(FetchError, match="the program is ending"):
            cleaner.clean_file(file(GOOD))


def test_a_child_that_cannot_work_is_not_the_pictures_fault(
    file: Callable[[bytes], Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "PIL").mkdir()
    (tmp_path / "PIL" / "__init__.py").write_text("raise ImportError('broken')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with cleaning() as cleaner, pytest.raises(FetchError, match="does not work"):
        cleaner.clean_file(file(GOOD))


def test_a_child_sees_no_secrets_and_is_the_first_to_go(
    file: Callable[[bytes], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("X_CONSUMER_KEY", "hidden")
    with cleaning() as cleaner, in_the_background(cleaner, file(ENDLESS)):
        at_work = Path(f"/proc/{busy_child()}")
        assert b"X_CONSUMER_KEY" not in (at_work / "environ").read_bytes()
        assert (at_work / "oom_score_adj").read_text() == "1000\n"
        assert not [name for name in (at_work / "fd").iterdir() if "socket" in os.readlink(name)]
        cleaner.close()


# --- whatever comes


def within_limits(content: bytes) -> bool:
    """Clean a picture in this process; anything but a clean picture or a refusal is a fault."""
    try:
        picture = cleaned(content)
    except PictureRefused as refused:
        return "\n" not in str(refused) and len(str(refused)) < 400
    sides = seen(picture).size
    return len(picture.content) <= MAX_BYTES and max(sides) <= MAX_SIDE and min(sides) >= MIN_SIDE


SMALL = {
    "jpeg": written(noise(120, 110), "JPEG"),
    "progressive": written(noise(120, 110), "JPEG", progressive=True),
    "png": written(flat(120, 110), "PNG"),
    "palette": written(flat(120, 110, "P"), "PNG", transparency=3),
    "gif": written(flat(120, 110), "GIF"),
    "webp": written(noise(120, 110), "WEBP"),
    "moving": written(flat(120, 110), "PNG", save_all=True, append_images=[noise(120, 110)]),
}


@st.composite
def mutated(draw: st.DrawFn, contents: tuple[bytes, ...]) -> bytes:
    """Take a good file and spoil it: other bytes here and there, pieces gone, doubled or put in."""
    content = bytearray(draw(st.sampled_from(contents)))
    for _ in range(draw(st.integers(1, 6))):
        # Headers stand in front, and there damage hurts most.
        at = draw(st.integers(0, 200) | st.integers(0, len(content)))
        length = draw(st.integers(0, 40))
        content[at : at + length] = draw(st.binary(max_size=40) | st.just(bytes(content[at : at + 80])))
    return bytes(content)


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(mutated(tuple(SMALL.values())) | st.binary(max_size=500))
def test_any_picture_is_clean_or_refused(content: bytes) -> None:
    assert within_limits(content)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mutated((pdf(*page()), nested_pdf(2, 2), written(flat(200, 150), "PDF"), *SMALL.values())))
def test_whatever_comes_a_child_answers_or_is_replaced(file: Callable[[bytes], Path], content: bytes) -> None:
    with cleaning(cpu_seconds=5, wall_seconds=30) as cleaner:
        with suppress(PictureRefused):
            assert max(seen(cleaner.clean_file(file(content))).size) <= MAX_SIDE
        assert children() == set()
