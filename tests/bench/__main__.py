"""`make bench`: brings up a box of its own, measures, prints the numbers beside the bounds of the design.

Exit code 0 when all that was asked for was measured (a miss is said, it is no error), else 1.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from appliance.errors import AmiError
from tests.bench import admission, change, codes, knee, legs, names, overload, pages, prompts, recording
from tests.bench.bench import BRIDGES, Bench
from tests.bench.box import BenchError, Box
from tests.bench.noise import Noise
from tests.bench.report import Row, as_json, table
from tests.bench.sipp import SippError

PROJECT = Path(__file__).resolve().parents[2]
INSTANCE = "bench"
RESULTS = PROJECT / ".lab/bench.json"
MEASUREMENTS: dict[str, Callable[[Bench], Iterator[Row]]] = {
    module.NAME: module.measure
    for module in (admission, prompts, codes, names, recording, legs, overload, knee, change, pages)
}
EXPLANATION = """
Bounds are those of the design ("Speed"). Every caller sends sound as RTP; gaps are between two packets
as they reach this machine, on sampled legs. Load maker and Asterisk share {cores} cores: ratios and
differences (Pont against bare Asterisk in the same run) hold, other numbers only roughly.
"""


def main() -> None:
    """Measure what is asked for."""
    arguments = _parse()
    begin = time.monotonic()

    def say(text: str) -> None:
        print(f"[{time.monotonic() - begin:6.1f} s] {text}", flush=True)

    scratch = Path(tempfile.mkdtemp(prefix="pont-bench-"))
    try:
        say("bringing up a box to measure (a few minutes the first time)")
        _lab("up", scratch / "lab.log")
        bench = Bench(Box.load(PROJECT / ".lab" / INSTANCE / "demo.json"), scratch, arguments.quick, say)
        rows, failures = _measure(bench, arguments.names or list(MEASUREMENTS))
    except BenchError as error:
        sys.exit(f"{error}")
    finally:
        if not arguments.keep:
            say("taking the box down")
            _lab("down", scratch / "lab.log")
        shutil.rmtree(scratch)
    _report(rows, failures, arguments.quick)
    if failures:
        sys.exit(1)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.bench", description="Measure the box beside its bounds.")
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"measure these only: {', '.join(MEASUREMENTS)}"
    )
    parser.add_argument(
        "--quick", action="store_true", help="fewer calls, shorter windows: a look, not a proof"
    )
    parser.add_argument("--keep", action="store_true", help="leave the box running")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.names if name not in MEASUREMENTS]
    if unknown:
        parser.error(f"no measurement {', '.join(unknown)}: there are {', '.join(MEASUREMENTS)}")
    return arguments


def _lab(command: str, log: Path) -> None:
    """Run a command of the lab. BenchError with what it said if it fails."""
    argv = [sys.executable, "-m", "lab", command, "--name", INSTANCE]
    done = subprocess.run(
        argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=PROJECT / "ansible"
    )
    log.write_text(done.stdout + done.stderr)
    if done.returncode != 0:
        raise BenchError(f"the lab's `{command}` failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def _measure(bench: Bench, names: list[str]) -> tuple[list[Row], dict[str, str]]:
    """All rows, and why which measurements could not be made. One that fails leaves the others alone."""
    rows: list[Row] = []
    failures: dict[str, str] = {}
    bench.box.hang_up_all()
    bench.fill(BRIDGES)
    for name in names:
        bench.say(f"measuring {name}")
        own = [bench.box.process(unit) for unit in ("pont-agi", "pont-listener")]
        noise = Noise((bench.asterisk, *own))
        try:
            rows += MEASUREMENTS[name](bench)
            rows.append(
                Row(name, "what else ran on this machine meanwhile (of one core)", noise.others(), "%")
            )
        except (BenchError, SippError, AmiError, OSError, subprocess.TimeoutExpired) as error:
            failures[name] = str(error)
            bench.say(f"{name} could not be measured: {error}")
            bench.box.hang_up_all()
    return rows, failures


def _report(rows: list[Row], failures: dict[str, str], quick: bool) -> None:
    print(EXPLANATION.format(cores=os.cpu_count()))
    print(table(rows))
    for name, why in failures.items():
        print(f"{name}: NOT MEASURED: {why}")
    missed = sum(1 for row in rows if row.good is False)
    print(f"\n{missed} bounds missed." if missed else "\nEvery bound is held.")
    RESULTS.parent.mkdir(exist_ok=True)
    text = json.dumps(
        {"quick": quick, "rows": as_json(rows), "failures": failures}, indent=1, ensure_ascii=False
    )
    RESULTS.write_text(text + "\n")


if __name__ == "__main__":
    main()
