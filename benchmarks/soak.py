"""The long test: extractions by real processes from a server full of faults, killed on the way.

``make soak`` or ``make soak SECONDS=600 SEED=7``. Each round makes a workspace, lets it change
while processes extract it and are killed with SIGKILL at random moments, stops the changes, lets an
extraction end, and compares every column of every table with the server's own records. Ends with
status 1 at the first difference.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .faulty import ENTITIES
from .loopback import Server
from .truth import differences

_CHANGES = 0.15
_FAULTS = 0.2
_SIZES = {"contacts": 260, "conversations": 130, "tickets": 150, "companies": 130}
_LATEST_KILL = 8.0  # seconds after a run has begun
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
        """Do one round; give the differences."""
        self.rounds += 1
        seed = self._seed * 1_000 + self.rounds
        self.order(new={"seed": seed, **self._sizes}, changes=_CHANGES)
        to = self._folder / str(seed)
        for _ in range(kills):
            self._run(to, self._rng.uniform(0.1, self._latest_kill))
            self.order(change=self._rng.randint(1, 9))
        self.order(changes=0.0)
        time.sleep(2.1)  # the second of the last change has to be over
        return [f"round {self.rounds} (seed {seed}): {d}" for d in self.resumed(to)]

    def resumed(self, to: Path) -> list[str]:
        """Let extractions run until one ends well; give how the dataset differs from the truth."""
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
        """Let a process extract; kill it after so many seconds, or give its exit status."""
        self.runs += 1
        command = [sys.executable, "-m", "benchmarks.extracting", self._url, str(to)]
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
        """Tell the server what to do; give what it has counted."""
        request = urllib.request.Request(  # noqa: S310 - our own server
            f"{self._url}/_control", json.dumps(order).encode(), method="POST"
        )
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            told: dict[str, Any] = json.load(answer)
        return told

    def summary(self) -> str:
        """Say what was survived."""
        faults, changes = self.told.get("faults", {}), self.told.get("changes", {})
        listed = ", ".join(f"{kind} {n}" for kind, n in sorted(faults.items()))
        changed = ", ".join(f"{n} {kind}" for kind, n in sorted(changes.items()))
        return (
            f"survived {self.rounds} rounds, {self.runs} runs, {self.kills} kills, "
            f"{sum(faults.values())} faults in {self.told.get('requests', 0)} requests ({listed}), "
            f"while records were {changed}; {self.gave_up} runs gave up and were run again"
        )


def soak(seconds: float, seed: int, sizes: dict[str, int] | None = None) -> list[str]:
    """Do rounds for about so many seconds, one at least; print and give the differences."""
    print(f"seed {seed}", flush=True)
    end = time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as folder, Server("faulty", faults=_FAULTS) as server:
        work = Soak(server.url, Path(folder), seed, sizes or _SIZES)
        rng = random.Random(seed)
        while True:
            began = time.monotonic()
            found = work.round(kills=rng.randint(1, 3))
            took = time.monotonic() - began
            print(f"  round {work.rounds}: {took:.0f} s, {found or 'equal'}", flush=True)
            if found or time.monotonic() + took > end:
                break
        print(work.summary())
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
