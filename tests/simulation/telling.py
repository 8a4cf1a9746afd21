"""Tell what a year brought."""

from datetime import timedelta

from simulation.judgement import Judge, Kind

MOST_TOLD = 20
MINUTE = timedelta(minutes=1)


def told(head: str, judge: Judge, seconds: float) -> str:
    """Write the troubles, then all counts, in a few lines."""
    lines = [f"trouble: {trouble}" for trouble in judge.troubles[:MOST_TOLD]]
    if len(judge.troubles) > MOST_TOLD:
        lines.append(f"and {len(judge.troubles) - MOST_TOLD} troubles more")
    counts = {**_posts(judge), **_asks(judge), **_sums(judge)}
    troubles = ", ".join(f"{kind} {judge.kinds[kind]}" for kind in Kind)
    lines += [
        f"{head}: {_listed(counts)}",
        f"  troubles {len(judge.troubles)}: {troubles}; {seconds:.1f} seconds",
    ]
    return "\n".join(lines)


def _posts(judge: Judge) -> dict[str, float]:
    late: dict[str, float] = {f"late: {policy}": count for policy, count in sorted(judge.late.items())}
    named = ("planned", "sent", "asked", "approved", "left with a person", "downtimes", "holds")
    return {**{name: judge.counts[name] for name in named}, **late}


def _asks(judge: Judge) -> dict[str, float]:
    named = ("minutes", "minutes asked", "claims", "claims by chance", "windows", "as foretold")
    return {name: judge.counts[name] for name in named}


def _sums(judge: Judge) -> dict[str, float]:
    sums = judge.sums()
    gap = {} if sums.smallest_gap is None else {"smallest gap in minutes": sums.smallest_gap / MINUTE}
    return gap | {"most in an hour": sums.most_in_an_hour, "most in a day": sums.most_in_a_day}


def _listed(counts: dict[str, float]) -> str:
    return ", ".join(f"{name} {count:g}" for name, count in counts.items())
