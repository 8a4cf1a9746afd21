"""Show times by the clocks of the campaign they are about, or in UTC; records and JSON have them in UTC."""

from collections.abc import Mapping
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from datetime import datetime

    from spotlight_notify.config.configuration import Config

ZONES = "spotlight_notify.zones"
"""The name, among a context's, of the zones of campaigns, by name; the programme's is that of no campaign."""
IN_UTC = "spotlight_notify.in_utc"
"""The name, among a context's, of whether UTC is wished."""


def note_utc(ctx: click.Context, _option: click.Parameter, wished: bool) -> None:
    """Remember that a person wishes UTC."""
    if wished:
        ctx.meta[IN_UTC] = True


def use_clocks_of(config: "Config") -> None:
    """Show times from now on by the clocks that the configuration names."""
    paces = (pace for tempo in config.tempos.values() for pace in tempo.paces.items())
    use_zones(config.programme.timezone, {name: pace.campaign.zone for name, pace in paces})


def use_zones(usual: tzinfo, campaigns: Mapping[str, tzinfo] | None = None) -> None:
    """Show times from now on in these zones: of campaigns by name, and what is of no campaign."""
    if ctx := click.get_current_context(silent=True):
        ctx.meta[ZONES] = {None: usual, **(campaigns or {})}


def by_local_clocks(text: str, campaign: str | None = None) -> str:
    """Return a sentence with its times by the clocks of a campaign, or of the programme."""
    from spotlight_notify.text.times import on_local_clocks  # help and version need none

    return on_local_clocks(text, _zone(campaign))


def short_time(moment: "datetime | None", campaign: str | None = None) -> str:
    """Write a time for a table, by the clocks of a campaign or of the programme; or a dash."""
    from spotlight_notify.text.times import local_minute

    return local_minute(moment, _zone(campaign)) if moment else "-"


def _zone(campaign: str | None) -> tzinfo:
    ctx = click.get_current_context(silent=True)
    zones: Mapping[str | None, tzinfo] = ctx.meta.get(ZONES, {}) if ctx and not ctx.meta.get(IN_UTC) else {}
    return zones.get(campaign, zones.get(None, UTC))
