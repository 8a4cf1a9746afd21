"""Keep a script fair: nothing in it may be more than any program could know, or wait for."""

from dataclasses import replace

from worlds.scripts import Deed, Event, Script

LATEST_ARRIVAL = 30
"""After the lag, in seconds: what is made public later than this cannot be told from what never is."""


def fair(script: Script) -> Script:
    """Return the script without what would be unfair, and without what has nothing to happen to."""
    possible = (event for event in script.events if _is_possible(event, script))
    longest = max(net.lag for net in script.nets)
    script = replace(
        script,
        events=tuple(sorted(possible, key=lambda event: event.at)),
        looks_apart=max(script.looks_apart, longest + LATEST_ARRIVAL),
    )
    return _by_the_clock(_remembered(script))


def _remembered(script: Script) -> Script:
    """Leave out what an old ledger, put back, could not know: how posts were worded, what the feed showed."""
    if not any(event.deed is Deed.RESTORE for event in script.events):
        return script
    kept = tuple(event for event in script.events if not _forgets_words(event, script))
    return replace(script, events=kept, newest=0)


def _by_the_clock(script: Script) -> Script:
    """Let holds end by hand alone where clocks are wrong: when such a clock ends one is nobody's fault."""
    steps = any(event.deed is Deed.STEP_CLOCK for event in script.events)
    if not steps and not any(machine.skew for machine in script.machines):
        return script
    events = (replace(each, amount=0) if each.deed is Deed.HOLD else each for each in script.events)
    return replace(script, events=tuple(events))


def _is_possible(event: Event, script: Script) -> bool:
    there = event.aid is None or event.aid < len(script.aids)
    return there and (event.machine or 0) < len(script.machines)


def _forgets_words(event: Event, script: Script) -> bool:
    forgotten = (Deed.DIGEST, Deed.EDIT, Deed.TAKE_DOWN, Deed.CANCEL)
    changed = event.deed is Deed.CHANGE and not script.aids[event.aid or 0].own_link
    return event.deed in forgotten or changed
