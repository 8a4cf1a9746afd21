"""Give what a person needs who says where a post is: its address, read, and a look at its channel."""

from collections.abc import Iterator
from contextlib import contextmanager

from spotlight_notify.app.chance import clock
from spotlight_notify.app.channels import build_looker
from spotlight_notify.app.wire import open_wire
from spotlight_notify.config.channel_settings import FacebookSettings
from spotlight_notify.config.configuration import Config
from spotlight_notify.model.errors import Refused
from spotlight_notify.model.posts import Permalink
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.ports.parts import Looker
from spotlight_notify.text.links import usable_link


@contextmanager
def open_looker(config: Config, channel: str, ledger: Ledger) -> Iterator[Looker | None]:
    """Open what looks at one channel; None where its secrets are not at hand."""
    if channel not in config.channels or not config.is_signed(channel):
        yield None
        return
    with open_wire(config) as wire:
        yield build_looker(config, channel, wire, ledger, clock)


def permalink_of(one: Delivery, url: str, config: Config) -> Permalink:
    """Read the address of a delivery's post; Refused unless it is of its channel's network and account."""
    from spotlight_notify.networks.permalinks import network_of, read_permalink

    settings = config.channels.get(one.channel)
    if settings is None:
        raise Refused(f"the configuration has no channel {one.channel} any more")
    found, network = read_permalink(url, settings.network), network_of(url)
    if network not in (None, settings.network):
        raise Refused(f"{url} is on {network}; {one.channel} is on {settings.network}")
    if found is None and network is None and config.wire.allow_private_addresses and usable_link(url):
        return Permalink(url=url, post_id=url)  # a stand-in's: only a look tells which post that is
    if found is None:
        raise Refused(f"{url} is not the address of a post on {settings.network}")
    page = settings.page_id if isinstance(settings, FacebookSettings) else found.account
    if found.account and found.account.isdecimal() and found.account != page:
        raise Refused(f"{url} is of the Page {found.account}; {one.channel} is the Page {page}")
    return found
