"""Stand between the server and a stand-in: hand over requests, let faults happen, keep everything."""

import asyncio
import socket
import struct
from datetime import UTC
from email.utils import format_datetime

from starlette.types import Message, Receive, Scope, Send

from spotlight_notify.ports.parts import Clock
from spotlight_notify.sandbox.faults import DONE, Fault
from spotlight_notify.sandbox.stand_in import Answer, Exchange, Journal, Received, StandIn, with_headers

RESETS = frozenset({Fault.RESET_BEFORE, Fault.RESET_AFTER})
SILENT = RESETS | {Fault.LOST_ANSWER, Fault.LATE_ANSWER}
"""The troubles in which nothing comes back."""
SLOW_SECONDS = 2.0


class Gate:
    """Serve one stand-in over ASGI. The transport must be in the scope's state (see server.py)."""

    def __init__(self, stand_in: StandIn, journal: Journal, clock: Clock) -> None:
        self._stand_in, self._journal, self._clock = stand_in, journal, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        received = await _read(scope, receive, self._clock)
        if received is None:
            return
        exchange = self._exchange(received)
        self._journal.add(exchange)
        if exchange.fault is Fault.SLOW_ANSWER:
            await asyncio.sleep(SLOW_SECONDS)
        if exchange.answer is not None:
            await _send(self._dated(exchange.answer), send)
        elif exchange.fault is Fault.LATE_ANSWER:
            await _until_gone(receive)
        else:
            await _hang_up(scope, receive, abruptly=exchange.fault in RESETS)

    def _exchange(self, received: Received) -> Exchange:
        """Return what the stand-in did and answered, or a fault in its place."""
        stand_in = self._stand_in
        step = stand_in.step(received)
        fault = stand_in.faults.take(step)
        done = stand_in.answer(received) if fault is None or fault in DONE else None
        answer = self._told(fault, received, done)
        return Exchange(
            stand_in=stand_in.name, step=step, received=received, answer=answer, fault=fault, done=done
        )

    def _told(self, fault: Fault | None, received: Received, done: Answer | None) -> Answer | None:
        match fault:
            case None | Fault.SLOW_ANSWER:
                return done
            case Fault.DELIVERED_TWICE:
                return self._stand_in.answer(received, again=True)
        return None if fault in SILENT else self._stand_in.false_answer(fault, received, done)

    def _dated(self, answer: Answer) -> Answer:
        """Add the time by the network's clock, as far off as its setting says."""
        date = self._stand_in.date
        moment = (self._stand_in.now() + date.skew).astimezone(UTC)
        return answer if date.absent else with_headers(answer, date=format_datetime(moment, usegmt=True))


async def _read(scope: Scope, receive: Receive, clock: Clock) -> Received | None:
    """Read the whole request; None when the client left in the middle of it."""
    body = b""
    more = True
    while more:
        message: Message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
    host = dict(headers).get("host", "")
    path, query = scope["raw_path"].decode("ascii"), scope["query_string"].decode("ascii")
    return Received(
        at=clock(),
        method=scope["method"],
        url=f"{scope['scheme']}://{host}{path}" + (f"?{query}" if query else ""),
        path=path.removeprefix(scope["root_path"]),
        headers=headers,
        body=body,
    )


async def _send(answer: Answer, send: Send) -> None:
    length = {"content-length": str(len(answer.body))}
    headers = [
        (name.encode("latin-1"), value.encode("latin-1"))
        for name, value in {**answer.headers, **length}.items()
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


async def _until_gone(receive: Receive) -> None:
    """Wait until the client gives up."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _hang_up(scope: Scope, receive: Receive, *, abruptly: bool) -> None:
    """Close the connection without a word: an end of file, or a reset if ``abruptly``."""
    transport: asyncio.Transport = scope["state"]["transport"]
    if abruptly:
        opened: socket.socket = transport.get_extra_info("socket")
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
    await _until_gone(receive)
