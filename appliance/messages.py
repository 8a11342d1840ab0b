"""Sentences for people: in English on the command line, translated on the web."""

from __future__ import annotations

import re
from collections.abc import Callable


class Text(str):
    """A sentence in English that remembers how it was made.

    `template`, with `%(name)s` for each value, is what catalogues of translations know it by (gettext).
    """

    __slots__ = ("_values", "template")
    template: str
    _values: dict[str, object]

    def __new__(cls, template: str, /, **values: object) -> Text:
        """Fill the template; one without values may hold any `%`."""
        text = super().__new__(cls, template % values if values else template)
        text.template = template
        text._values = values
        return text

    @property
    def begins_with_value(self) -> bool:
        """Whether its first word is a name, an address ... whose letters are not to be changed."""
        name = re.match(r"%\((\w+)\)s", self.template)
        return name is not None and not isinstance(self._values.get(name[1]), Text)

    def translated(self, gettext: Callable[[str], str]) -> str:
        """Say it with `gettext`, which translates templates; values that are texts are translated as well."""
        values = {
            name: value.translated(gettext) if isinstance(value, Text) else value
            for name, value in self._values.items()
        }
        template = gettext(self.template)
        return template % values if values else template
