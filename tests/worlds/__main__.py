"""Run worlds from the command line: ``python -m worlds --seeds 2000``, or one of them: ``--seed 17``."""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import click

from worlds.telling import told
from worlds.trying import Failure, show_seed, smallest, try_seeds

BATCH = 100


@click.command()
@click.option("--seeds", type=click.IntRange(1), default=2000, show_default=True, help="How many worlds.")
@click.option("--first", type=int, default=0, show_default=True, help="The first seed.")
@click.option("--seed", type=int, help="Tell every step of one world, and make it small if it fails.")
@click.option("--jobs", type=click.IntRange(1), default=2, show_default=True, help="Worlds at a time.")
@click.option("--shrink", type=int, default=3, show_default=True, help="How many failures to make small.")
@click.option("--postgres", is_flag=True, help="On a PostgreSQL ledger instead of SQLite.")
def worlds(seeds: int, first: int, seed: int | None, jobs: int, shrink: int, *, postgres: bool) -> None:
    """Let small worlds go by, each from one seed, and judge what became public and what was recorded."""
    if seed is not None:
        raise SystemExit(0 if show_seed(seed, click.echo, postgres=postgres) else 1)
    began_at, failures = time.monotonic(), list[Failure]()
    with ProcessPoolExecutor(jobs) as pool:
        for found in pool.map(partial(try_seeds, postgres=postgres), _batches(first, seeds)):
            failures += found
            for failure in found:
                click.echo(str(failure))
        small = list(
            pool.map(partial(smallest, postgres=postgres), [failure.seed for failure in failures[:shrink]])
        )
    for script, failure in small:
        click.echo(f"\nThis is enough for {failure}\n\n{told(script)}")
    took = time.monotonic() - began_at
    kinds = Counter(kind for each in failures for kind in {fault.kind for fault in each.faults})
    listed = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
    click.echo(f"{seeds} worlds in {took:.1f} s: {len(failures)} failed{f' ({listed})' if listed else ''}")
    if failures:
        raise SystemExit(1)


def _batches(first: int, seeds: int) -> Iterator[range]:
    for start in range(first, first + seeds, BATCH):
        yield range(start, min(start + BATCH, first + seeds))


if __name__ == "__main__":
    worlds()
