"""Run worlds from the command line: ``python -m worlds --seeds 2000``, or one: ``--seed 17``."""

import gc
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import batched

import click

