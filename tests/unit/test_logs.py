import io
import json
import logging
import sys

import pytest
import structlog

from spotlight_notify.worker.logs import redactor, set_up_logs

SECRET = "EAAtoken-that-opens-nothing"


def test_secrets_are_blacked_out_however_deep() -> None:
    event = {"event": f"a {SECRET}", "list": [{"x": (SECRET,)}], "error": ValueError(SECRET), "number": 7}
    cleaned = redactor([SECRET, "", "ab"])(None, "info", event)
    assert isinstance(cleaned, dict)
    assert SECRET not in str(cleaned)
    assert cleaned["event"] == "a [secret]"
    assert cleaned["number"] == 7


def test_logs_are_json_lines_on_stderr_without_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = io.StringIO()
    monkeypatch.setattr(sys, "stderr", heard)
    root, ours = logging.getLogger(), logging.getLogger("spotlight_notify")
    handlers, level, our_level = root.handlers[:], root.level, ours.level
    try:
        set_up_logs([SECRET], quiet=False)
        structlog.stdlib.get_logger("spotlight_notify").info("polled", source=f"feed?key={SECRET}")
        logging.getLogger("library").warning("a library says %s", SECRET)
        logging.getLogger("library").info("chatter")
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        ours.setLevel(our_level)
        structlog.reset_defaults()
    lines = [json.loads(line) for line in heard.getvalue().splitlines()]
    assert [line["event"] for line in lines] == ["polled", "a library says [secret]"]
    assert SECRET not in heard.getvalue()
