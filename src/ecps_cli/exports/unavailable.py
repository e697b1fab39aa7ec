"""What cannot be made: a format whose package is missing, the poster of a guide that has none."""

from __future__ import annotations


class MissingExtra(Exception):
    """A format needs a package that is not installed; the text is the sentence that says how to go on."""


class NoPoster(Exception):
    """A guide has no poster; the text is the sentence that says why."""
