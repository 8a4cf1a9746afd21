"""The settings of a channel that is a board, and what talks to it."""

from typing import ClassVar, Literal

import requests

from spotlight_notify.config.channel_settings import ChannelSettings, Token
from spotlight_notify.config.urls import NetworkUrl
from spotlight_notify.model.networks import Network
from spotlight_notify.ports.parts import Clock, Drafts
from tiny_network.publisher import BoardPublisher
from tiny_network.traits import BOARD


class BoardSettings(ChannelSettings):
    """A channel that is a board."""

    on: ClassVar[Network] = BOARD
    account_setting: ClassVar[str] = "base_url"

    network: Literal["board"]
    base_url: NetworkUrl
    token: Token

    def account(self, session: requests.Session, *, drafts: Drafts, clock: Clock) -> BoardPublisher:
        return BoardPublisher(session, self.base_url, self.token.get_secret_value())
