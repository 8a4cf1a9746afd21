"""Read fault scripts in their compact form, and carry them out on the stand-ins.

``x publish: lost-answer, ok*3, 429`` says what happens to the next five posts on X;
``x reply``, ``facebook comment`` and ``x remove`` speak of replies, comments and take-downs alike;
``facebook publish: 20% lost-answer*2 | 500-live`` lets each post on Facebook go wrong with a probability of
20 percent, twice as often in the first way as in the second. ``x lag: 3m``, ``x limits: off``,
``x duplicates: allowed``, ``x page: 7`` (posts on a page), ``x clock: -3m`` (the network's own, beside this
machine's) and ``x date: +90s`` or ``x date: absent`` (the header, beside the network's clock) change the
stand-in's own ways. Clauses are separated by semicolons or line ends.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from spotlight_notify.model.errors import Refused
from spotlight_notify.model.networks import Network
from spotlight_notify.sandbox.faults import OK, STEPS, Fault, Odds, Step, Turn
from spotlight_notify.sandbox.shown import STOOD_IN_FOR
from spotlight_notify.sandbox.stand_in import MOST_ON_A_PAGE, DateHeader, StandIn

LIMITS: Mapping[str, bool] = {"on": True, "off": False}
DUPLICATES: Mapping[str, bool] = {"refused": True, "allowed": False}
MOST = 100_000
"""The largest number of times one entry may ask for."""
_CLAUSE = re.compile(r"(?P<network>\w+)\s+(?P<subject>[\w-]+)\s*:\s*(?P<value>.*)", re.DOTALL)
_ODDS = re.compile(r"(?P<percent>[0-9]{1,9}(?:\.[0-9]{1,9})?)\s*%\s*(?P<choice>.*)", re.DOTALL)
_ENTRY = re.compile(r"(?P<name>[\w-]+)(?:\s*\*\s*(?P<number>[0-9]{1,9}(?:\.[0-9]{1,9})?))?")
_LENGTH = re.compile(r"(?P<count>[0-9]{1,6}(?:\.[0-9]{1,3})?)(?P<unit>s|m|h)?")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", None: "seconds"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Change a stand-in's own ways; None leaves one as it is.

    ``lag`` is how long new posts are missing from its lists, ``limits`` whether it counts requests,
    ``duplicates`` whether it refuses words that it holds already, ``page_size`` the most posts on a page,
    ``clock`` how far its clock is ahead.
    """

    lag: timedelta | None = None
    limits: bool | None = None
    duplicates: bool | None = None
    page_size: int | None = None
    clock: timedelta | None = None
    date: DateHeader | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to happen on one network: turns in order, odds, or new ways."""

    network: Network
    does: tuple[Turn, ...] | Odds | Ways


def parse_script(text: str) -> tuple[Order, ...]:
    """Read a script, clause by clause; Refused, with the words at fault, when it cannot be read."""
    clauses = [clause.strip() for clause in re.split(r"[;\n]", text)]
    orders = tuple(_order(clause) for clause in clauses if clause)
    if not orders:
        raise Refused('a fault script needs at least one clause, such as "x publish: lost-answer, ok*3, 429"')
    return orders


def order(network: str, subject: str, value: str) -> Order:
    """Read one clause that is taken apart already; Refused when it cannot be read."""
    return Order(network=_network(network), does=_does(subject, value.strip()))


def _order(clause: str) -> Order:
    found = _CLAUSE.fullmatch(clause)
    if found is None:
        raise Refused(f'"{clause}" cannot be read: write it as "NETWORK STEP: FAULT, FAULT, ..."')
    return order(found["network"], found["subject"], found["value"])


def _does(subject: str, value: str) -> tuple[Turn, ...] | Odds | Ways:
    if subject in WAYS:
        return WAYS[subject](value)
    step = STEPS[_one_of(subject, [*STEPS, *WAYS], "step")]
    found = _ODDS.fullmatch(value)
    if found is None:
        return tuple(_turn(step, entry) for entry in value.split(","))
    return _odds(step, float(found["percent"]), found["choice"])


def _limits(value: str) -> Ways:
    return Ways(limits=LIMITS[_one_of(value, LIMITS, "limits")])


def _duplicates(value: str) -> Ways:
    return Ways(duplicates=DUPLICATES[_one_of(value, DUPLICATES, "duplicates")])


def _page(value: str) -> Ways:
    if not value.isdecimal() or not 1 <= int(value) <= MOST_ON_A_PAGE:
        raise Refused(f'"{value}" is no size of a page: write a number from 1 to {MOST_ON_A_PAGE}')
    return Ways(page_size=int(value))


def _date(value: str) -> Ways:
    return Ways(date=DateHeader(absent=True) if value == "absent" else DateHeader(skew=_shift(value)))


WAYS: Mapping[str, Callable[[str], Ways]] = {
    "lag": lambda value: Ways(lag=_length(value)),
    "limits": _limits,
    "duplicates": _duplicates,
    "page": _page,
    "clock": lambda value: Ways(clock=_shift(value)),
    "date": _date,
}
"""What reads each of a stand-in's own ways."""


