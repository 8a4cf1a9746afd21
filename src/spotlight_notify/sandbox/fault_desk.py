"""Carry out fault scripts on the stand-ins, and tell what waits and what happened."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from spotlight_notify.model.words import Network
from spotlight_notify.sandbox.fault_scripts import Order, Ways
from spotlight_notify.sandbox.faults import Odds
from spotlight_notify.sandbox.stand_in import StandIn


class FaultDesk:
    """Carry out orders on the stand-ins, and tell what waits and what happened."""

    def __init__(self, stand_ins: Mapping[Network, StandIn]) -> None:
        self.stand_ins = stand_ins

    def carry_out(self, orders: Iterable[Order]) -> None:
        """Let each order take effect at once."""
        for asked in orders:
            stand_in = self.stand_ins[asked.network]
            match asked.does:
                case Odds():
                    stand_in.faults.set_odds(asked.does)
                case Ways():
                    _change(stand_in, asked.does)
                case _:
                    stand_in.faults.take_turns(asked.does)

    def clear(self) -> None:
        """Forget all that is still to go wrong on any network; their own ways stay."""
        for stand_in in self.stand_ins.values():
            stand_in.faults.clear()

    def state(self) -> dict[str, Any]:
        """Tell, ready for JSON, what waits, what may happen, what happened, and the stand-ins' ways."""
        return {
            "waiting": [
                {"network": network, "step": turn.step, "fault": turn.name, "times": turn.times}
                for network, stand_in in self.stand_ins.items()
                for turn in stand_in.faults.waiting
            ],
            "odds": [
                {
                    "network": network,
                    "step": odds.step,
                    "probability": odds.probability,
                    "faults": odds.faults,
                }
                for network, stand_in in self.stand_ins.items()
                for odds in stand_in.faults.odds
            ],
            "ways": {network: _ways(stand_in) for network, stand_in in self.stand_ins.items()},
            "happened": self._happened(),
            "counts": self._counts(),
        }

    def _happened(self) -> list[dict[str, Any]]:
        return [
            {"network": network, "step": step, "fault": fault, "times": times}
            for network, stand_in in self.stand_ins.items()
            for (step, fault), times in stand_in.faults.happened.items()
        ]

    def _counts(self) -> dict[str, int]:
        counts: Counter[str] = Counter()
        for entry in self._happened():
            counts[entry["fault"]] += entry["times"]
        return dict(sorted(counts.items()))


def _change(stand_in: StandIn, ways: Ways) -> None:
    if ways.lag is not None:
        stand_in.lag = ways.lag
    if ways.limits is not None:
        stand_in.limits = ways.limits
    if ways.duplicates is not None:
        stand_in.refuses_duplicates = ways.duplicates
    if ways.page_size is not None:
        stand_in.page_size = ways.page_size
    if ways.clock is not None:
        stand_in.skew = ways.clock
    if ways.date is not None:
        stand_in.date = ways.date


def _ways(stand_in: StandIn) -> dict[str, Any]:
    return {
        "lag_seconds": stand_in.lag.total_seconds(),
        "limits": stand_in.limits,
        "refuses_duplicates": stand_in.refuses_duplicates,
        "page_size": stand_in.page_size,
        "clock_seconds": stand_in.skew.total_seconds(),
        "date_seconds": None if stand_in.date.absent else stand_in.date.skew.total_seconds(),
    }
