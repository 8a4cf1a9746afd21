"""Find what a digest of a theme would tell of, for the commands that show or order one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from spotlight_notify.model.aids import ON_DEMAND, Theme
from spotlight_notify.model.errors import Refused
from spotlight_notify.operations.announce.digest_members import Gathered, gather, too_few
from spotlight_notify.operations.announce.digests import theme_spelt
from spotlight_notify.operations.announce.orders import When, places_for

if TYPE_CHECKING:
    from spotlight_notify.config.configuration import Config
    from spotlight_notify.ports.ledger import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """Hold a theme's digests, one for each place; ``too_few``: why there is none in others, if so."""

    theme: Theme
    gathered: tuple[Gathered, ...]
    too_few: str | None


def find_digests(
    config: "Config", ledger: "Ledger", name: str, to: Collection[str], when: When, now: datetime
) -> Digests:
    """Find the digests of a theme; Refused, naming what there is, when there is none anywhere."""
    places = places_for(ON_DEMAND, config.campaigns, to)
    gathered = gather(name, places, ledger, when, now)
    theme = theme_of(config, name, gathered)
    ready, why = tuple(each for each in gathered if each.is_enough), too_few(theme.name, gathered)
    if not ready:
        raise Refused(str(why))
    return Digests(theme=theme, gathered=ready, too_few=why)


def theme_of(config: "Config", name: str, gathered: Sequence[Gathered]) -> Theme:
    """Give what the configuration says of a theme, else its name as its aids write it."""
    from spotlight_notify.text.names import find_theme

    return find_theme(config.themes, name) or Theme(name=theme_spelt(name, *gathered))
