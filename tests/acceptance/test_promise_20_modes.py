"""Promise 20: what the program makes is its owner's alone, or its group's where the folder is shared."""

import stat
from contextlib import closing
from pathlib import Path

import pytest

from processes import Notify, start_daemon
from spotlight_notify.ledger.opening import open_ledger

EXPOSED = "secrets are written out in it"
NEW = ("--title", "Keep Calm and De-Escalate", "--url", "https://www.valorforblue.org/keep-calm")


def modes(folder: Path) -> set[int]:
    return {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(("folder_mode", "mode"), [(0o755, 0o600), (0o2770, 0o640)])
def test_promise_20_files_are_private_or_the_groups(
    notify: Notify, config: Path, tmp_path: Path, folder_mode: int, mode: int
) -> None:
    place = tmp_path / "place"
    place.mkdir()
    place.chmod(folder_mode)
    assert notify("init", place).returncode == 0
    text = config.read_text().replace("sqlite:///spotlight.sqlite3", f"sqlite:///{place}/ledger.sqlite3")
    config.write_text(text)
    assert notify("--config", config, "preview", *NEW, "--html", place / "preview.html").returncode == 0
    with start_daemon(config) as daemon:
        assert daemon.stderr is not None
        assert "started" in daemon.stderr.readline()
        made = {path.name.removeprefix("ledger.sqlite3") for path in place.iterdir()}
        assert made >= {"", "-wal", "-shm", ".lock", ".made", "spotlight.toml", "preview.html"}
        assert modes(place) == {mode}


def test_promise_20_files_that_are_there_keep_their_modes(notify: Notify, config: Path) -> None:
    file = config.with_name("spotlight.sqlite3")
    file.touch()
    file.chmod(0o664)
    with closing(open_ledger(f"sqlite:///{file}")) as ledger:
        ledger.counts()
        assert {stat.S_IMODE(Path(f"{file}{end}").stat().st_mode) for end in ("", "-wal", "-shm")} == {0o664}


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o606])
def test_promise_20_secrets_that_others_may_read_are_told(notify: Notify, config: Path, mode: int) -> None:
    assert EXPOSED not in notify("--config", config, "config", "check").stdout
    config.chmod(mode)
    done = notify("--config", config, "config", "check")
    assert done.returncode == 0
    assert done.stdout.count(EXPOSED) == 1
    assert f"chmod 600 {config}" in done.stdout
    with start_daemon(config) as daemon:
        assert daemon.stderr is not None
        assert EXPOSED in daemon.stderr.readline()
        assert "started" in daemon.stderr.readline()


def test_promise_20_a_file_with_references_only_may_be_read_by_all(notify: Notify, config: Path) -> None:
    lines = config.read_text().splitlines()
    secrets: dict[str, str] = {}
    for number, line in enumerate(lines):
        name, _, value = line.partition(" = ")
        if any(word in name for word in ("token", "secret", "consumer_key")):
            secrets[f"VALUE_{number}"] = value.strip('"')
            lines[number] = f'{name} = "${{VALUE_{number}}}"'
    config.write_text("\n".join(lines))
    config.chmod(0o644)
    done = notify("--config", config, "config", "check", **secrets)
    assert (done.returncode, EXPOSED in done.stdout) == (0, False), done.stderr
    assert len(secrets) == 5
