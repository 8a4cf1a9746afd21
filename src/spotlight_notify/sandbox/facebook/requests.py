"""Read what clients ask of Graph: which object, which edge, with which arguments."""

import json
import re
from dataclasses import dataclass

from spotlight_notify.sandbox.faults import Step
from spotlight_notify.sandbox.forms import Form, read_form
from spotlight_notify.sandbox.stand_in import Received, json_object

_ATTACHED = re.compile(r"attached_media\[([0-9]{1,2})\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Hold one call; ``version`` and ``edge`` are empty where the path has none."""

    method: str
    version: str
    subject: str
    edge: str
    form: Form

    def text(self, name: str, default: str = "") -> str:
        """Return an argument's words."""
        return self.form.fields.get(name, default)

    def flag(self, name: str, *, default: bool) -> bool:
        """Return an argument as yes or no; Graph takes true, false, 1 and 0 in any case."""
        words = self.form.fields.get(name)
        return default if words is None else words.strip().lower() not in ("false", "0", "")

    @property
    def step(self) -> Step:
        """Tell what the call is for: unpublished posts and photos only prepare."""
        if self.method == "DELETE":
            return Step.DELETE
        if self.method != "POST":
            return Step.READ
        if self.edge == "comments":
            return Step.REPLY
        draft = self.edge in ("feed", "photos") and not self.flag("published", default=True)
        return Step.PREPARE if draft else Step.PUBLISH


def read_call(received: Received) -> Call:
    """Split a request; the body's arguments outrank the query's, and a bearer header counts as the token."""
    match = re.fullmatch(r"(?:/(v\d+\.\d+))?/([\w|.-]+)(?:/(\w+))?/?", received.path)
    version, subject, edge = match.groups("") if match else ("", "", "")
    form = _read_body(received)
    bearer = received.header("authorization").removeprefix("Bearer ")
    token = {"access_token": bearer} if bearer else {}
    fields = token | received.query | form.fields
    form = Form(fields=fields, files=form.files)
    return Call(method=received.method, version=version, subject=subject, edge=edge, form=form)


def _read_body(received: Received) -> Form:
    """Read a form, or an object in JSON, whose values are then written as a form would hold them."""
    if not received.header("content-type").startswith("application/json"):
        return read_form(received)
    asked = json_object(received.body) or {}
    fields = {name: value if isinstance(value, str) else json.dumps(value) for name, value in asked.items()}
    return Form(fields=fields, files={})


def read_attached(call: Call) -> tuple[str, ...] | None:
    """Read the photo ids in ``attached_media``; None when they cannot be read.

    It is a JSON list of ``{"media_fbid": id}``, or one parameter for each: ``attached_media[0]``, and so on.
    """
    numbered = {
        int(match[1]): words
        for name, words in call.form.fields.items()
        if (match := _ATTACHED.fullmatch(name))
    }
    written = [numbered[place] for place in sorted(numbered)]
    try:
        entries = [json.loads(words) for words in written] or json.loads(call.text("attached_media", "[]"))
        return tuple(str(entry["media_fbid"]) for entry in entries)
    except (ValueError, TypeError, KeyError):
        return None
