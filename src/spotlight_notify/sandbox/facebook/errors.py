"""Write the Graph API's errors in its own envelope."""

import hashlib
import json
from dataclasses import dataclass, replace
from typing import Any

from spotlight_notify.sandbox.faults import Fault
from spotlight_notify.sandbox.stand_in import Answer, Received, json_answer, json_object

VERSION = "v26.0"
JSON = {"content-type": "application/json; charset=UTF-8"}
HTML_503 = (
    b"<!DOCTYPE html><html><head><title>Error</title></head><body>Sorry, something went wrong.</body></html>"
)
REGAIN_MINUTES = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphProblem:
    """What Graph says when it refuses; ``written_id``: what it wrote all the same, and cannot read."""

    message: str
    code: int
    subcode: int | None = None
    type: str = "OAuthException"
    status: int = 400
    is_transient: bool = False
    written_id: str | None = None


BAD_TOKEN = GraphProblem(message="Invalid OAuth access token - Cannot parse access token", code=190)
NO_TOKEN = GraphProblem(message="An access token is required to request this resource.", code=104)
BAD_PROOF = GraphProblem(
    message="Invalid appsecret_proof provided in the API argument", code=100, type="GraphMethodException"
)
EXPIRED = GraphProblem(
    message="Error validating access token: The session has been invalidated because the user changed their "
    "password or Facebook has changed the session for security reasons.",
    code=190,
    subcode=460,
)
EMPTY = GraphProblem(
    message="The post is empty. Please enter a message to share.", code=197, type="FacebookApiException"
)
DUPLICATE = GraphProblem(message="(#506) Duplicate status message", code=506)
TOO_LONG = GraphProblem(message="(#100) Param message must be at most 63206 characters long", code=100)
BAD_PICTURE = GraphProblem(message="Invalid parameter", code=100, subcode=1366046)
NO_PICTURE = GraphProblem(message="(#324) Missing or invalid image file", code=324)
BAD_ATTACHMENT = GraphProblem(
    message="(#100) Param attached_media must be an array of objects that name a media_fbid", code=100
)
BAD_CURSOR = GraphProblem(message="(#100) Invalid cursors values", code=100)
BAD_NUMBER = GraphProblem(message="(#100) Param limit, since and until must be integers", code=100)
BAD_SCHEDULE = GraphProblem(
    message="(#100) The specified scheduled publish time is invalid.", code=100, subcode=1_366_102
)
NOT_OUR_PICTURE = GraphProblem(
    message="(#324) Missing or invalid image file: this stand-in fetches nothing, and knows by address the "
    "pictures of the sandbox's own site alone; send the picture as source",
    code=324,
)
NO_ADVERTISING = GraphProblem(
    message="(#200) Requires pages_manage_ads permission to manage the object", code=200, status=403
)
NO_REFRESHING = GraphProblem(
    message="(#10) Application does not have permission for this action", code=10, status=403
)
FAULTS = {
    Fault.ERROR_500_LIVE: GraphProblem(message="An unknown error occurred", code=1, status=500),
    Fault.CODE_1_LIVE: GraphProblem(
        message="Please reduce the amount of data you're asking for, then retry your request",
        code=1,
        status=500,
    ),
    Fault.CODE_2_LIVE: GraphProblem(
        message="An unexpected error has occurred. Please retry your request later.",
        code=2,
        status=500,
        is_transient=True,
    ),
    Fault.THROTTLED: GraphProblem(
        message="(#32) Page request limit reached", code=32, status=403, is_transient=True
    ),
    Fault.THROTTLED_NO_RESET: GraphProblem(
        message="(#4) Application request limit reached", code=4, status=403, is_transient=True
    ),
    Fault.DUPLICATE: DUPLICATE,
    Fault.DUPLICATE_LIVE: DUPLICATE,
    Fault.SIGNED_OUT: EXPIRED,
    Fault.MISSING_PERMISSION: GraphProblem(
        message="(#200) If posting to a page, requires both pages_read_engagement and pages_manage_posts as "
        "an admin with sufficient administrative permission",
        code=200,
        status=403,
    ),
    Fault.CHECKPOINT: GraphProblem(
        message="You cannot access the app till you log in to www.facebook.com and follow the "
        "instructions given.",
        code=190,
        subcode=459,
    ),
    Fault.NO_CREDITS: GraphProblem(
        message="(#368) The action attempted has been deemed abusive or is otherwise disallowed",
        code=368,
        subcode=1_390_008,
    ),
}
"""What Graph says in each trouble. It knows no credits: there the nearest is 'posting too fast'."""


