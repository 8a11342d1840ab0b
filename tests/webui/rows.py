"""What stands on a page, row by row, as one reads it on a wide screen."""

from __future__ import annotations

from html.parser import HTMLParser

Rows = dict[str, list[list[str]]]
"""Cells of each row, by part of the page: "facts", "items" of lists, "said" for sentences, "headings".

A table is called as its `aria-labelledby` says, else "table".
"""

_ALONE = frozenset({"br", "hr", "img", "input", "link", "meta", "path", "source"})
"""Elements that have no end tag."""
_UNSEEN = frozenset({"slim", "visually-hidden"})
"""Classes of what repeats other cells for a narrow screen, or is only read aloud."""
_CELLS = frozenset({"td", "th", "dt", "dd"})
_WHOLE_ROWS = {"p": "said", "h1": "headings", "h2": "headings"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.rows: Rows = {}
        self._part = self._last = ""
        self._in_list = self._cell = False
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_data(" ")  # Elements side by side are words side by side.
        values = dict(attrs)
        classes = set((values.get("class") or "").split())
        if tag in _ALONE:
            return
        if self._unseen or classes & _UNSEEN:
            self._unseen += 1
        elif tag == "table":
            self._part = values.get("aria-labelledby") or "table"
        elif tag == "dl":
            self._part = "facts"
        elif tag == "ul":
            self._in_list = "rows" in classes
        elif tag in _WHOLE_ROWS or (tag == "li" and self._in_list):
            self._begin(_WHOLE_ROWS.get(tag, "items"))
            self._begin_cell()
        elif self._part and (tag == "tr" or (tag == "div" and self._part == "facts" and not self._cell)):
            self._begin(self._part)
        elif self._part and tag in _CELLS and values.get("scope") != "col":
            self._begin_cell()

    def handle_endtag(self, tag: str) -> None:
        self.handle_data(" ")
        if tag in _ALONE:
            return
        if self._unseen:
            self._unseen -= 1
        elif tag in ("table", "dl"):
            self._part = ""
        elif tag in _CELLS or tag in _WHOLE_ROWS or tag == "li":
            self._cell = False

    def handle_data(self, data: str) -> None:
        if self._cell and not self._unseen:
            row = self.rows[self._last][-1]
            row[-1] += data

    def _begin(self, part: str) -> None:
        self._last = part
        self.rows.setdefault(part, []).append([])

    def _begin_cell(self) -> None:
        self._cell = True
        self.rows[self._last][-1].append("")


def rows_of(html: str) -> Rows:
    """Read the `<main>` of a page: rows in their order, without those that are empty; spaces are one."""
    reader = _Reader()
    reader.feed(html.partition("<main")[2].partition("</main>")[0])
    read = {
        part: [[" ".join(cell.split()) for cell in row] for row in rows] for part, rows in reader.rows.items()
    }
    return {part: kept for part, rows in read.items() if (kept := [row for row in rows if any(row)])}
