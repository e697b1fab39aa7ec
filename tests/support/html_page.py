"""An HTML page read back by the standard library's parser."""

from __future__ import annotations

from html.parser import HTMLParser


class Page(HTMLParser):
    """An HTML page: its elements, its attributes, the text of each cell, item and paragraph, and its runs."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[tuple[str, int]] = []
        self.texts: list[str] = []
        self.runs: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in ("meta", "col", "path"):
            self.open.append((tag, len(self.texts)))
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag != "path":
            assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        self.runs.append(data)
        if self.open:
            self.texts[self.open[-1][1]] += data
