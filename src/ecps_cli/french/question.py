"""A question as a value: what is asked, and the keys that are named beside it. Whoever asks puts them together."""

from __future__ import annotations

from typing import NamedTuple


class Question(NamedTuple):
    """What is asked, and the keys that are of use there."""

    text: str = ""
    """Empty where the keys alone are the question."""
    keys: tuple[str, ...] = ()
    """Each key with what it does: « r : retour »."""
    end: str = ""
    """What stands behind the keys: the colon before a line that is typed."""

    def whole(self, between: str = " · ") -> str:
        """All of it on one line: the keys in brackets behind the text, or alone, with this between them."""
        if not self.text:
            return between.join(self.keys) + self.end
        return self.text + (f" ({', '.join(self.keys)})" if self.keys else "") + self.end