def refusal(problem: GraphProblem, received: Received) -> Answer:
    """Write the error envelope; ``fbtrace_id`` differs from request to request."""
    trace = hashlib.sha256(f"{received.at}{received.url}".encode() + received.body).hexdigest()
    error: dict[str, Any] = {"message": problem.message, "type": problem.type, "code": problem.code}
    if problem.subcode is not None:
        error["error_subcode"] = problem.subcode
    if problem.is_transient:
        error["is_transient"] = True
    if problem.written_id is not None:
        error["original_response"] = {"id": problem.written_id}
    return json_answer(problem.status, {"error": error | {"fbtrace_id": f"A{trace[:22]}"}})


def unknown_object(object_id: str) -> GraphProblem:
    """Return the problem that an id names nothing this token may see."""
    return GraphProblem(
        message=f"Unsupported request. Object with ID '{object_id}' does not exist, cannot be loaded due to "
        "missing permissions, or does not support this operation",
        code=100,
        subcode=33,
        type="GraphMethodException",
    )


def unknown_parameter(name: str) -> GraphProblem:
    """Return the problem that a call takes no parameter of this name; the words are the stand-in's own."""
    return GraphProblem(message=f"(#100) The parameter {name} is not known to this call", code=100)


def nonexisting_field(name: str, kind: str) -> GraphProblem:
    """Return the problem that a kind of object has no such field."""
    node = {"post": "PagePost"}.get(kind, kind.title())
    return GraphProblem(
        message=f"(#100) Tried accessing nonexisting field ({name}) on node type ({node})", code=100
    )


def _not_read_back(received: Received, done: Answer | None) -> GraphProblem:
    """Return the problem that what was asked for cannot be read; of a create, what it has made."""
    made = json_object(done.body) if done and received.method == "POST" else None
    return replace(unknown_object("0"), written_id=made.get("post_id") or made.get("id") if made else None)


def false_answer(fault: Fault, received: Received, page_id: str, done: Answer | None) -> Answer | None:
    """Answer as Graph does in this trouble; None where nothing comes back."""
    if fault is Fault.NOT_READ_BACK:
        return refusal(_not_read_back(received, done), received)
    if fault in FAULTS:
        answer = refusal(FAULTS[fault], received)
        return _with_regain(answer, page_id) if fault is Fault.THROTTLED else answer
    others = {
        Fault.GARBAGE_LIVE: Answer(status=200, body=b'{"id":', headers=JSON),
        Fault.EMPTY_LIVE: Answer(status=200, body=b"", headers=JSON),
        Fault.HTML_503: Answer(status=503, body=HTML_503, headers={"content-type": "text/html"}),
        Fault.REDIRECT: Answer(
            status=302, body=b"", headers={"location": f"{received.url.partition('/graph/')[0]}/"}
        ),
    }
    return others.get(fault)


def _with_regain(answer: Answer, page_id: str) -> Answer:
    usage = {
        page_id: [
            {
                "type": "pages",
                "call_count": 100,
                "total_cputime": 25,
                "total_time": 25,
                "estimated_time_to_regain_access": REGAIN_MINUTES,
            }
        ]
    }
    headers = {**answer.headers, "x-business-use-case-usage": json.dumps(usage)}
    return Answer(status=answer.status, body=answer.body, headers=headers)
