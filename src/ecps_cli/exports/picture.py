"""The picture of statistics, as SVG: for each guide, how long each step takes, and where walks stop or deviate."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib.figure import Figure

from ecps_cli.core.text import shorten

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ecps_cli.exports.statistics import GuideFigures

SERIES = (("paused", "pauses", "#0072b2"), ("abandoned", "abandons", "#d55e00"), ("deviated", "écarts", "#e69f00"),
    ("mismatch", "ne correspond plus", "#cc79a7"))  # fmt: skip
"""What is stacked, its word, and a colour that everybody tells from the others (Okabe and Ito)."""
LONGEST = 36


def draw(guides: list[GuideFigures]) -> str:
    """SVG element with two panels a guide; its letters are text, in the fonts of the page."""
    rows = [max(len(guide.steps), 1) for guide in guides] or [1]
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "ecps-guide", "font.family": "sans-serif"}):
        figure = Figure(figsize=(8.5, 0.5 + 0.9 * len(rows) + 0.3 * sum(rows)), layout="constrained")
        axes = figure.subplots(len(rows), 2, squeeze=False, sharey="row", height_ratios=[each + 2 for each in rows])
        for guide, (times, stops) in zip(guides, axes, strict=False):
            _times(times, guide)
            _stops(stops, guide)
        figure.legend(*axes[0, 1].get_legend_handles_labels(), loc="outside lower center", ncols=4, frameon=False)
        made = io.StringIO()
        figure.savefig(made, format="svg", metadata={"Date": None, "Creator": None})
    svg = made.getvalue()
    return svg[svg.index("<svg") :]


def _times(axes: Axes, guide: GuideFigures) -> None:
    names = [shorten(step.text, LONGEST) for step in guide.steps]
    places = range(len(names))
    axes.barh(places, [(step.median or 0) / 60 for step in guide.steps], color="#56b4e9")
    axes.set_yticks(places, names)
    axes.invert_yaxis()
    axes.set_title(f"{shorten(guide.title, LONGEST)}, {guide.version}", loc="left")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}".replace(".", ","))
    axes.set_xlabel("temps médian (min)")


def _stops(axes: Axes, guide: GuideFigures) -> None:
    left = [0] * len(guide.steps)
    for name, word, colour in SERIES:
        values = [getattr(step, name) or 0 for step in guide.steps]
        axes.barh(range(len(left)), values, left=left, color=colour, label=word)
        left = [before + value for before, value in zip(left, values, strict=True)]
    axes.set_xlabel("parcours")
