"""References are replaced from the environment, from files and from systemd's credentials, or say why not."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from spotlight_notify.config.references import MAX_SECRET, Origin, Resolved, resolve


@pytest.fixture
def put(tmp_path: Path) -> Callable[..., Resolved]:
    def resolved(text: Any, **environ: str) -> Resolved:
        return resolve({"key": text}, Origin(environ=environ, folder=tmp_path))

    return resolved


def secret_file(path: Path, content: bytes = b"from-a-file\n", mode: int = 0o600) -> Path:
    path.write_bytes(content)
    path.chmod(mode)
    return path


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain", "plain"),
        ("${NAME}", "env"),
        ("a ${NAME} b ${NAME}", "a env b env"),
        ("${UNSET:-other wise}", "other wise"),
        ("${EMPTY:-otherwise}", "otherwise"),
        ("${NAME:-otherwise}", "env"),
        ("${UNSET:-}", ""),
        ("${EMPTY}", ""),
        ("price: 5$$", "price: 5$"),
        ("$${NAME}", "${NAME}"),
        ("${TRAP}", "${NAME} $$"),
    ],
)
def test_text_is_filled_in(put: Callable[..., Resolved], text: str, value: str) -> None:
    resolved = put(text, NAME="env", EMPTY="", TRAP="${NAME} $$")
    assert (resolved.values, resolved.problems) == ({"key": value}, {})


@pytest.mark.parametrize(
    "text", ["$NAME", "5 $", "${}", "${NAME", "${bad-name}", "${1A}", "${file:}", "$ {A}"]
)
def test_a_stray_dollar_is_a_problem_that_tells_the_way_out(put: Callable[..., Resolved], text: str) -> None:
    resolved = put(text, NAME="env", A="a")
    assert resolved.values == {"key": ""}
    assert "$$" in resolved.problems[("key",)]


def test_every_text_at_any_depth_is_filled_in(put: Callable[..., Resolved]) -> None:
    resolved = put({"list": ["${A}", 1, {"deep": "${A}"}], "on": True}, A="a")
    assert resolved.values == {"key": {"list": ["a", 1, {"deep": "a"}], "on": True}}


def test_every_failure_is_kept_at_its_place(put: Callable[..., Resolved]) -> None:
    resolved = put({"one": "${A}", "list": ["x", "${B}"]})
    assert resolved.problems == {
        ("key", "one"): "the environment variable A is not set",
        ("key", "list", 1): "the environment variable B is not set",
    }


@pytest.mark.parametrize(
    ("content", "value"), [(b"s3cret\n", "s3cret"), (b"s3cret\r\n", "s3cret"), (b" a b ", " a b ")]
)
def test_a_file_is_read_without_its_last_line_break(
    put: Callable[..., Resolved], tmp_path: Path, content: bytes, value: str
) -> None:
    path = secret_file(tmp_path / "token", content)
    assert put(f"${{file:{path}}}").values == {"key": value}
    assert put("${file:token}").values == {"key": value}, "a relative path is meant from the file's folder"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o620, 0o602, 0o644])
def test_a_file_that_others_can_read_or_change_is_refused(
    put: Callable[..., Resolved], tmp_path: Path, mode: int
) -> None:
    secret_file(tmp_path / "token", mode=mode)
    resolved = put("${file:token}")
    assert resolved.values == {"key": ""}
    assert "chmod 600" in resolved.problems[("key",)]


def test_a_file_that_is_no_secret_says_why(put: Callable[..., Resolved], tmp_path: Path) -> None:
    secret_file(tmp_path / "empty", b"\n")
    secret_file(tmp_path / "binary", b"\xff\xfe")
    secret_file(tmp_path / "long", b"x" * (MAX_SECRET + 1))
    os.mkfifo(tmp_path / "pipe", 0o600)
    resolved = put([f"${{file:{name}}}" for name in ("empty", "binary", "long", "pipe", "none")])
    said = [resolved.problems[("key", number)] for number in range(5)]
    assert said == [
        "the file empty is empty",
        "the file binary is not text in UTF-8",
        "the file long is too long for a secret",
        "the file pipe is not an ordinary file",
        "the file none cannot be read: no such file or directory",
    ]


def test_a_credential_is_read_from_the_folder_systemd_names(
    put: Callable[..., Resolved], tmp_path: Path
) -> None:
    # systemd's access list shows as a right of the group: 0440.
    secret_file(tmp_path / "x_token", b"from-systemd\n", 0o440)
    resolved = put("${credential:x_token}", CREDENTIALS_DIRECTORY=str(tmp_path))
    assert resolved.values == {"key": "from-systemd"}


def test_a_credential_that_cannot_be_had_says_why(put: Callable[..., Resolved], tmp_path: Path) -> None:
    secret_file(tmp_path / "open", mode=0o444)
    here = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    assert "LoadCredential" in put("${credential:x}").problems[("key",)]
    assert "without folders" in put("${credential:../x}", **here).problems[("key",)]
    assert "can be read" in put("${credential:open}", **here).problems[("key",)]
    assert "no such file" in put("${credential:none}", **here).problems[("key",)]


def test_what_a_file_or_credential_held_is_secret(put: Callable[..., Resolved], tmp_path: Path) -> None:
    secret_file(tmp_path / "token")
    resolved = put(["a ${file:token} b", "${credential:token}"], CREDENTIALS_DIRECTORY=str(tmp_path))
    assert resolved.secrets == {"from-a-file"}
    assert "from-a-file" not in repr(resolved).replace(str(resolved.values), "")


def test_what_completes_a_url_is_secret_and_a_whole_url_hides_its_query(tmp_path: Path) -> None:
    table = {"a": {"url": "https://x.gov/${PATH_KEY}"}, "b": {"url": "${WHOLE}"}, "name": "${NAME}"}
    environ = {"PATH_KEY": "k3y", "WHOLE": "https://x.gov/feed?token=t0k", "NAME": "VALOR"}
    resolved = resolve(table, Origin(environ=environ, folder=tmp_path))
    assert resolved.secrets - {""} == {"k3y", "token=t0k"}
