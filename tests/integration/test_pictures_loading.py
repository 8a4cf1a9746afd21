"""Pictures fetched over real HTTP and read from files, cleaned by real child processes."""

import gzip
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from drawings import cleaned, flat, page, pdf, photo, written
from spotlight_notify.model.errors import FetchError, PictureRefused
from spotlight_notify.pictures.loader import MAX_FILE, PictureLoader
from spotlight_notify.ports.parts import CleanUp
from spotlight_notify.wire import sockets
from spotlight_notify.wire.wire import Wire
from website import Page, Website


@pytest.fixture(scope="module")
def cleaner(wire: Wire) -> Iterator[PictureLoader]:
    opened = PictureLoader(wire)
    yield opened
    opened.close()


def refusal(clean_up: CleanUp, url: str) -> str:
    with pytest.raises(PictureRefused) as caught:
        clean_up(url)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def failure(clean_up: CleanUp, url: str) -> FetchError:
    with pytest.raises(FetchError) as caught:
        clean_up(url)
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)
    return caught.value


# --- what is taken


@pytest.mark.parametrize(
    "content", [written(photo(), "JPEG"), written(flat(), "GIF"), pdf(*page())], ids=["jpeg", "gif", "pdf"]
)
def test_what_is_fetched_is_known_by_its_bytes(site: Website, cleaner: PictureLoader, content: bytes) -> None:
    lies = {"Content-Type": "text/html", "Content-Disposition": "attachment; filename=a.exe"}
    picture = cleaner.clean_url(site.put("/a.html?key=secret", Page(body=content, headers=lies)))
    assert picture == cleaned(content)


def test_a_redirect_is_followed(site: Website, cleaner: PictureLoader) -> None:
    there = site.put("/there", Page(body=written(flat(), "PNG")))
    here = site.put("/here.png", Page(status=302, headers={"Location": there}))
    assert cleaner.clean_url(here).width == 300


def test_a_file_is_read_as_carefully(tmp_path: Path, cleaner: PictureLoader) -> None:
    file = tmp_path / "poster.docx"
    file.write_bytes(written(flat(), "PNG"))
    assert cleaner.clean_file(file) == cleaned(file.read_bytes())


def test_many_threads_share_one_cleaner(site: Website, cleaner: PictureLoader) -> None:
    urls = {width: site.put(f"/{width}", Page(body=written(flat(width), "PNG"))) for width in range(300, 306)}
    widths: list[int] = []
    threads = [
        threading.Thread(target=lambda url=url: widths.append(cleaner.clean_url(url).width))
        for url in urls.values()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(widths) == sorted(urls)


# --- what would be refused again


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<!DOCTYPE html><title>Sign in</title>", "it is HTML, not a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "it is an SVG drawing, which is not taken"),
        (written(flat(), "GIF", save_all=True, append_images=[flat().rotate(180)]), "it is animated"),
        (written(photo(), "JPEG")[:20_000], "it is damaged or cut short"),
        (pdf(*page(b"")), "it shows nothing"),
        (b"\xff\xd8\xff" + bytes(MAX_FILE), "it is larger than 20 MiB"),
        (b"%PDF-1.7" + bytes(MAX_FILE), "it is larger than 20 MiB"),
    ],
    ids=["html", "svg", "animated", "cut", "blank", "large", "too large"],
)
def test_what_is_no_picture_is_refused_in_one_line(
    site: Website, cleaner: PictureLoader, body: bytes, said: str
) -> None:
    answer = Page(body=body, headers={"Content-Type": "image/png"})
    assert refusal(cleaner.clean_url, site.put("/poster.png", answer)).startswith(said)


@pytest.mark.parametrize("status", [404, 410])
def test_what_is_gone_is_refused(site: Website, cleaner: PictureLoader, status: int) -> None:
    url = site.put("/gone.png", Page(status=status, body=written(flat(), "PNG")))
    assert refusal(cleaner.clean_url, url) == f"there is no such picture (status {status})"


def test_a_picture_that_unpacks_without_end_is_refused(site: Website, cleaner: PictureLoader) -> None:
    bomb = Page(body=gzip.compress(bytes(100 * 1024 * 1024)), headers={"Content-Encoding": "gzip"})
    assert "larger" in refusal(cleaner.clean_url, site.put("/bomb.png", bomb))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("missing.png", "it cannot be read: No such file or directory"),
        ("folder", "it is no file"),
        ("empty", "it is empty: there is not one byte"),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, cleaner: PictureLoader, name: str, said: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty").touch()
    with pytest.raises(PictureRefused) as caught:
        cleaner.clean_file(tmp_path / name)
    assert str(caught.value) == said


def test_a_file_too_large_is_refused_before_all_of_it_is_read(tmp_path: Path, cleaner: PictureLoader) -> None:
    file = tmp_path / "huge.pdf"
    with file.open("wb") as opened:
        opened.write(b"%PDF-1.7")
        opened.truncate(1 << 40)  # takes no room on the disk
    with pytest.raises(PictureRefused, match="larger than 20 MiB"):
        cleaner.clean_file(file)


# --- what may be had later


@pytest.mark.parametrize("status", [204, 401, 403, 429, 500, 503])
def test_what_cannot_be_had_now_may_be_had_later(site: Website, cleaner: PictureLoader, status: int) -> None:
    failed = failure(cleaner.clean_url, site.put("/later.png?key=secret", Page(status=status)))
    assert str(failed).endswith(f"later.png: the picture cannot be had: status {status}")
    assert failed.sent


def test_a_server_that_hangs_up_is_tried_again(site: Website, cleaner: PictureLoader) -> None:
    def break_off(out: IO[bytes], closing: threading.Event) -> None:
        out.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + written(flat(), "PNG")[:500])

    failed = failure(cleaner.clean_url, site.put("/short.png", Page(raw=break_off)))
    assert failed.message == "the answer broke off"
    assert failed.sent


def test_an_answer_without_a_byte_is_a_slip_of_the_server(site: Website, cleaner: PictureLoader) -> None:
    assert failure(cleaner.clean_url, site.put("/empty.png", Page())).message == "the answer is empty"


def test_a_private_address_is_not_asked(
    site: Website, cleaner: PictureLoader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "is_public", lambda address: address == "127.0.0.1")
    careful = PictureLoader(Wire(allow_private=False, user_agent="test"))
    inside = site.put("/inside.png", Page(body=written(flat(), "PNG"))).replace("127.0.0.1", "127.0.0.2")
    outside = site.put("/outside.png", Page(status=302, headers={"Location": inside}))
    before = len(site.asked)
    assert "no address of 127.0.0.2 is public" in str(failure(careful.clean_url, outside))
    assert [asked.path for asked in site.asked[before:]] == ["/outside.png"]
    careful.close()


@pytest.mark.parametrize("url", ["file:///etc/passwd", "/etc/passwd", "data:image/png;base64,AAAA", ""])
def test_only_the_web_is_asked(cleaner: PictureLoader, url: str) -> None:
    assert not failure(cleaner.clean_url, url).sent


def test_the_parent_reads_no_picture_itself() -> None:
    code = (
        "import sys, spotlight_notify.pictures.loader\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('PIL', 'pypdfium2')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
