"""Read what clients send in bodies: forms, files, and pictures told by their first bytes."""

import io
from dataclasses import dataclass
from urllib.parse import parse_qsl

from python_multipart import parse_form
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import Field, File

from spotlight_notify.sandbox.stand_in import Received


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The fields (the last of a name counts) and the files of a form."""

    fields: dict[str, str]
    files: dict[str, bytes]


def read_form(received: Received) -> Form:
    """Read an urlencoded or multipart body; whatever is neither, or broken, gives an empty form."""
    content_type = received.header("content-type")
    if content_type.startswith("application/x-www-form-urlencoded"):
        fields = parse_qsl(received.body.decode(errors="replace"), keep_blank_values=True)
        return Form(fields=dict(fields), files={})
    if content_type.startswith("multipart/form-data"):
        return _read_multipart(content_type, received.body)
    return Form(fields={}, files={})


def _read_multipart(content_type: str, body: bytes) -> Form:
    fields: dict[str, str] = {}
    files: dict[str, bytes] = {}

    def keep_field(field: Field) -> None:
        fields[(field.field_name or b"").decode()] = (field.value or b"").decode(errors="replace")

    def keep_file(file: File) -> None:
        file.file_object.seek(0)
        files[(file.field_name or b"").decode()] = file.file_object.read()
        file.close()

    headers = {"Content-Type": content_type.encode()}
    try:
        parse_form(headers, io.BytesIO(body), keep_field, keep_file)
    except FormParserError:
        return Form(fields={}, files={})
    return Form(fields=fields, files=files)


def picture_type(content: bytes) -> str | None:
    """Return a picture's media type by its first bytes; None for whatever X and Facebook do not take."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return None
