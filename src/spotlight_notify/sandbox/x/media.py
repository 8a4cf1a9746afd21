"""Take pictures as X does: whole, as a form or in JSON, or in segments; and words for them."""

import base64
import binascii
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from spotlight_notify.sandbox.shown import Upload
from spotlight_notify.sandbox.stand_in import (
    Answer,
    Received,
    json_answer,
    json_object,
    picture_type,
    read_form,
)
from spotlight_notify.sandbox.x import rules
from spotlight_notify.sandbox.x.rules import BAD_MEDIA, invalid_request
from spotlight_notify.sandbox.x.tweets import media_key

MEDIA_SECONDS = 86_400
"""How long X keeps an upload that no tweet uses. The stand-in keeps it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A chunked upload under way: what it was said to be, and the segments so far by their index."""

    category: str
    total_bytes: int
    segments: dict[int, bytes]

    @property
    def content(self) -> bytes:
        return b"".join(self.segments[index] for index in sorted(self.segments))


class XMedia:
    """The pictures of an account. One thread at a time. ``next_id`` makes ids."""

    def __init__(self, next_id: Callable[[], str]) -> None:
        self._next_id = next_id
        self._pictures: dict[str, Upload] = {}
        self._begun: dict[str, Begun] = {}

    @property
    def known(self) -> frozenset[str]:
        return frozenset(self._pictures)

    def find(self, media_id: str) -> Upload | None:
        """Find a picture."""
        return self._pictures.get(media_id)

    def bring_back(self, uploads: Iterable[Upload]) -> None:
        """Keep pictures of an earlier stand-in."""
        self._pictures |= {upload.id: upload for upload in uploads}

    def upload(self, received: Received, _subject: str) -> Answer:
        """Take a whole picture, from a form's file or from base64 in JSON."""
        asked, content = _read(received)
        refusal = rules.refuse_upload(str(asked.get("media_category", "")), content)
        return refusal or self._keep(self._next_id(), content)

    def initialize(self, received: Received, _subject: str) -> Answer:
        """Begin an upload in segments."""
        asked, _ = _read(received)
        refusal = rules.refuse_beginning(asked)
        if refusal is not None:
            return refusal
        media_id, total = self._next_id(), int(str(asked["total_bytes"]))
        self._begun[media_id] = Begun(category=str(asked["media_category"]), total_bytes=total, segments={})
        value = {"id": media_id, "media_key": media_key(media_id)}
        return json_answer(200, {"data": value | {"expires_after_secs": MEDIA_SECONDS}})

    def append(self, received: Received, media_id: str) -> Answer:
        """Take one segment; one of the same index takes the place of the former."""
        begun, (asked, content) = self._begun.get(media_id), _read(received)
        if begun is None:
            return invalid_request(BAD_MEDIA, id=media_id)
        index = str(asked.get("segment_index", ""))
        if not index.isdecimal() or int(index) > rules.MAX_SEGMENT or not content:
            return invalid_request("$.segment_index and $.media: are missing but they are required")
        self._begun[media_id] = replace(begun, segments={**begun.segments, int(index): content})
        return json_answer(200, {"data": {"expires_at": int(received.at.timestamp()) + MEDIA_SECONDS}})

    def finalize(self, _received: Received, media_id: str) -> Answer:
        """End an upload in segments: what they make must be as long as was said, and a picture."""
        begun = self._begun.pop(media_id, None)
        if begun is None:
            return invalid_request(BAD_MEDIA, id=media_id)
        if len(begun.content) != begun.total_bytes:
            return invalid_request("Segments do not add up to provided total file size.", id=media_id)
        return rules.refuse_upload(begun.category, begun.content) or self._keep(media_id, begun.content)

    def describe(self, received: Received, _subject: str) -> Answer:
        """Take words for a picture."""
        asked = json_object(received.body) or {}
        media_id = str(asked.get("id", ""))
        try:
            text = asked["metadata"]["alt_text"]["text"]
        except (KeyError, TypeError):
            return invalid_request("$.metadata.alt_text.text: is missing but it is required")
        refusal = rules.refuse_alt(text, media_id, self.known)
        if refusal is not None:
            return refusal
        self._pictures[media_id] = replace(self._pictures[media_id], alt=text)
        metadata = {"alt_text": {"text": text}}
        return json_answer(200, {"data": {"id": media_id, "associated_metadata": metadata}})

    def _keep(self, media_id: str, content: bytes) -> Answer:
        kept = Upload(id=media_id, content=content, media_type=picture_type(content) or "")
        self._pictures[media_id] = kept
        value = {"id": media_id, "media_key": media_key(media_id), "size": len(content)}
        return json_answer(200, {"data": value | {"expires_after_secs": MEDIA_SECONDS}})


def _read(received: Received) -> tuple[dict[str, Any], bytes]:
    """Read the fields and the content of ``media``: a form's file, or base64; empty where there is none."""
    if received.header("content-type").startswith("application/json"):
        asked = json_object(received.body) or {}
        return asked, _decoded(asked.get("media"))
    form = read_form(received)
    return dict(form.fields), form.files.get("media") or _decoded(form.fields.get("media"))


def _decoded(words: object) -> bytes:
    try:
        return base64.b64decode(words, validate=True) if isinstance(words, str) else b""
    except binascii.Error:
        return b""
