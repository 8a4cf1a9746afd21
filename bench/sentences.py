"""Measure where sentences end by our own rules, and by those libraries that happen to be installed.

A library is no dependency of the project: install nupunkt, sentencex or pysbd into an environment of their
own, and run this file there too, with ``src`` on the path for ours.

    sh run.sh bench sentences
"""

import importlib
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

Reader = Callable[[str], list[str]]
TABLE = Path(__file__).parents[1] / "tests" / "words" / "sentences.txt"
HOSTILE = "A. b. " * 5_461


def ours() -> Reader:
    found = importlib.import_module("spotlight_notify.text.sentences").sentences
    return tidy(found)


def nupunkt() -> Reader:
    return tidy(importlib.import_module("nupunkt").sent_tokenize)


def sentencex() -> Reader:
    segment = importlib.import_module("sentencex").segment
    return tidy(lambda text: segment("en", text))


def pysbd() -> Reader:
    return tidy(importlib.import_module("pysbd").Segmenter(language="en", clean=False).segment)


def tidy(read: Callable[[str], Iterable[str]]) -> Reader:
    return lambda text: [one.strip() for one in read(text)]


def ends(parts: Iterable[str]) -> set[int]:
    """Return where parts end, blanks not counted."""
    at, found = 0, set()
    for part in parts:
        at += len("".join(part.split()))
        found.add(at)
    return found


def measure(make: Callable[[], Reader]) -> str:
    read = make()
    rows = [row.split(" | ") for row in TABLE.read_text(encoding="utf-8").splitlines() if row[0] != "#"]
    began = time.perf_counter()
    pairs = [(ends(parts), ends(read(" ".join(parts)))) for parts in rows]
    took = (time.perf_counter() - began) / len(rows)
    began = time.perf_counter()
    read(HOSTILE)
    right = sum(wanted == got for wanted, got in pairs)
    missed = sum(len(wanted - got) for wanted, got in pairs)
    extra = sum(len(got - wanted) for wanted, got in pairs)
    return (
        f"{right} of {len(rows)} right, {missed} ends not seen, {extra} that are none, "
        f"{1000 * took:.2f} ms a text, {time.perf_counter() - began:.1f} s for a hostile one"
    )


for maker in (ours, nupunkt, sentencex, pysbd):
    try:
        sys.stdout.write(f"{maker.__name__}: {measure(maker)}\n")
    except ImportError:
        sys.stdout.write(f"{maker.__name__}: not installed\n")
