"""The last screen of a walk: read on, its ticket copied, left, or left for the guide that comes next."""

from __future__ import annotations

from ecps_cli.core.session import End
from ecps_cli.french.question import Question
from ecps_cli.screen import views
from ecps_cli.screen.painting import Renderable
from ecps_cli.walk.environment import Environment


def following(environment: Environment, end: End, screen: Renderable, ticket: str, hidden: str, above: int) -> str:
    """Id of the guide that comes next, where it is to be followed; an empty text once the screen is left.

    `hidden` says what was masked, and `above` is the number of lines that stand over the screen.
    """
    leave, on = [f"{hidden} Entrée : fermer".lstrip(), "c : copier le ticket"], []
    if end.outcome.guide:
        found = environment.find(end.outcome.guide)
        on = [f"g : suivre {f'« {found.guide.title} »' if found else 'le guide qui vient ensuite'}"]
    page = views.Page(screen, Question(keys=(*leave, views.READ_ON, *on)).whole(), above)
    environment.show(page)
    while True:
        more = [views.READ_ON] if page.left or page.start else []
        keys = "c" + "l" * len(more) + "g" * len(on)
        match environment.prompter.key(Question(keys=(*leave, *more, *on)), keys).letter:
            case "":
                return ""
            case "g":
                return end.outcome.guide or ""
            case "l":
                page = page.next()
                environment.show(page)
            case _:
                environment.prompter.refused(environment.desktop.copy(ticket))
