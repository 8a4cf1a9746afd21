"""Which addresses belong to the public internet."""

import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spotlight_notify.wire import sockets
from spotlight_notify.wire.addresses import is_public

PRIVATE = (
    "127.0.0.1",
    "127.255.0.1",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1%eth0",
    "fc00::1",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "2002:7f00:1::",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
)


@pytest.mark.parametrize("address", PRIVATE)
def test_refuses_what_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "151.101.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "2002:808:808::", "64:ff9b::808:808"],
)
def test_allows_what_is_public(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_address_is_judged_the_same_in_every_wrapping(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    wrapped = (f"::ffff:{address}", f"64:ff9b::{number >> 16:x}:{number & 0xFFFF:x}")
    assert {is_public(wrapping) for wrapping in wrapped} == {is_public(str(address))}


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433", "127.1"])
def test_dials_no_private_address_however_it_is_written(host: str) -> None:
    with pytest.raises((sockets.AddressRefused, socket.gaierror)):
        sockets.dial(host, 9, within=1.0, allow_private=False)


def test_dials_the_next_address_when_the_first_is_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        found = [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port)) for host in ("127.0.0.9", "127.0.0.1")
        ]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
        with sockets.dial("twice.test", port, within=2.0, allow_private=True) as dialled:
            assert dialled.getpeername() == ("127.0.0.1", port)


def test_dials_only_the_public_of_a_names_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        found = [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port)) for host in ("127.0.0.2", "127.0.0.1")
        ]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
        monkeypatch.setattr(sockets, "is_public", lambda address: address == "127.0.0.1")
        with sockets.dial("mixed.test", port, within=2.0, allow_private=False) as dialled:
            assert dialled.getpeername() == ("127.0.0.1", port)