def _turn(step: Step, entry: str) -> Turn:
    name, number = _entry(entry)
    _one_of(name, [OK, *Fault], "fault")
    if not number.is_integer() or not 1 <= number <= MOST:
        raise Refused(f'"{entry.strip()}": the number of times must be a whole one from 1 to {MOST:,}')
    return Turn(step=step, fault=None if name == OK else Fault(name), times=int(number))


def _odds(step: Step, percent: float, choice: str) -> Odds:
    if percent > 100:
        raise Refused(f"{percent:g}% is more than 100%")
    faults: dict[Fault, float] = {}
    for entry in choice.split("|") if percent or choice else ():
        name, weight = _entry(entry)
        if weight <= 0:
            raise Refused(f'"{entry.strip()}": a weight must be more than 0')
        faults[Fault(_one_of(name, list(Fault), "fault"))] = weight
    return Odds(step=step, probability=percent / 100, faults=faults)


def _entry(entry: str) -> tuple[str, float]:
    found = _ENTRY.fullmatch(entry.strip())
    if found is None:
        raise Refused(f'"{entry.strip()}" is no fault: write its name, or NAME*NUMBER')
    return found["name"], float(found["number"] or 1)


def _length(value: str) -> timedelta:
    found = _LENGTH.fullmatch(value)
    if found is None:
        raise Refused(f'"{value}" is no length of time: write it as "30s" or "2m"')
    return timedelta(**{_UNITS[found["unit"]]: float(found["count"])})


def _shift(value: str) -> timedelta:
    """Read a length of time with or without a sign."""
    sign = -1 if value.startswith("-") else 1
    return sign * _length(value.removeprefix("-").removeprefix("+"))


def _network(name: str) -> Network:
    return STOOD_IN_FOR[_one_of(name, STOOD_IN_FOR, "network")]


def _one_of(word: str, names: Iterable[str], kind: str) -> str:
    known = list(names)
    if word not in known:
        raise Refused(f'there is no {kind} "{word}": choose from {", ".join(known)}')
    return word


class FaultDesk:
    """Carry out orders on the stand-ins, and tell what waits and what happened."""

    def __init__(self, stand_ins: Mapping[Network, StandIn]) -> None:
        self.stand_ins = stand_ins

    def carry_out(self, orders: Iterable[Order]) -> None:
        """Carry out each order at once."""
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
        """Return, ready for JSON, what waits, what may happen, what happened, and the stand-ins' ways."""
        return {
            "waiting": [
                {"network": network.name, "step": turn.step, "fault": turn.name, "times": turn.times}
                for network, stand_in in self.stand_ins.items()
                for turn in stand_in.faults.waiting
            ],
            "odds": [
                {
                    "network": network.name,
                    "step": odds.step,
                    "probability": odds.probability,
                    "faults": odds.faults,
                }
                for network, stand_in in self.stand_ins.items()
                for odds in stand_in.faults.odds
            ],
            "ways": {network.name: _ways(stand_in) for network, stand_in in self.stand_ins.items()},
            "happened": self._happened(),
            "counts": self._counts(),
        }

    def _happened(self) -> list[dict[str, Any]]:
        return [
            {"network": network.name, "step": step, "fault": fault, "times": times}
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
