"""A MariaDB server of the tests' own: Debian's, as ``run.sh test`` unpacks it, or one that is installed."""

import os
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pymysql
import pytest

UNPACKED = Path(__file__).parents[1] / ".tools" / "mariadb"
READY = b"ready for connections"
# What is lost in a power cut may be lost here; a small server starts in two seconds.
LIGHT = ("--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=16M", "--innodb-log-file-size=4M")


@contextmanager
def mariadb_server() -> Iterator[str]:
    """Start a server that only this machine's users reach, and give a URL of it; it ends with the block."""
    program, root = _found()
    # Not in pytest's own folder: the path of a socket may be 107 bytes long.
    with tempfile.TemporaryDirectory(prefix="spotlight-my-") as folder:
        command = [str(program), "--no-defaults", f"--datadir={folder}/data", *LIGHT, *_places(root)]
        if os.geteuid() == 0:
            command.append("--user=root")
        environment = os.environ | {"LD_LIBRARY_PATH": _libraries(root)}
        Path(folder, "data").mkdir()
        _make_tables(command, root, environment)
        socket = f"{folder}/socket"
        listening = (
            "--skip-networking",
            f"--socket={socket}",
            "--skip-grant-tables",
            f"--pid-file={folder}/pid",
        )
        log = Path(folder, "log")
        with log.open("wb") as told:
            server = subprocess.Popen([*command, *listening], env=environment, stderr=told)
        try:
            _wait_until_ready(server, log)
            yield f"mysql+pymysql://root@localhost/?unix_socket={socket}"
        finally:
            server.kill()
            server.wait()


@contextmanager
def mariadb_database_on(server: str) -> Iterator[str]:
    """Make an empty database and give its URL; it is dropped at the end."""
    name, socket = f"test_{uuid.uuid4().hex}", server.split("unix_socket=")[1]
    with pymysql.connect(unix_socket=socket, user="root") as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
        yield server.replace("localhost/", f"localhost/{name}")
        cursor.execute(f"DROP DATABASE {name}")


def _found() -> tuple[Path, Path]:
    """Find the server, and the folder its files stand in."""
    unpacked = UNPACKED / "usr" / "sbin" / "mariadbd"
    if unpacked.is_file():
        return unpacked, UNPACKED
    installed = Path("/usr/sbin/mariadbd")
    if not installed.is_file():
        pytest.fail("no MariaDB server: sh run.sh test unpacks one; or install mariadb-server-core")
    return installed, Path("/")


def _places(root: Path) -> tuple[str, ...]:
    share = root / "usr" / "share" / "mysql"
    words = (
        ("--basedir", root / "usr"),
        ("--lc-messages-dir", share),
        ("--character-sets-dir", share / "charsets"),
    )
    return tuple(f"{name}={place}" for name, place in words)


def _libraries(root: Path) -> str:
    return ":".join(str(folder) for folder in root.glob("usr/lib/*-linux-gnu")) if root != Path("/") else ""


def _make_tables(command: list[str], root: Path, environment: dict[str, str]) -> None:
    """Make the tables the server keeps of itself."""
    tables = (root / "usr" / "share" / "mysql" / "mysql_system_tables.sql").read_bytes()
    begin = b"CREATE DATABASE mysql;\nUSE mysql;\n"
    made = subprocess.run(
        [*command, "--bootstrap"], input=begin + tables, env=environment, capture_output=True, check=False
    )
    assert made.returncode == 0, made.stderr.decode()


def _wait_until_ready(server: subprocess.Popen[bytes], log: Path) -> None:
    while READY not in log.read_bytes():
        if server.poll() is not None:
            pytest.fail(f"MariaDB does not start: {log.read_text()}")
        time.sleep(0.05)
