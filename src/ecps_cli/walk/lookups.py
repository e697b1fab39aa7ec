"""What stands beside a walk and records nothing: the list, the help, a link, a code, a copy, a spelling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ecps_cli.core.guide import Fact, Step
from ecps_cli.french.words import named_by, pasted, strip_markup
from ecps_cli.screen import painting, views
from ecps_cli.walk.prompter import ENTER, Key

if TYPE_CHECKING:
    from ecps_cli.screen.painting import Renderable
    from ecps_cli.walk.walk import Walk

MORE = "Entrée : la suite · r : revenir à l’étape"


def show_list(walk: Walk, step: Step) -> None:
    """Show where every step stands."""
    _aside(walk, views.checklist(walk.session, walk.look))


def show_help(walk: Walk, step: Step, keys: Mapping[str, str]) -> None:
    """Show what the step wants, whom to call, and what every key does."""
    named = [("Entrée", "vu, continuer"), *keys.items()]
    _aside(walk, views.help_screen(named, walk.session.guide, step, walk.facts, walk.look))


def show_code(walk: Walk, step: Step) -> None:
    """Show a link or a number of the step as a QR code."""
    from ecps_cli.screen.codes import CodeScreen

    named = named_by(walk.session, step, walk.facts)
    fact = _pick(walk, step, "Quel QR code ?", [*named.links, *named.phones])
    if fact is not None:
        walk.show(CodeScreen(fact, drawn=not walk.look.plain, reserve=1 + walk.session.practice))  # whole, or not drawn
        _come_back(walk)
    elif not (named.links or named.phones):
        walk.notice = "Cette étape n’a ni lien ni numéro à montrer en QR code."


def open_link(walk: Walk, step: Step) -> None:
    """Show the address of a link of the step, then open it in the browser; without one, say what else can be done."""
    links = named_by(walk.session, step, walk.facts).links
    if not links:
        walk.notice = "Cette étape n’a pas de lien."
        return
    link = _pick(walk, step, "Quel lien ?", links)
    if link is None:
        return
    walk.show(painting.reference(link))
    opened = walk.open_link(link.value)
    walk.notice = (
        f"Ouvert dans le navigateur : {link.value}"
        if opened
        else f"Pas de navigateur ici. « k » montre le QR code, « c » copie l’adresse : {link.value}"
    )


def copy(walk: Walk, step: Step) -> None:
    """Copy an answer, a link or a number of the step, and say what was copied and how."""
    named = named_by(walk.session, step, walk.facts)
    texts = [*named.values, *((fact.name, pasted(fact.value)) for fact in (*named.links, *named.phones))]
    if not texts:
        walk.notice = "Cette étape n’a rien à copier : ni lien, ni numéro."
        return
    options = {str(number): name for number, (name, _) in enumerate(texts)}
    chosen = _choose(walk, step, "Copier quoi ?", options) if len(texts) > 1 else "0"
    if not isinstance(chosen, Key):
        text = texts[int(chosen)][1]
        walk.notice = f"{walk.copy(text)} Le texte : {text}"


def spell(walk: Walk, step: Step) -> None:
    """Show one thing of the step letter by letter; ask which, where there are several."""
    from ecps_cli.french.telephone import spellable

    texts = spellable(walk.session, step, walk.facts)
    if not texts:
        walk.notice = "Cette étape n’a rien à épeler."
        return
    names = {str(number): name for number, name in enumerate(texts, 1)}
    chosen = _choose(walk, step, "Que faut-il épeler ?", names) if len(texts) > 1 else "1"
    if not isinstance(chosen, Key):
        _aside(walk, views.spelled(texts[names[chosen]], walk.look))


def _choose(walk: Walk, step: Step, question: str, options: Mapping[str, str]) -> str | Key:
    """Ask which, on a screen of its own: under the step, the list would push its top out of the window."""
    walk.show(painting.one_line(strip_markup(step.text)))
    return walk.prompter.choose(f"{question} (r : retour)", options, "r")


def _pick(walk: Walk, step: Step, question: str, facts: Sequence[Fact]) -> Fact | None:
    """Ask which of several facts; return it, or None when there is none or the person came back."""
    if len(facts) < 2:
        return facts[0] if facts else None
    options = {str(number): fact.name for number, fact in enumerate(facts)}
    chosen = _choose(walk, step, question, options)
    return None if isinstance(chosen, Key) else facts[int(chosen)]


def _aside(walk: Walk, screen: Renderable) -> None:
    """Show something beside the walk, page by page where it is higher than the window, then come back to the step."""
    if walk.look.plain:
        walk.show(screen)
    else:
        page = views.Page(screen, MORE, int(walk.session.practice))
        walk.show(page)
        while page.left:
            if walk.prompter.key(MORE, "r") != ENTER:
                return
            page = page.next()
            walk.show(page)
    _come_back(walk)


def _come_back(walk: Walk) -> None:
    walk.prompter.key("Entrée : revenir à l’étape")
