"""What is looked up beside a walk and recorded nowhere: the list, the help, a link, a code, a copy, a spelling.

Each returns the notice that the next screen says first, or an empty text; the help, the key that was pressed there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from ecps_cli.core.guide import Fact, Facts, Step
from ecps_cli.core.session import Session
from ecps_cli.french.question import Question
from ecps_cli.french.words import named_by, pasted, quoted_line
from ecps_cli.screen import checklist, painting, views
from ecps_cli.screen.painting import Renderable
from ecps_cli.walk.environment import Environment
from ecps_cli.walk.legend import enter_of
from ecps_cli.walk.prompter import ENTER, Key, Prompter

BACK = Question(keys=("Entrée : revenir à l’étape",))
MORE = Question(keys=("Entrée : la suite", "r : revenir à l’étape"))


class Here(NamedTuple):
    """Where something is looked up."""

    environment: Environment
    session: Session
    facts: Facts
    step: Step
    under_way: frozenset[str] = frozenset()
    """The guides that are walked: this one, and those that one comes back to."""


def show_list(here: Here) -> str:
    """Show where every step stands."""
    return aside(here, checklist.whole(here.session, here.environment.look))


def show_help(here: Here, keys: Mapping[str, str]) -> Key:
    """Show what the step wants, whom to call, what each of these keys does; return one of them, or Enter."""
    named = [*enter_of(here.step).items(), *keys.items()]
    screen = views.help_screen(named, here.session.guide, here.step, here.facts, here.environment.look)
    here_too = f"ici aussi : {' '.join(key for key in keys if key != '?')}"
    return _shown(here, screen, Question(keys=("Entrée : retour", here_too)), keys)


def show_code(here: Here) -> str:
    """Show a link or a number of the step as a QR code."""
    from ecps_cli.screen.codes import CodeScreen

    named = named_by(here.session, here.step, here.facts)
    if not (named.links or named.phones):
        return "Cette étape n’a ni lien ni numéro à montrer en QR code."
    fact = _pick(here, "Quel QR code ?", [*named.links, *named.phones])
    if fact is None:
        return ""
    environment = here.environment  # the code stands whole, or is not drawn
    environment.show(CodeScreen(fact, drawn=not environment.look.plain, reserve=1 + here.session.practice))
    environment.prompter.key(BACK)
    return ""


def open_link(here: Here) -> str:
    """Show the address of a link of the step, then open it in the browser; without one, say what else can be done."""
    links = named_by(here.session, here.step, here.facts).links
    if not links:
        return "Cette étape n’a pas de lien."
    link = _pick(here, "Quel lien ?", links)
    if link is None:
        return ""
    here.environment.show(painting.reference(link))
    if here.environment.desktop.open_link(link.value):
        return f"Ouvert dans le navigateur : {link.value}"
    return f"Pas de navigateur ici. « k » montre le QR code, « c » copie l’adresse : {link.value}"


def copy(here: Here) -> str:
    """Copy an answer, a link or a number of the step, and say what was copied and how."""
    from ecps_cli.french.event_text import labelled

    named = named_by(here.session, here.step, here.facts)
    texts = [*named.values, *((fact.name, pasted(fact.value)) for fact in (*named.links, *named.phones))]
    if not texts:
        return "Cette étape n’a rien à copier : ni lien, ni numéro."
    number = _which(here, "Copier quoi ?", [name for name, _ in texts])
    if number is None:
        return ""
    name, text = texts[number]
    return f"{here.environment.desktop.copy(text)} {labelled(name, text)}"


def spell(here: Here) -> str:
    """Show one thing of the step letter by letter; ask which, where there are several."""
    from ecps_cli.french.telephone import spellable

    texts = spellable(here.session, here.step, here.facts)
    if not texts:
        return "Cette étape n’a rien à épeler."
    number = _which(here, "Que faut-il épeler ?", list(texts))
    if number is None:
        return ""
    return aside(here, views.spelled(list(texts.values())[number], here.environment.look))


ASIDES: Mapping[str, Callable[[Here], str]] = {
    "l": show_list,
    "o": open_link,
    "k": show_code,
    "c": copy,
    "a": spell,
}
"""By key, what is looked up."""


def _pick(here: Here, question: str, facts: Sequence[Fact]) -> Fact | None:
    """One of several facts, or None when the person came back."""
    number = _which(here, question, [fact.name for fact in facts])
    return None if number is None else facts[number]


def _which(here: Here, question: str, names: Sequence[str]) -> int | None:
    """Number, from 0, of the one of several names that is chosen; None when the person came back.

    Asked on a screen of its own: under the step, the list would push its top out of the window.
    """
    if len(names) == 1:
        return 0
    here.environment.show(painting.one_line(quoted_line(here.step.text)))
    options = {str(number): name for number, name in enumerate(names)}
    chosen = here.environment.prompter.choose(Question(question, ("r : retour",)), options, "r")
    return None if isinstance(chosen, Key) else int(chosen)


def aside(here: Here, screen: Renderable) -> str:
    """Show something beside the walk, then come back to the step."""
    _shown(here, screen, BACK)
    return ""


def _shown(here: Here, screen: Renderable, question: Question, keys: Iterable[str] = ()) -> Key:
    """The key that ends what is shown, page by page where it is higher than the window: Enter, or one of `keys`."""
    environment = here.environment
    if environment.look.plain:
        environment.show(screen)
        return environment.prompter.key(question, "".join(keys))
    page = views.Page(screen, max(MORE.whole(), question.whole(), key=len), int(here.session.practice))
    if not read_on(page, MORE, "r", environment.prompter, environment.show):
        return ENTER
    return environment.prompter.key(question, "".join(keys))


def read_on(
    page: views.Page, more: Question, keys: str, prompter: Prompter, show: Callable[[Renderable], None]
) -> bool:
    """Whether something was read to its last page: Enter turns to the next one, one of `keys` leaves it."""
    show(page)
    while page.left:
        if prompter.key(more, keys) != ENTER:
            return False
        page = page.next()
        show(page)
    return True
