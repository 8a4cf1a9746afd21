"""Every network that posts go to: to add one, write its folder and put its settings here."""

from spotlight_notify.config.channel_settings import Kinds
from spotlight_notify.networks.facebook.settings import FacebookSettings
from spotlight_notify.networks.x.settings import XSettings

KINDS: Kinds = (XSettings, FacebookSettings)
NETWORKS = tuple(kind.on for kind in KINDS)
