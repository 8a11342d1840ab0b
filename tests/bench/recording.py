"""`recording`: an hour of speech to MP3 against `lame`, what callers notice of it, the post-record hook."""

from __future__ import annotations

import json
import re
import resource
import subprocess
import wave
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import numpy as np

from appliance.recordings import encoder
from tests.bench.bench import Bench, pont_number
from tests.bench.box import TICKS, BenchError, wait_until
from tests.bench.crowd import gathered, watch
from tests.bench.report import Row
from tests.phone.sounds import inside, read

NAME = "recording"
ROOMS, PEOPLE = 40, 5
HOUR = 3600
FABRICATE = Path(__file__).parents[1] / "fabricate.py"
HOOK = "/usr/local/lib/pont/recorded"
HOOKS = """
import subprocess, sys, time
took = []
for _ in range(int(sys.argv[2])):
    begin = time.monotonic()
    subprocess.run(["/bin/sh", "-c", sys.argv[1] + " /tmp/bench-take"], check=True)
    took.append(time.monotonic() - begin)
print(max(took) * 1000)
"""


def measure(bench: Bench) -> Iterator[Row]:
    """Encode on a box full of callers, and on a quiet one."""
    seconds = HOUR // 6 if bench.quick else HOUR
    hour = bench.directory / "hour.wav"
    _speak(bench, hour, seconds)
    yield from _against_lame(bench, hour, seconds)
    yield from _beside_callers(bench, hour)
    slowest = float(bench.box.run(["python3", "-c", HOOKS, HOOK, "200"]))
    yield Row(NAME, "the post-record hook as Asterisk runs it, slowest of 200", slowest, "ms", "<=", 50)


def _against_lame(bench: Bench, hour: Path, seconds: int) -> Iterator[Row]:
    ours, theirs, memory = [], [], 0.0
    for _ in range(1 if bench.quick else 3):
        worker = bench.box.process("pont-worker")
        before = _cpu(worker)
        _encode(bench, hour)
        ours.append(_cpu(worker) - before)
        memory = max(memory, _most_memory(worker))
        theirs.append(_lame(hour, bench.directory / "hour.mp3"))
        bench.say(f"{seconds} s of speech: {ours[-1]:.1f} s of CPU, lame {theirs[-1]:.1f} s")
    what = f"{seconds} s of speech to MP3"
    yield Row(NAME, f"{what}, CPU of pont-worker, median", median(ours), "s")
    yield Row(NAME, f"{what}, CPU against lame", median(ours) / median(theirs), "times", "<=", 1.2)
    yield Row(NAME, f"{what}, most memory of pont-worker", memory, "MB", "<=", 50)


def _beside_callers(bench: Bench, hour: Path) -> Iterator[Row]:
    what = f"{ROOMS} conferences of {PEOPLE}"
    with gathered(bench, [pont_number(room) for room in range(ROOMS)], PEOPLE) as legs:
        quiet = watch(bench, legs, 10).worst
        _queue(bench, hour, 3)
        wait_until(lambda: "encoding" in _states(bench, 3), 30, "the encoding to begin")
        busy = watch(bench, legs, 10).worst
        if "encoding" not in _states(bench, 3):
            raise BenchError("the encoding was over before the callers had been looked at")
    for moment, flow in (("before", quiet), ("while it encodes", busy)):
        yield Row(NAME, f"{what}, {moment}: gaps, 99th percentile", flow.gap_99, "ms", "<=", 30)
        yield Row(NAME, f"{what}, {moment}: largest gap", flow.gap_largest, "ms", "<=", 60)
    wait_until(lambda: _states(bench, 3) == ["mailed"] * 3, 300, "the end of the encoding")


def _speak(bench: Bench, path: Path, seconds: int) -> None:
    """Write so many seconds of prompts, one after the other."""
    directory = inside(bench.box.root, "/usr/share/asterisk/sounds/fr/pont")
    speech = np.concatenate([read(file)[0] for file in sorted(directory.glob("*.sln16"))])
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(encoder.SAMPLE_RATE)
        file.writeframes(np.resize(speech, seconds * encoder.SAMPLE_RATE).astype("<i2").tobytes())


def _queue(bench: Bench, hour: Path, count: int) -> None:
    inner = bench.box.root / "var/lib/pont/bench.wav"
    inner.write_bytes(hour.read_bytes())
    python = ["runuser", "-u", "pont", "--", "/opt/pont/venv/bin/python", "-", str(count)]
    bench.box.run([*python, "/var/lib/pont/bench.wav"], FABRICATE.read_text())
    inner.unlink()


def _encode(bench: Bench, hour: Path) -> None:
    _queue(bench, hour, 1)
    wait_until(lambda: _states(bench, 1) == ["mailed"], 300, "an hour to be encoded and mailed")


def _states(bench: Bench, count: int) -> list[str]:
    """Of the newest recordings."""
    rows = json.loads(bench.box.run(["pont", "--json", "recording", "list"]))
    return [row["state"] for row in rows[:count]]


def _lame(hour: Path, mp3: Path) -> float:
    """Seconds of CPU that `lame` takes with our settings."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    settings = ["-q", str(encoder.QUALITY), "-b", str(encoder.BIT_RATE_KBPS), "-m", "m"]
    subprocess.run(["lame", "--quiet", *settings, hour, mp3], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _cpu(pid: int) -> float:
    """Seconds of CPU that a process has used."""
    values = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(values[11]) + int(values[12])) / TICKS  # utime, stime: proc(5)


def _most_memory(pid: int) -> float:
    """The most that a process has had in memory, MB (10^6 bytes)."""
    found = re.search(r"^VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    assert found is not None
    return int(found[1]) * 1024 / 1e6
