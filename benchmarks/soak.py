"""The long test: extractions by real processes from a server full of faults, killed on the way.

``make soak`` or ``make soak SECONDS=600 SEED=7``. Each round makes a workspace, lets it change
while processes extract it and are killed with SIGKILL at random moments, stops the changes, lets an
extraction end, and compares every column of every table with the server's own records; then changes
resume and the finished dataset is updated in the same way. Three rounds run in parallel,
since they mostly wait. Ends with status 1 at a difference.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from .faulty import ENTITIES
from .loopback import Server
from .truth import differences

_CHANGES = 0.15
_FAULTS = 0.2
_SEVERAL_PAGES = 200  # changes, of four entities and 25 a page
_SIZES = {"contacts": 260, "conversations": 130, "tickets": 150, "companies": 130}
_LATEST_KILL = 8.0  # seconds after a run has begun
_AT_A_TIME = 3
_MOST_RUNS = 12  # that end with an error, until the round is given up


class Soak:
    """Rounds against one faulty server; what they survived adds up."""

    def __init__(
        self,
        url: str,
        folder: Path,
        seed: int,
        sizes: dict[str, int],
        latest_kill: float = _LATEST_KILL,
    ) -> None:
        self._url = url
        self._folder = folder
        self._rng = random.Random(seed)
        self._seed = seed
        self._sizes = sizes
        self._latest_kill = latest_kill
        self.rounds = self.runs = self.kills = self.gave_up = 0
        self.told: dict[str, Any] = {}

    def round(self, kills: int) -> list[str]:
        """Do one round: a first extraction, killed on the way, then an update; give differences."""
        self.rounds += 1
        seed = self._seed * 1_000 + self.rounds
        self.order(new={"seed": seed, **self._sizes})
        to = self._folder / str(seed)
        found = self._phase(to, kills) or self._phase(to, min(kills, 1))
        return [f"round {self.rounds} (seed {self._seed}): {d}" for d in found]

    def _phase(self, to: Path, kills: int) -> list[str]:
        self.order(changes=_CHANGES, change=self._changes())
        for _ in range(kills):
            self._run(to, self._rng.uniform(0.1, self._latest_kill))
            self.order(change=self._changes())
        self.order(changes=0.0)
        time.sleep(2.1)  # the second of the last change has to be over
        return self.resumed(to)

    def _changes(self) -> int:
        """Return a few changes, or as many as a search returns in several pages."""
        return self._rng.choice([self._rng.randint(1, 9), _SEVERAL_PAGES])

    def resumed(self, to: Path) -> list[str]:
        """Run extractions until one succeeds; return how the dataset differs from the truth."""
        self._until_done(to)
        self.told = self.order(truth=True)
        truth = self.told.pop("truth")
        return [d for entity in ENTITIES for d in differences(entity, truth[entity], to)]

    def _until_done(self, to: Path) -> None:
        for _ in range(_MOST_RUNS):
            if self._run(to, None) == 0:
                return
        raise RuntimeError(f"no run ended well in {_MOST_RUNS} attempts")

    def _run(self, to: Path, kill_after: float | None) -> int | None:
        """Run an extraction in a process; kill it after some seconds, or return its exit status."""
        self.runs += 1
        # The later one has a list of what was deleted; a folder may be written by both in turn.
        options = json.dumps({"version": self._rng.choice(["2.15", "2.16"])})
        command = [sys.executable, "-m", "benchmarks.extracting", self._url, str(to), options]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        process.stdout.readline()  # it begins
        try:
            _, said = process.communicate(timeout=kill_after or 300.0)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            if kill_after is None:
                raise
            self.kills += 1
            return None
        if process.returncode:
            self.gave_up += 1
            print(f"    a run gave up: {said.strip().splitlines()[-2:]}", flush=True)
        return process.returncode

    def order(self, **order: Any) -> dict[str, Any]:
        """Send a command to the server; return its counts."""
        request = urllib.request.Request(  # noqa: S310 - our own server
            f"{self._url}/_control", json.dumps(order).encode(), method="POST"
        )
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            told: dict[str, Any] = json.load(answer)
        return told

    def rounds_until(self, end: float) -> list[str]:
        """Do rounds until the next one would go beyond a moment; give the first differences."""
        while True:
            began = time.monotonic()
            found = self.round(kills=self._rng.randint(1, 3))
            took = time.monotonic() - began
            print(f"  seed {self._seed}, round {self.rounds}: {took:.0f} s, {found or 'equal'}")
            if found or time.monotonic() + took > end:
                return found


def summary(works: Sequence[Soak]) -> str:
    """Print what the extraction survived."""
    faults: Counter[str] = Counter()
    changes: Counter[str] = Counter()
    for work in works:
        faults.update(work.told.get("faults", {}))
        changes.update(work.told.get("changes", {}))
    requests = sum(work.told.get("requests", 0) for work in works)
    rounds, runs, kills, gave_up = (
        sum(getattr(work, name) for work in works)
        for name in ("rounds", "runs", "kills", "gave_up")
    )
    listed = ", ".join(f"{kind} {n}" for kind, n in sorted(faults.items()))
    changed = ", ".join(f"{n} {kind}" for kind, n in sorted(changes.items()))
    return (
        f"survived {rounds} rounds, {runs} runs ({kills} were killed, {gave_up} gave up), "
        f"{faults.total()} faults in {requests} requests ({listed}), while records were {changed}"
    )


def soak(seconds: float, seed: int) -> list[str]:
    """Do rounds for about so many seconds, three at least; print and give the differences."""
    print(f"seed {seed}", flush=True)
    end = time.monotonic() + seconds
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        works = [
            Soak(stack.enter_context(Server("faulty", faults=_FAULTS)).url, folder, one, _SIZES)
            for one in range(seed, seed + _AT_A_TIME)
        ]
        pool = stack.enter_context(ThreadPoolExecutor(_AT_A_TIME))
        found = [d for many in pool.map(lambda w: w.rounds_until(end), works) for d in many]
        print(summary(works))
    print("\n".join(found) or "Every id and every column equals the server's own records.")
    return found


def main(argv: Sequence[str] | None = None) -> int:
    """Run from a shell; the exit status is 1 where anything differs."""
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=180.0)
    parser.add_argument("--seed", type=int, default=None)
    args = parser.parse_args(argv)
    seed = random.randrange(1_000_000) if args.seed is None else args.seed
    return 1 if soak(args.seconds, seed) else 0


if __name__ == "__main__":
    sys.exit(main())
