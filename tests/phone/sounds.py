"""The recordings a box can play, read from below its root directory: prompts and music on hold."""

import os
import wave
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from G722 import G722  # type: ignore[import-not-found]
from numpy.typing import NDArray

from .hearing import MATCH_RATE, MUSIC_WINDOW, PROMPT_HEAD, Floats, Haystack, Samples, for_matching, trimmed

FORMATS = ("g722", "sln16", "wav16", "wav", "sln", "ulaw", "alaw")  # best first


def inside(root: Path, path: str) -> Path:
    """Where `path` of the box is from outside: links, absolute ones too, are followed below root."""
    done, todo = root, [part for part in path.split("/") if part]
    for _ in range(200):
        if not todo:
            return done
        part = todo.pop(0)
        if part == "..":
            done = done.parent if done != root else root
        elif (done / part).is_symlink():
            target = os.readlink(done / part)
            done = root if target.startswith("/") else done
            todo = [p for p in target.split("/") if p and p != "."] + todo
        else:
            done = done / part
    raise OSError(f"too many links in {path}")


def read(path: Path) -> tuple[Samples, int]:
    """Samples and their rate (Hz) of a sound file in one of FORMATS, mono."""
    kind = path.suffix[1:]
    if kind in ("wav", "wav16"):
        with wave.open(str(path)) as file:
            return np.frombuffer(file.readframes(file.getnframes()), np.int16), file.getframerate()
    data = path.read_bytes()
    if kind == "g722":
        return np.frombuffer(G722(16000, 64000).decode(data), np.int16), 16000
    if kind in ("sln", "sln16"):
        return np.frombuffer(data[: len(data) // 2 * 2], np.int16), 16000 if kind == "sln16" else 8000
    return g711(np.frombuffer(data, np.uint8), kind), 8000


def g711(codes: NDArray[np.uint8], law: str) -> Samples:
    """Decodes ITU-T G.711 ("ulaw" or "alaw") to 16 bit."""
    if law == "ulaw":
        code = (~codes).astype(np.int32)
        size = ((((code & 0x0F) << 3) + 0x84) << ((code & 0x70) >> 4)) - 0x84
        return np.where(code & 0x80, -size, size).astype(np.int16)
    even = (codes ^ 0x55).astype(np.int32)
    exponent, size = (even & 0x70) >> 4, ((even & 0x0F) << 4) + 8
    size = np.where(exponent > 0, (size + 0x100) << np.maximum(exponent - 1, 0), size)
    return np.where(even & 0x80, size, -size).astype(np.int16)


class Sounds:
    """Prompts by the names Asterisk gives them, and the music on hold, of the box below `root`.

    root: for example /proc/<pid of its init>/root, or the directory of a chroot.
    language: directory below sounds/ in which prompts are looked up, unless a call says otherwise.
    """

    def __init__(
        self,
        root: str | Path = "/",
        language: str = "en",
        sounds_dir: str = "/usr/share/asterisk/sounds",
        music_dir: str = "/usr/share/asterisk/moh",
    ) -> None:
        self.root, self.language = Path(root), language
        self.sounds_dir, self.music_dir = sounds_dir, music_dir

    def prompt(self, name: str, language: str | None = None) -> Floats:
        """The beginning (PROMPT_HEAD seconds at most) of a prompt, as Haystack wants it.

        name: "conf-locked", "digits/1", or an absolute path of the box; never with its suffix.
        """
        base = name if name.startswith("/") else f"{self.sounds_dir}/{language or self.language}/{name}"
        for kind in FORMATS:
            path = inside(self.root, f"{base}.{kind}")
            if path.is_file():
                return _head(path)
        raise FileNotFoundError(f"no prompt below {self.root}: {base} as {', '.join(FORMATS)}")

    def telling(self, name: str, language: str | None = None) -> tuple[Floats, float]:
        """The part of a prompt that tells it from those that begin alike, and how many seconds in it is.

        "Recording has started" and "recording has stopped" differ after a second only.
        """
        if not name.startswith("pont/"):
            return self.prompt(name, language), 0.0
        top = inside(self.root, f"{self.sounds_dir}/{language or self.language}/pont")
        return _telling(top / f"{name.removeprefix('pont/')}.sln16")

    def names(self, language: str | None = None) -> list[str]:
        """Names of all prompts of a language."""
        top = inside(self.root, f"{self.sounds_dir}/{language or self.language}")
        files = (p for p in top.rglob("*") if p.suffix[1:] in FORMATS)
        return sorted({str(p.relative_to(top).with_suffix("")) for p in files})

    @cached_property
    def music(self) -> Haystack:
        """All music on hold in one; made at the first use, about 2 s."""
        top = inside(self.root, self.music_dir)
        names = sorted(str(p.relative_to(top)) for p in top.rglob("*") if p.suffix[1:] in FORMATS)
        if not names:
            raise FileNotFoundError(f"no music on hold in {top}")
        return _music(tuple(inside(self.root, f"{self.music_dir}/{name}") for name in names))


@lru_cache(maxsize=4096)
def _head(path: Path) -> Floats:
    return _trimmed(path)[: int(PROMPT_HEAD * MATCH_RATE)]


@lru_cache(maxsize=4096)
def _telling(path: Path) -> tuple[Floats, float]:
    own, length = _trimmed(path), int(PROMPT_HEAD * MATCH_RATE)
    others = (other for other in path.parent.glob("*.sln16") if other != path)
    alike = max((_alike(own, _trimmed(other)) for other in others), default=0)
    start = max(0, min(alike, len(own) - length))
    return own[start : start + length], start / MATCH_RATE


def _alike(one: Floats, other: Floats) -> int:
    """Samples at the beginning that two sounds share."""
    size = MATCH_RATE // 20
    for start in range(0, min(len(one), len(other)) - size, size):
        a, b = one[start : start + size], other[start : start + size]
        if float(a @ b) < 0.95 * float(np.linalg.norm(a)) * float(np.linalg.norm(b)):
            return start
    return min(len(one), len(other))


@lru_cache(maxsize=4096)
def _trimmed(path: Path) -> Floats:
    return trimmed(for_matching(*read(path)))


@lru_cache(maxsize=4)
def _music(files: tuple[Path, ...]) -> Haystack:
    return Haystack(np.concatenate([for_matching(*read(p)) for p in files]), MUSIC_WINDOW)
