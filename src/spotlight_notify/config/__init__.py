"""Turn a TOML file into frozen values, or name every mistake in it with its line.

``load_config`` is the door, ``load_least`` the one for emergencies; ``Config`` and the settings it holds are
what comes out; ``reading_of`` and ``secrets_of`` give what other rooms need from them.
"""

from typing import TYPE_CHECKING

from spotlight_notify.later import later

if TYPE_CHECKING:
    from spotlight_notify.config.channel_settings import FacebookSettings, XSettings
    from spotlight_notify.config.exposure import exposed
    from spotlight_notify.config.hours_across import notes_on
    from spotlight_notify.config.hours_settings import brake_of
    from spotlight_notify.config.least import Least, load_least
    from spotlight_notify.config.loaded import Config, address_of, reading_of, secrets_of
    from spotlight_notify.config.loading import load_config
    from spotlight_notify.config.plain_files import plain_ledger_file
    from spotlight_notify.config.settings import DeliverySettings, ProgrammeSettings, WireSettings
    from spotlight_notify.config.source_settings import (
        ColumnSettings,
        DatabaseSettings,
        FeedSettings,
        ReadingSettings,
    )

__getattr__ = later(
    __name__,
    channel_settings="FacebookSettings XSettings",
    exposure="exposed",
    hours_across="notes_on",
    hours_settings="brake_of",
    least="Least load_least",
    loaded="Config address_of reading_of secrets_of",
    loading="load_config",
    plain_files="plain_ledger_file",
    settings="DeliverySettings ProgrammeSettings WireSettings",
    source_settings="ColumnSettings DatabaseSettings FeedSettings ReadingSettings",
)
