"""What this PC sees of the card path: shown beside a step, and recorded there."""

from __future__ import annotations

from ecps_cli.core.intents import Sense
from ecps_cli.preflight.wording import card_seen, in_brief, lines_of
from ecps_cli.screen import views
from ecps_cli.walk.lookups import Here, aside


def intent(here: Here) -> Sense:
    """Ask this PC, show its answers, and return them for the record."""
    checks = here.environment.sense()
    plain = here.environment.look.plain
    aside(here, views.labelled_lines(lines_of(checks, plain, "la touche « d » de nouveau.")))
    return Sense(in_brief(checks), card_seen(checks))
