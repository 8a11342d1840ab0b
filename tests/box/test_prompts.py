"""Every prompt exists in both languages, and is speech: neither silent, nor clipped, nor cut."""

from pathlib import Path

import numpy as np
import pytest

from tests.conftest import PROJECT, Box

LANGUAGES = ("fr", "en")
SOUNDS = "usr/share/asterisk/sounds"
# Directories behind the names fr and en, which are links that hold in the box only
DIRECTORIES = {"fr": "fr_CA_f_June", "en": "en_US_f_Allison"}
RATE = 16000


def texts(language: str) -> dict[str, str]:
    path = PROJECT / f"ansible/roles/asterisk/files/prompts.{language}.txt"
    lines = [line for line in path.read_text().splitlines() if line.strip() and not line.startswith("#")]
    return {name.strip(): text.strip() for name, _, text in (line.partition("|") for line in lines)}


def test_both_languages_have_the_same_prompts() -> None:
    assert texts("fr").keys() == texts("en").keys()
    assert all(texts(language)[name] for language in LANGUAGES for name in texts(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_spoken(box: Box, language: str) -> None:
    files = box.run(["find", f"/{SOUNDS}/{language}/pont/", "-name", "*.sln16", "-printf", "%f\n"]).split()
    assert sorted(Path(file).stem for file in files) == sorted(texts(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_prompt_is_heard(box: Box, language: str) -> None:
    for name, text in texts(language).items():
        samples = (
            np.fromfile(box.root / SOUNDS / DIRECTORIES[language] / "pont" / f"{name}.sln16", "<i2") / 32768
        )
        assert 0.04 * len(text) <= len(samples) / RATE <= 0.15 * len(text) + 1, name
        assert 0.6 <= np.abs(samples).max() <= 0.75, name
        assert -24 <= 20 * np.log10(np.sqrt(np.mean(samples**2))) <= -14, name
        # no long silence at either end: callers would think that nothing happens
        loud = np.flatnonzero(np.abs(samples) > 0.02)
        assert loud[0] < 0.2 * RATE, name
        assert len(samples) - loud[-1] < 0.4 * RATE, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_asterisks_own_prompts_are_there(box: Box, language: str) -> None:
    for name in ("conf-locked", "conf-muted", "conf-unmuted", "goodbye", "digits/1"):
        assert box.call(["test", "-s", f"/{SOUNDS}/{language}/{name}.g722"]).returncode == 0, name


def test_there_is_music(box: Box) -> None:
    assert box.asterisk("moh show files").count("/usr/share/asterisk/moh/") >= 3
