"""Texts of mails: templates in `texts/`, one for each language and part, filled with values for the reader.

The first line of a .txt part is the subject. HTML parts extend layout.html.j2 and escape what they are given.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

TEXTS = Path(__file__).parent / "texts"


@dataclass(frozen=True)
class Words:
    """A mail's words."""

    subject: str
    text: str
    html: str


def write(name: str, language: str, **values: object) -> Words:
    """Fill the templates of a mail; a value that is missing is an error."""
    subject, _, text = _fill(f"{name}.{language}.txt.j2", language, values).partition("\n")
    return Words(subject, text.lstrip("\n"), _fill(f"{name}.{language}.html.j2", language, values))


def phrase(name: str, language: str, **values: object) -> str:
    """Fill the template of a piece of a sentence, to be a value of a mail's."""
    return _fill(f"{name}.{language}.txt.j2", language, values).strip()


def _fill(template: str, language: str, values: dict[str, object]) -> str:
    return _templates().get_template(template).render(language=language, **values)


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEXTS),
        autoescape=select_autoescape(["html.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
