"""What is on the screen: nothing cut, nothing taken for markup, everything said in words, no taller than the screen."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, get_args
from unittest import mock

import pytest
from rich.cells import cell_len
from rich.console import ConsoleRenderable, Group

from ecps_cli.core.events import Answered, Confirmed, Deviated, Ended, Noted, Skipped, Ticked
from ecps_cli.core.guide import Fact, Facts, Guide, Step
from ecps_cli.core.moves import apply
from ecps_cli.core.session import End, Session, current
from ecps_cli.exports.record import record_of
from ecps_cli.exports.sheet import sheet
from ecps_cli.exports.ticket import ticket
from ecps_cli.french.question import Question
from ecps_cli.french.typography import transliterate, unbroken
from ecps_cli.french.words import DOCTOR_ALONE, State, strip_markup
from ecps_cli.screen import checklist, pages, painting, views
from ecps_cli.screen.document_view import document_view
from ecps_cli.screen.painting import Look
from ecps_cli.screen.step_screen import StepScreen, countdown
from ecps_cli.screen.terminal import make_console, paint
from ecps_cli.walk import ticking
from support.documents import EVERY_BLOCK, WORDS
from support.sample import GUIDE, START, Clock
from support.screens import SCREENS, as_text, reach, render, rows, step_of
from support.shapes import shaped
from support.shipped import EACH_GUIDE, FACTS
from support.stage import Stage
from support.tiers import each_value

FANCY, ASCII, PLAIN = Look(), Look(glyphs=False), Look(plain=True)
ALL = [FANCY, ASCII, PLAIN]
LOOKS = pytest.mark.parametrize("look", ALL, ids=["fancy", "ascii", "plain"])
WIDTHS = [40, 80, 120]
ADDRESS = "https://example.org/une/page/assez/longue/pour/ne/tenir/sur/aucun/petit/terminal?avec=des&options=42#fin"
PHONE = "0 806 800 213"


# -------------------------------------------------------------------------------------------------- sessions and scenes


def step_screen(
    guide: Guide, facts: Facts, step_id: str, look: Look = FANCY, notice: str = "", seen: str = "yes"
) -> StepScreen:
    session = reach(guide, step_id, seen)
    step = current(session)
    assert isinstance(step, Step)
    assert step.id == step_id
    return StepScreen(session, step, facts, START, look, notice, Question(), step.options.values())


def the_end(guide: Guide, facts: Facts, look: Look, seen: str = "yes") -> Group:
    session = reach(guide, "", seen)
    end = current(session)
    assert isinstance(end, End)
    session = apply(session, Ended(session.events[-1].at, session.events[-1].step, end.id))
    return views.ending(session, end, facts, look, ticket(record_of(session, facts)))


def ticked(guide: Guide, facts: Facts, look: Look) -> StepScreen:
    session = reach(guide, "tell")
    session = apply(session, Ticked(START, "tell", "am", "18:42", "Mme Exemple", "AB-42"))
    return StepScreen(session, step_of(guide, "tell"), facts, START, look)


Scene = Callable[[Guide, Facts, Look], ConsoleRenderable]

STEPS = ["open", "rpps", "name", "type", "seen", "pin", "tell"]
SCENES: dict[str, Scene] = {
    **{
        f"step-{step_id}": lambda guide, facts, look, step_id=step_id: step_screen(guide, facts, step_id, look)  # type: ignore[misc]
        for step_id in STEPS
    },
    "step-ticked": ticked,
    "checklist": lambda guide, facts, look: checklist.whole(reach(guide, "type"), look),
    "opening": lambda guide, facts, look: views.opening(guide, facts, look),
    "guides-and-needs": lambda guide, facts, look: views.guides_and_needs([guide, guide]),
    **{
        f"remedy-{step_id}-{number}": lambda guide, facts, look, step_id=step_id, number=number: views.remedy(  # type: ignore[misc]
            guide, step_of(guide, step_id).deviations[number], facts, look, ""
        )
        for step_id, number in (("open", 0), ("open", 1), ("open", 2), ("type", 0))
    },
    "help-line": lambda guide, facts, look: views.help_line(reach(guide, "open"), step_of(guide, "open"), facts, look),
    "deviating": lambda guide, facts, look: views.deviating(step_of(guide, "open"), facts, look),
    "end-success": lambda guide, facts, look: the_end(guide, facts, look),
    "end-failure": lambda guide, facts, look: the_end(guide, facts, look, seen="no"),
    "guide-list": lambda guide, facts, look: pages.guide_list([guide]),
    "sheet": lambda guide, facts, look: document_view(sheet(guide, facts, {})),
    "fact-list": lambda guide, facts, look: pages.fact_list(facts, None),
    "glossary": lambda guide, facts, look: pages.glossary(facts),
    "notice": lambda guide, facts, look: painting.one_line("Un numéro faux."),
    "keys": lambda guide, facts, look: views.key_help([("Entrée", "continuer"), ("q", "mettre en pause")]),
}
WITH_ADDRESS = [
    "step-open",
    "step-tell",
    "step-ticked",
    "opening",
    "remedy-open-1",
    "end-success",
    "sheet",
    "fact-list",
]
WITH_PHONE = ["remedy-open-1", "help-line", "end-success", "sheet", "fact-list"]


@pytest.fixture(scope="module")
def many() -> Facts:
    """Give facts with one of everything, and an address longer than any screen here."""
    source = Fact(kind="source", name="La fiche", value="Fiche de 2026")
    return {
        "fiche": source,
        "aide": Fact(kind="phone", name="Aide", value=PHONE, source="fiche", price="gratuit"),
        "page": Fact(kind="url", name="La page", value=ADDRESS, source="fiche", verified_on=date(2026, 9, 20)),
        "old-page": Fact(
            kind="url", name="L’ancienne page", value="https://old.example.org", status="former", replaced_by="page"
        ),
        "button": Fact(kind="label", name="Le bouton", value="Activer", note="Vu **ici**.", source="fiche"),
        "word": Fact(kind="term", name="e-CPS", value="Une **carte** dématérialisée.", source="fiche"),
        "other-word": Fact(kind="term", name="CPS", value="Une carte.", note="En plastique."),
    }


@pytest.fixture(scope="module")
def full() -> Guide:
    """Give the small guide, its remedies and ends with their numbers and addresses."""
    data = deepcopy(GUIDE)
    data["steps"][0]["deviations"][1].update({"links": ["page"], "contacts": ["aide"]})
    data["outcomes"]["done"]["links"] = ["page"]
    return shaped(Guide, data)


# ------------------------------------------------------------------------------ addresses and numbers stay in one piece


@pytest.mark.parametrize(
    ("scene", "look", "columns", "encoding"), each_value(WITH_ADDRESS, ALL, WIDTHS, ["utf-8", "ascii", "cp850"])
)
def test_an_address_is_whole_on_one_line(
    full: Guide, many: Facts, scene: str, encoding: str, columns: int, look: Look
) -> None:
    """An address is neither cut nor broken, however narrow the screen: whoever copies the line has all of it."""
    output = render(SCENES[scene](full, many, look), columns, encoding=encoding)
    assert output.count(ADDRESS) == output.count("https://example.org") > 0


@pytest.mark.parametrize(("scene", "look", "columns"), each_value(WITH_PHONE, ALL, WIDTHS))
def test_a_number_is_whole_on_one_line(full: Guide, many: Facts, scene: str, columns: int, look: Look) -> None:
    """A phone number is on one line from its first digit to its last."""
    assert PHONE in render(SCENES[scene](full, many, look), columns)


@pytest.mark.parametrize("columns", [40, 80, 120])
@pytest.mark.parametrize("scene", ["step-tell", "step-ticked"])
def test_the_number_of_a_line_to_tick_is_whole_on_one_line(full: Guide, many: Facts, scene: str, columns: int) -> None:
    """The plain look lists the lines to tick in the step, each with its number; with keys, the question lists them."""
    assert PHONE in render(SCENES[scene](full, many, Look(plain=True)), columns)
    said = ticking.lines(reach(full, "tell"), step_of(full, "tell"), many)
    assert any(unbroken(PHONE) in line for line in said.values())


@pytest.mark.parametrize("columns", [40, 80])
def test_a_number_is_whole_whatever_its_name(columns: int) -> None:
    """Wherever the name before it ends, a phone number is not broken over two lines, and neither is its price lost."""
    for length in range(2, columns):
        name = f"{'x' * (length // 2)} {'y' * (length // 2)}"
        fact = Fact(kind="phone", name=name, value=PHONE, price="gratuit")
        output = render(Group(painting.contact_line(fact)), columns)
        assert PHONE in output
        assert "(gratuit)" in output


@pytest.mark.parametrize("where", ["do", "expect", "help"])
def test_an_address_inside_a_sentence_is_whole(guide: Guide, facts: Facts, where: str) -> None:
    """A link of the small Markdown keeps its address in one piece too."""
    data = deepcopy(GUIDE)
    data["steps"][0][where] = f"Aller sur [la page]({ADDRESS}), puis lire."
    changed = shaped(Guide, data)
    assert ADDRESS in render(document_view(sheet(changed, facts, {})), 80)
    assert where == "help" or ADDRESS in render(step_screen(changed, facts, "open"), 80)


@pytest.mark.parametrize("field", ["value of a source", "note", "value of a term"])
def test_an_address_inside_a_fact_is_whole(facts: Facts, guide: Guide, field: str) -> None:
    """A fact that quotes an address in its text keeps it in one piece."""
    source = Fact(kind="source", name="La fiche", value=f"Fiche, {ADDRESS}")
    noted = Fact(kind="phone", name="Aide", value=PHONE, note=f"Vu sur {ADDRESS} en 2026")
    term = Fact(kind="term", name="Mot", value=f"Expliqué par {ADDRESS}")
    screen = {
        "value of a source": document_view(sheet(guide, {**facts, "fiche": source}, {})),
        "note": pages.fact_list({"aide": noted}, None),
        "value of a term": pages.glossary({"term": term}),
    }[field]
    assert ADDRESS in render(screen, 80)


def test_a_line_of_the_ticket_is_broken_between_words_only(full: Guide, many: Facts) -> None:
    """On a narrow screen the ticket is read word by word; what `c` copies keeps its own lines."""
    session = reach(full, "")
    output = render(the_end(full, many, PLAIN), 40)
    shown = output.partition("Pour le ticket :")[2].split()
    for line in ticket(record_of(session, many)).splitlines():
        words = line.replace("\u00a0", " ").split()
        assert any(shown[start : start + len(words)] == words for start in range(len(shown)))


# ----------------------------------------------------------------------------------------------------- no line too long


@pytest.mark.parametrize(
    ("scene", "look", "columns"), each_value([name for name in SCENES if not name.startswith("end")], ALL, WIDTHS)
)
def test_no_line_is_wider_than_the_screen(full: Guide, many: Facts, scene: str, columns: int, look: Look) -> None:
    """Every line but an address fits: nothing is broken by the terminal in the middle of a word."""
    for line in render(SCENES[scene](full, many, look), columns).splitlines():
        assert "https://" in line or cell_len(line) <= columns, line


@pytest.mark.parametrize(("scene", "look", "columns"), each_value([*SCENES], ALL, WIDTHS))
def test_a_pipe_gets_no_trailing_space(
    full: Guide, many: Facts, scene: str, columns: int, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a file or a pipe no line ends in spaces, and nothing is an escape code."""
    monkeypatch.setenv("COLUMNS", str(columns))
    out = io.StringIO()
    paint(make_console(out), SCENES[scene](full, many, look))
    lines = out.getvalue().split("\n")
    assert any(lines)
    assert [line for line in lines if line != line.rstrip()] == []
    assert "\x1b" not in out.getvalue()


@pytest.mark.parametrize(
    ("scene", "columns", "encoding"),
    each_value([*SCENES], WIDTHS, ["ascii", "cp437", "cp850", "cp1252", "latin-1"]),
)
def test_no_letter_is_lost_on_an_old_stream(full: Guide, many: Facts, scene: str, columns: int, encoding: str) -> None:
    """A view on a stream of few characters raises nothing, and has a question mark only where its text asks."""
    screen = SCENES[scene](full, many, ASCII)
    asked = render(screen, columns).count("?")
    assert render(screen, columns, encoding=encoding).count("?") == asked


# --------------------------------------------------------------------------------------------------------------- markup

MARKUP = ["[bold]", "[/x]", "[red]x", "[/]", ":smile:", "\\[b]", "[@click=x]"]


def dressed(word: str) -> Guide:
    """Return the small guide with a word after each text that a person reads."""
    read = {"title", "fits", "needs", "if", "do", "expect", "help", "why", "ask", "choose", "tick", "text", "next"}

    def dress(value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            return {key: dress(each, "text" if name == "options" else key) for key, each in value.items()}
        if isinstance(value, list):
            return [dress(each, name) for each in value]
        return f"{value} {word}" if name in read or name == "section" else value

    return shaped(Guide, dress(GUIDE))


def dressed_facts(facts: Facts, word: str) -> Facts:
    return {
        fact_id: replace(
            fact,
            **{
                name: f"{getattr(fact, name)} {word}"
                for name in ("name", "value", "price", "note")
                if getattr(fact, name) and not (fact.kind == "url" and name == "value")
            },
        )
        for fact_id, fact in facts.items()
    }


@pytest.mark.parametrize(
    ("scene", "word", "look"), each_value([name for name in SCENES if name not in ("notice", "keys")], MARKUP, ALL)
)
def test_no_text_of_a_guide_is_markup(many: Facts, scene: str, word: str, look: Look) -> None:
    """A text in brackets stands on the screen like any other of its length, in each place where there is text."""
    neutral = "w" * len(word)
    columns = 99 if scene.startswith("step") else 300  # from 100 on, a column of the checklist is cut
    in_words = render(SCENES[scene](dressed(word), dressed_facts(many, word), look), columns)
    bare = render(SCENES[scene](dressed(neutral), dressed_facts(many, neutral), look), columns)
    assert neutral in bare
    assert in_words.lower().replace(word, neutral) == bare.lower()


@pytest.mark.parametrize("word", ["[bold]", "[/x]", "[red]x"])
def test_no_section_is_markup(many: Facts, word: str) -> None:
    """A section in brackets stands beside the place like any other."""
    assert f"Préparer {word}" in render(step_screen(dressed(word), many, "open"))


@pytest.mark.parametrize("word", MARKUP)
@LOOKS
def test_nothing_that_a_person_typed_is_markup(guide: Guide, facts: Facts, word: str, look: Look) -> None:
    """Answers, reasons, references and notices in brackets stand on the screen letter for letter."""
    session = reach(guide, "name")
    session = apply(session, Answered(START, "name", f"Service {word}"))
    step = current(session)
    assert isinstance(step, Step)
    screen = render(StepScreen(session, step, facts, START, look, f"« {word} » n’est pas un numéro."))
    assert f"Service {word}" in screen
    assert f"« {word} » n’est pas un numéro." in screen
    listing = apply(reach(guide, "tell"), Ticked(START, "tell", "am", word, word, word))
    if look.plain:
        assert f"· {word} · {word} · {word}" in render(StepScreen(listing, step_of(guide, "tell"), facts, START, look))
    assert word in render(painting.one_line(word))


def test_a_guillemet_stands_beside_its_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """A notice that is the whole screen is broken like one inside a screen: never after « nor before ?."""
    monkeypatch.setenv("COLUMNS", "72")
    out = io.StringIO()
    paint(make_console(out), painting.one_line(f"{'Mot ' * 17}« 12 » : relisez."))
    assert out.getvalue().splitlines()[1].replace("\u00a0", " ") == "« 12 » : relisez."


# ---------------------------------------------------------------------------------------------------- the step's screen


@pytest.mark.parametrize(
    ("step_id", "who"),
    [
        ("open", "LE MÉDECIN, SUR SON TÉLÉPHONE"),
        ("rpps", "VOUS"),
        ("tell", "VOUS"),
    ],
)
@pytest.mark.parametrize("columns", [40, 80, 120])
@LOOKS
def test_who_and_where_in_words(guide: Guide, facts: Facts, step_id: str, who: str, columns: int, look: Look) -> None:
    """A screen says who does the step and on which device, in words."""
    assert who in render(step_screen(guide, facts, step_id, look), columns)


@pytest.mark.parametrize("look", [FANCY, PLAIN], ids=["fancy", "plain"])
def test_the_longest_who_and_where_fits_forty_columns(facts: Facts, look: Look) -> None:
    """On the narrowest screen too, the device is named to its last letter."""
    data = deepcopy(GUIDE)
    data["steps"][0]["device"] = "second-device"
    output = as_text(step_screen(shaped(Guide, data), facts, "open", look), 40)
    assert "LE MÉDECIN, SUR LE DEUXIÈME APPAREIL" in output


@pytest.mark.parametrize(("step_id", "number", "of"), [("open", 1, 6), ("type", 4, 6), ("pin", 6, 7), ("tell", 7, 7)])
@LOOKS
def test_step_n_of_m(guide: Guide, facts: Facts, step_id: str, number: int, of: int, look: Look) -> None:
    """A screen says which guide it is, and which step of how many, but those about which a question decides."""
    screen = step_screen(guide, facts, step_id, look)
    output = render(screen, force_terminal=True, color_system="standard")
    assert "Essai" in output
    assert f"Étape {number} sur {of}" in output


@pytest.mark.parametrize("how", [{"no_color": True}, {"color_system": None}], ids=["no-color", "no-colour-system"])
def test_the_first_step_has_its_number_without_colours(guide: Guide, facts: Facts, how: dict[str, Any]) -> None:
    """A terminal without colours, or on which they are refused, says « Étape 1 » too."""
    assert "Étape 1 sur 6" in render(step_screen(guide, facts, "open"), force_terminal=True, **how)


@pytest.mark.parametrize("step_id", STEPS[1:])
def test_a_later_step_has_its_number_without_colours(guide: Guide, facts: Facts, step_id: str) -> None:
    """The number of a step does not depend on colours."""
    output = render(step_screen(guide, facts, step_id), force_terminal=True, no_color=True)
    assert f"Étape {STEPS.index(step_id) + 1} sur" in output


def test_the_action_and_what_must_be_seen(guide: Guide, facts: Facts) -> None:
    """The action is behind the stroke, what must be seen is under it, the address bare on a line of its own."""
    output = render(step_screen(guide, facts, "open"))
    assert "Étape 1 sur 6 · Préparer" in output.splitlines()[1]
    assert [line for line in output.splitlines() if line.startswith("┃")] == [
        "┃ LE MÉDECIN, SUR SON TÉLÉPHONE",
        "┃ Ouvrir « l’application ».",
    ]
    below = output.split("« l’application »", 1)[1]
    assert "À voir ensuite : L’accueil est affiché." in below
    assert "La page :\nhttps://example.org/une/page/assez/longue\n" in below


def test_the_action_is_the_heaviest_thing_on_the_screen(facts: Facts) -> None:
    """The action alone is bold on the screen of a step: labels of what must be seen, and of why, are quoted instead."""
    tree = deepcopy(GUIDE)
    tree["steps"][0] |= {"expect": "**Accueil** est affiché.", "why": "Sans **Accueil**, rien ne va."}
    guide = shaped(Guide, tree)
    for columns in (80, 120):
        output = render(step_screen(guide, facts, "open"), columns, force_terminal=True, color_system="standard")
        bold = re.findall(r"\x1b\[1(?:;\d+)*m([^\x1b]*)", output)
        assert "".join(bold).strip() == "Ouvrir « l’application »."
        assert output.count("« Accueil »") == 2


@LOOKS
def test_the_deadline_is_a_time_of_day(guide: Guide, facts: Facts, look: Look) -> None:
    """A step that must be done in time says how much is left, and until when on the clock; by keys, each second.

    The plain look says it once, in its place; beside keys it stands before the question, which is painted over.
    """
    screen = step_screen(guide, facts, "type", look)
    clock = countdown(screen.session, lambda: START + timedelta(seconds=30))
    assert clock
    assert clock() == "Il reste 1 min 30 s, jusqu’à 18:32:00."
    assert (clock() in as_text(screen._replace(now=START + timedelta(seconds=30)))) is look.plain
    assert "Il reste" not in render(step_screen(guide, facts, "open", look))
    assert countdown(reach(guide, "open"), lambda: START) is None


def test_the_deadline_runs_from_when_the_step_was_come_to(guide: Guide, facts: Facts) -> None:
    """What is noted, or painted again, moves no deadline; past it, the screen says since when."""
    screen = step_screen(guide, facts, "type", PLAIN)
    noted = Noted(START + timedelta(seconds=50), "type", "le médecin cherche ses lunettes")
    for later, said in ((90, "Il reste 30 s, jusqu’à 18:32:00."), (125, "Délai dépassé depuis 18:32:00 : p.")):
        session = replace(screen.session, events=(*screen.session.events, noted))
        assert said in as_text(screen._replace(session=session, now=START + timedelta(seconds=later)))


@LOOKS
def test_a_code_is_the_doctors_alone(guide: Guide, facts: Facts, look: Look) -> None:
    """Where a code is typed, the screen says that nobody asks for it, and on no other."""
    assert DOCTOR_ALONE in as_text(step_screen(guide, facts, "pin", look))
    assert DOCTOR_ALONE not in as_text(step_screen(guide, facts, "open", look))


@pytest.mark.parametrize("columns", [40, 80])
@LOOKS
def test_what_is_to_be_typed_is_grouped(guide: Guide, facts: Facts, look: Look, columns: int) -> None:
    """A number to type stands grouped on one line; a free text stands as it was given."""
    output = render(step_screen(guide, facts, "type", look), columns)
    assert "À taper : 8 997 0021 8896" in " ".join(output.split())
    assert "8 997 0021 8896" in output
    assert "ameli.fr" in output


def test_a_value_that_was_passed_over_says_so(guide: Guide, facts: Facts) -> None:
    """What was not typed before is to be read elsewhere, and the screen says where."""
    session = apply(reach(guide, "rpps"), Skipped(START, "rpps", "carte oubliée"))
    session = apply(session, Answered(START, "name", "ameli"))
    output = as_text(StepScreen(session, step_of(guide, "type"), facts, START, FANCY))
    assert "Valeur non saisie : à lire sur la carte ou à demander au médecin." in output
    assert "À taper : ameli" in output


@pytest.mark.parametrize(("days", "told"), [(0, False), (1, True)])
@LOOKS
def test_a_guide_past_its_day_says_so_on_every_step(
    guide: Guide, facts: Facts, look: Look, days: int, told: bool
) -> None:
    """From the day after `review_by`, each screen warns that a screen may have changed."""
    for step_id in STEPS:
        screen = step_screen(guide, facts, step_id, look)
        later = START.replace(year=2027, month=5, day=24) + timedelta(days=days)
        output = as_text(screen._replace(now=later))
        assert ("Guide à relire depuis le 24/05/2027 : un écran peut avoir changé." in output) is told


def test_a_critical_step_is_set_apart(guide: Guide, facts: Facts) -> None:
    """A critical step has a red stroke and its reason, not bold; a code has a yellow stroke, another a blue one."""
    critical = render(step_screen(guide, facts, "type"), force_terminal=True, color_system="standard")
    usual = render(step_screen(guide, facts, "open"), force_terminal=True, color_system="standard")
    secret = render(step_screen(guide, facts, "pin"), force_terminal=True, color_system="standard")
    assert "\x1b[31m┃" in critical
    assert re.search(r"┃\S* \S*\x1b\[1mTaper le numéro\.", critical)
    assert re.search(r"┃ \x1b\[0mUn chiffre faux bloque la suite\.", critical)
    assert "\x1b[31m┃" not in usual + secret
    assert "\x1b[36m┃" in usual
    assert "\x1b[33m┃" in secret


@LOOKS
def test_what_is_expected_of_an_answer_is_said(guide: Guide, facts: Facts, look: Look) -> None:
    """A number to be typed here has its form and an example beside it; a free text has none."""
    assert "Attendu : 11 chiffres, ou 12 en commençant par 8" in as_text(step_screen(guide, facts, "rpps", look))
    assert "Attendu" not in as_text(step_screen(guide, facts, "name", look))


@LOOKS
def test_a_list_says_what_is_done_and_by_whom(guide: Guide, facts: Facts, look: Look) -> None:
    """Each line of a list says what was noted when it was ticked, or whom to call, once on a screen.

    By keys the list itself says it, in its place; the plain look has the number and the state in a word.
    """
    screen = ticked(guide, facts, look)
    output = as_text(screen)
    if look.plain:
        assert "1. fait — L’Assurance Maladie · 18:42 · Mme Exemple · AB-42" in output
        assert "2. à faire — L’Ordre" in output
    else:
        assert "L’Assurance Maladie" not in output
        listed = ticking.lines(screen.session, screen.step, facts)
        assert listed == {"am": "L’Assurance Maladie · 18:42 · Mme Exemple · AB-42", "ordre": "L’Ordre"}
        before = ticking.lines(reach(guide, "tell"), screen.step, facts)
        assert before["am"].replace("\u00a0", " ") == "L’Assurance Maladie — Aide : 0 806 800 213"


@pytest.mark.parametrize("columns", [40, 80])
@LOOKS
def test_a_notice_is_on_the_screen(guide: Guide, facts: Facts, look: Look, columns: int) -> None:
    """What was refused or understood stands on the screen, after the step and before the checklist."""
    output = as_text(step_screen(guide, facts, "rpps", look, notice="Il en manque 1."), columns)
    assert output.count("Il en manque 1.") == 1
    assert output.index("Numéro RPPS") < output.index("Il en manque 1.")
    assert look.plain or output.index("Il en manque 1.") < output.index("3. Nom du service")


def test_a_step_without_anything_shows_only_itself(facts: Facts) -> None:
    """A bare step is painted with no line for what it does not have."""
    bare = shaped(Guide, {**GUIDE, "steps": [{"id": "only", "do": "Fermer.", "end": "done"}]})
    output = render(step_screen(bare, facts, "only", PLAIN))
    assert output == "Essai\nÉtape 1 sur 1\nVOUS\nFermer.\n"


# -------------------------------------------------------------------------------------------------------- the two looks

BOXES = "╭╮╰╯│┃┏┓━─╸╺+|"
STATES: list[State] = ["fait", "passé", "en cours", "à faire"]


@pytest.mark.parametrize("scene", [name for name in SCENES if name != "sheet"])  # which has one look for all
def test_the_plain_look_has_no_box_and_no_glyph(full: Guide, many: Facts, scene: str) -> None:
    """For a screen reader: no frame, no bar and no sign that stands for a word."""
    output = render(SCENES[scene](full, many, PLAIN)).replace(ADDRESS, "")
    assert not set(output) & set(BOXES + painting.GLYPHS)


@pytest.mark.parametrize("look", [FANCY, ASCII], ids=["fancy", "ascii"])
def test_a_state_is_one_sign_or_one_word(guide: Guide, facts: Facts, look: Look) -> None:
    """Done, passed over, under way and to come are a sign each, without its word; the plain look has the word."""
    session = apply(reach(guide, "rpps"), Skipped(START, "rpps", "inconnu"))
    lines, plain = (render(checklist.whole(session, each)).splitlines() for each in (look, PLAIN))
    for state, step in zip(
        STATES, ["Ouvrir « l’application ».", "Numéro RPPS", "Nom du service", "Taper"], strict=True
    ):
        line, said = (next(line for line in each if step in line) for each in (lines, plain))
        assert re.fullmatch(rf"{re.escape(look.mark(state))} ?\d\. {step}.*", line)
        assert re.fullmatch(rf"{state} +\d\. {step}.*", said)


def test_a_list_of_steps_says_of_a_question_the_question_alone(facts: Facts) -> None:
    """Beside a tick, what a question says before it would read as done: « ☑ Refusez. Où en est-on ? »."""
    data = deepcopy(GUIDE)
    data["steps"][4]["choose"] = "**Refusez.** Ne tapez rien. Où en est-on ?"
    session = reach(shaped(Guide, data), "pin")
    listed = [render(checklist.whole(session, FANCY)), *map(render, checklist.folded(session, FANCY)[0])]
    assert [text for text in listed if "Refusez" in text] == []
    assert sum("Où en est-on ?" in text for text in listed) >= 1


def test_the_case_stands_on_each_screen(guide: Guide, facts: Facts) -> None:
    """With two doctors waiting, it tells one window from the other."""
    session = replace(reach(guide, "rpps"), label="GLPI 4711")
    assert "dossier GLPI 4711" in render(StepScreen(session, step_of(guide, "rpps"), facts, START, FANCY))


@pytest.mark.parametrize("state", [*STATES, "écart", "partiel", "attention"])
def test_each_state_has_a_sign_of_its_own(state: str) -> None:
    """Signs tell states apart on either stream, take the same room, and are missing from the plain look."""
    assert [look.mark(state) for look in (FANCY, ASCII, PLAIN)].count("") == 1
    assert PLAIN.mark(state) == ""
    assert ASCII.mark(state).isascii()
    for look in (FANCY, ASCII):
        assert len({look.mark(each) for each in [*STATES, "écart", "partiel", "attention"]}) == 7
        assert len({cell_len(look.mark(each)) for each in [*STATES, "écart", "partiel"]}) == 1


@LOOKS
def test_the_checklist_has_every_step_under_its_section(guide: Guide, look: Look) -> None:
    """The whole list holds all steps that may come, in order, under their headings; known ones are numbered."""
    output = as_text(checklist.whole(reach(guide, "type"), look))
    places = [
        output.index(text) for text in ("Préparer", "Ouvrir « l’app", "Numéro RPPS", "Activer", "Taper", "Prévenir")
    ]
    assert places == sorted(places)
    assert "6. Prévenir" in output
    assert "? Tout fermer." in output
    assert output.endswith("? : selon une réponse")


@pytest.mark.parametrize(
    ("look", "said"), [(FANCY, "≈ : écart · ◧ : partiel"), (ASCII, "[~] : écart · [/] : partiel"), (PLAIN, "3. Finir.")]
)
def test_the_whole_list_says_what_its_rarer_signs_mean(look: Look, said: str) -> None:
    """What is neither done nor to come has a sign to be explained, where it stands; in words, nothing is left to."""
    items = [{"id": "a", "text": "A"}, {"id": "b", "text": "B"}]
    deviations = [{"id": "x", "if": "Autre.", "do": "Rien.", "then": "continue"}]
    steps = [
        {"id": "first", "who": "support", "do": "Ouvrir.", "deviations": deviations},
        {"id": "some", "who": "support", "tick": "Préparer", "items": items},
        {"id": "last", "who": "support", "do": "Finir.", "end": "done"},
    ]
    session = Session(shaped(Guide, {**GUIDE, "steps": steps}), START)
    assert " : " not in as_text(checklist.whole(session, look))
    for event in (Deviated(START, "first", "x"), Confirmed(START, "some")):
        session = apply(session, event)
    assert as_text(checklist.whole(session, look)).endswith(said)


# -------------------------------------------------------------------------------------------------- no taller than this


@pytest.mark.parametrize("step_id", STEPS)
@pytest.mark.parametrize(("columns", "height"), [(80, 24), (80, 25), (120, 40), (100, 30)])
@pytest.mark.parametrize("notice", ["", "Un numéro faux.", "Une phrase assez longue pour deux lignes. " * 3])
def test_the_checklist_leaves_room_for_the_question(
    guide: Guide, facts: Facts, step_id: str, columns: int, height: int, notice: str
) -> None:
    """However long the list, the screen and the question under it fit the terminal: its top does not scroll away."""
    screen = step_screen(guide, facts, step_id, notice=notice)
    assert rows(screen, columns, height) + screen.reserve(columns, height) - 1 <= height


@pytest.mark.parametrize("height", range(8, 30))
def test_the_checklist_shows_what_is_nearest(guide: Guide, facts: Facts, height: int) -> None:
    """Where there is no room for all, the rows around the current step stand there, in order."""
    rows = ["☑ Préparer", "Activer", "  ▶ 4. Taper le numéro.", "  ☐ 5. Cela marche-t-il ?", "☐ Prévenir"]
    output = render(step_screen(guide, facts, "type"), 80, height).splitlines()
    listed = [line.rstrip() for line in output if line.rstrip() in rows]
    assert listed == [row for row in rows if row in listed]
    assert not listed or rows[2] in listed
    assert height < 20 or listed == rows


def test_the_checklist_is_folded_by_section(guide: Guide, facts: Facts) -> None:
    """Sections done and to come are one row each, the current one is opened; steps still open are left out.

    The whole of a folded section is told: one step that was passed over shows on its row.
    """
    rows, position = checklist.folded(reach(guide, "type"), FANCY)
    said = [render(row).rstrip() for row in rows]
    assert said == ["☑ Préparer", "Activer", "  ▶ 4. Taper le numéro.", "  ☐ 5. Cela marche-t-il ?", "☐ Prévenir"]
    assert position == 2
    session = apply(reach(guide, "rpps"), Skipped(START, "rpps", "inconnu"))
    session = apply(session, Answered(START, "name", "ameli"))
    assert render(checklist.folded(session, FANCY)[0][0]).rstrip() == "☒ Préparer"


@pytest.mark.parametrize("state", [state for state in get_args(State) if state not in ("fait", "en cours", "à faire")])
def test_what_was_not_simply_done_is_not_dim_in_the_checklist(state: State) -> None:
    """A step passed over, deviated from or left partly done is found at a glance: its sign is yellow, not dim."""
    (sign, *_) = make_console(io.StringIO()).render(checklist.Row(state, "1. Ouvrir", FANCY))
    assert sign.style is not None
    assert sign.style.color is not None
    assert sign.style.color.name == "yellow"
    assert not sign.style.dim


def test_the_checklist_stands_beside_from_a_hundred_columns(guide: Guide, facts: Facts) -> None:
    """From 100 columns on, the checklist is a column at the right of the step; below, it stands under it."""
    for columns, beside in ((99, False), (100, True)):
        lines = render(step_screen(guide, facts, "type"), columns).splitlines()
        (first,) = [line for line in lines if "Préparer" in line]
        assert first.startswith("☑") is not beside
        assert (lines.index(first) == 0) is beside


def test_a_list_has_the_screen_to_itself(guide: Guide, facts: Facts) -> None:
    """Above answers that are listed under the question stands no checklist; beside lines to tick, none either."""
    screen = step_screen(guide, facts, "seen")
    assert "Prévenir" not in render(screen)
    assert "Prévenir" in render(screen._replace(options=()))
    ticking_one = step_screen(guide, facts, "tell")._replace(options=("L’Ordre",))
    assert "Activer" not in render(ticking_one, 120, 40)


@EACH_GUIDE
def test_every_shipped_step_fits_a_small_terminal(guide: Guide) -> None:
    """On 80 × 24, each step of each guide is all on the screen, with room for its question and its options."""
    for step, session in SCREENS[guide.id]:
        options = step.options.values()
        screen = StepScreen(session, step, FACTS, START, FANCY, "", Question("Réponse", ("p : autre cas",)), options)
        assert rows(screen, 80, 24) + screen.reserve(80, 24) - 1 <= 24, step.id


@pytest.mark.parametrize("size", [(40, 20), (80, 12)], ids=str)
@EACH_GUIDE
def test_in_a_low_window_the_action_and_its_keys_stay(guide: Guide, size: tuple[int, int]) -> None:
    """However low the window, the whole of the action is on the screen, and so are the question and its options."""
    stage = Stage(guide, FACTS, Clock(), FANCY)
    shown: list[ConsoleRenderable] = []
    stage.walk.environment = replace(stage.walk.environment, show=shown.append)
    for step, session in {step.id: (step, session) for step, session in reversed(SCREENS[guide.id])}.values():
        stage.walk.session = session
        stage.walk._paint(step)
        screen = shown.pop()
        assert isinstance(screen, StepScreen)
        assert rows(screen, *size) + screen.reserve(*size) - 1 <= size[1], step.id
        assert bare(strip_markup(step.text)) in bare(render(screen, *size)), step.id


def bare(text: str) -> str:
    """Return the letters of a text, whatever stands between them."""
    return "".join(filter(str.isalnum, text))


@EACH_GUIDE
def test_every_shipped_option_is_one_line(guide: Guide) -> None:
    """An option of a question takes one line of 80 columns, as the room left for it supposes."""
    for text in (text for step in guide.steps for text in step.options.values()):
        assert cell_len(text) <= 72, text


# ------------------------------------------------------------------------------------------------------ ways in and out


def test_the_opening_says_whom_it_is_for(full: Guide, many: Facts) -> None:
    """The first screen names the guide, whom it fits, what to prepare, and what helps beside it."""
    output = render(views.opening(full, many, FANCY))
    assert output.startswith("Essai\n")
    assert "Ce guide convient si :\n  • Le médecin est là.\n" in output
    assert "À préparer :\n  • Un téléphone.\n" in output
    assert f"La page :\n{ADDRESS}\n" in output


def test_an_opening_with_nothing_to_say_has_only_its_title(many: Facts) -> None:
    """A guide that names nobody and needs nothing has no empty headings."""
    bare = shaped(Guide, {**GUIDE, "fits": [], "needs": [], "links": []})
    assert render(views.opening(bare, many, FANCY)).strip() == "Essai"


def test_guides_to_choose_between_say_what_they_need(guide: Guide) -> None:
    """Each guide of the choice stands with what it needs."""
    assert as_text(views.guides_and_needs([guide, guide])) == "Essai • Un téléphone. Essai • Un téléphone."


@pytest.mark.parametrize(
    ("step_id", "number", "texts"),
    [
        ("open", 0, ["L’ancien écran.", "Continuer.", "Ensuite : passer à l’étape suivante."]),
        ("open", 1, ["Écran noir.", "Rallumer.", "Aide : 0 806 800 213 (gratuit)", "recommencer cette étape (2 fois"]),
        ("open", 2, ["Téléphone volé.", "Arrêter.", "le guide s’arrête. C’est arrêté."]),
        ("type", 0, ["Refusé.", "Reprendre.", "reprendre à l’étape « Numéro RPPS »"]),
    ],
)
def test_a_remedy_says_where_it_leads(full: Guide, many: Facts, step_id: str, number: int, texts: list[str]) -> None:
    """A remedy stands under what was seen, with whom to call and where it leads, in this order."""
    output = as_text(views.remedy(full, step_of(full, step_id).deviations[number], many, FANCY, ""))
    places = [output.index(text) for text in texts]
    assert places == sorted(places)


def test_the_help_line_is_the_steps_help_then_whom_to_call(guide: Guide, facts: Facts) -> None:
    """Help begins with the step's own, then names whom to call and what to say; a guide that names nobody only helps.

    What to say: the guide, the step, and the remedies that were tried there.
    """
    session = reach(guide, "open")
    output = as_text(views.help_line(session, step_of(guide, "open"), facts, FANCY))
    called = "L’icône porte le nom « e-CPS ». Rien ne correspond ? L’aide : Aide : 0 806 800 213"
    assert output == f"{called} Dites : « Essai », à l’étape « Ouvrir l’application »."
    tried = apply(session, Deviated(START, "open", "black"))
    output = as_text(views.help_line(tried, step_of(guide, "open"), facts, FANCY))
    assert output.endswith("à l’étape « Ouvrir l’application ». Déjà essayé le remède pour : Écran noir.")
    alone = Session(replace(guide, contacts=()), START)
    assert as_text(views.help_line(alone, step_of(guide, "open"), facts, FANCY)) == "L’icône porte le nom « e-CPS »."
    assert as_text(views.help_line(alone, step_of(guide, "name"), facts, FANCY)) == ""


def test_what_should_have_been_seen_is_said_again(guide: Guide, facts: Facts) -> None:
    """Before one says what is seen instead, the action and what was expected stand there once more."""
    assert (
        as_text(views.deviating(step_of(guide, "open"), facts, FANCY))
        == "Ouvrir « l’application ». À voir : L’accueil est affiché."
    )
    assert as_text(views.deviating(step_of(guide, "rpps"), facts, FANCY)) == "Numéro RPPS"


def test_a_step_that_comes_again_says_so(guide: Guide, facts: Facts) -> None:
    """After a remedy that has the step done again, its text says « Recommencez »; what comes after it does not."""
    session = apply(reach(guide, "open"), Deviated(START, "open", "black"))
    again = StepScreen(session, step_of(guide, "open"), facts, START, FANCY)
    assert "Recommencez : ouvrir « l’application »." in as_text(again)
    later = apply(session, Confirmed(START, "open"))
    assert "Recommencez" not in as_text(StepScreen(later, step_of(guide, "rpps"), facts, START, FANCY))


def test_keys_stand_before_what_they_do() -> None:
    """Each key is on a line, its meaning beside it and going on under itself."""
    assert render(views.key_help([("q", "mettre en pause le guide entier")]), 30).splitlines() == [
        "q       mettre en pause le ",
        "        guide entier",
    ]


# -------------------------------------------------------------------------------------------------------------- the end


@LOOKS
def test_the_end_says_the_result_and_what_comes_next(full: Guide, many: Facts, look: Look) -> None:
    """The last screen begins with the outcome, what to do next, whom to call and where; then the ticket."""
    output = as_text(the_end(full, many, look))
    for text in ("RÉUSSI — C’est « activé ».", "Ensuite : • Se connecter.", "Aide : 0 806 800 213 (gratuit)", ADDRESS):
        assert text in output
    assert output.startswith("RÉUSSI")
    assert output.index("Aide : 0 806") < output.index("Pour le ticket :")
    failed = as_text(the_end(full, many, look, seen="no"))
    assert "PAS ABOUTI — C’est arrêté." in failed
    assert "RÉUSSI" not in failed
    assert "Ensuite :" not in failed


def test_a_step_passed_over_says_so_at_the_end(guide: Guide, facts: Facts) -> None:
    """The last screen does not call a success whole in which something was passed over."""
    session = apply(reach(guide, "rpps"), Skipped(START, "rpps", "inconnu"))
    end = End("done", guide.outcomes["done"])
    passed = as_text(views.ending(session, end, facts, PLAIN, ""))
    assert re.match(r"RÉUSSI.*1 ÉTAPE PASSÉE", passed)
    assert "PASSÉE" not in as_text(views.ending(reach(guide, ""), end, facts, PLAIN, ""))


@LOOKS
def test_the_end_keeps_what_is_to_be_kept(guide: Guide, facts: Facts, look: Look) -> None:
    """The last screen masks the number, tells what is kept in full, and never an answer that is not to be kept."""
    output = as_text(the_end(guide, facts, look))
    assert "Numéro RPPS : 8 *** **** 8896" in output
    assert "8 997 0021 8896" not in output
    assert "99700218896" not in output
    assert "Nom du service : ameli.fr" in output
    data = deepcopy(GUIDE)
    del data["steps"][2]["keep"]
    assert "ameli.fr" not in as_text(the_end(shaped(Guide, data), facts, look))


# ----------------------------------------------------------------------------------------------------- guides and facts


def test_a_guide_in_the_list(guide: Guide) -> None:
    """A guide stands by its id, title, version and the day until which it holds; a long id pushes nothing out."""
    assert as_text(pages.guide_list([guide])) == "demo Essai version 1, à relire avant le 24/05/2027"
    long = replace(guide, id="une-procedure-au-nom-fort-long")
    assert "une-procedure-au-nom-fort-long" in render(pages.guide_list([long]), 40)


def test_a_long_id_stands_apart_from_the_title(guide: Guide) -> None:
    """However long its id, a guide's title begins after a space."""
    long = replace(guide, id="une-procedure-au-nom-fort-long")
    assert "une-procedure-au-nom-fort-long Essai" in as_text(pages.guide_list([long]))


SHEET = [
    "Essai",
    "Version 1, vérifiée le 24/11/2026, à relire avant le 24/05/2027.",
    "Aide : 0 806 800 213",
    "Cette fiche convient si : • Le médecin est là.",
    "Dans un autre cas : • C’est une fraude. Suivre le guide « fraud ». • Pas de téléphone. Revenir demain.",
    "PRÉPARER",
    "1. Médecin · téléphone Ouvrir l’application.",
    "À voir : L’accueil est affiché.",
    "Si : Écran noir. → Rallumer. Aide : 0 806 800 213 ; La page → recommencer (2 fois au plus)",
    "2. Support Numéro RPPS",
    "ACTIVER",
    "4. À ne pas manquer · Médecin · téléphone Taper le numéro. Un chiffre faux bloque la suite. Délai : 1 min 30 s.",
    "À taper ou à comparer : les réponses des étapes 2 et 3.",
    "5. Support Cela marche-t-il ? ☐ Oui → étape 7 ☐ Non → étape 6 ☐ Je ne sais pas → étape 7",
    "6. Médecin · ordinateur — si « Non » (étape 5) Tout fermer. → fin B",
    "7. Médecin · téléphone — sauf si « Non » (étape 5) Choisir le code. " + DOCTOR_ALONE,
    "☐ L’Assurance Maladie — Aide : 0 806 800 213 · heure : …… · personne : …… · référence : ……",
    "COMMENT CELA FINIT A · réussi — C’est activé. Aide : 0 806 800 213 ; La page • Se connecter.",
    "B · pas abouti — C’est arrêté.",
    "NUMÉROS ET ADRESSES Aide : 0 806 800 213 (gratuit)",
    "À SAVOIR, ÉTAPE PAR ÉTAPE 1 L’icône porte le nom e-CPS.",
    "SOURCES • Fiche de 2026",
]


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_a_whole_guide_reads_from_top_to_bottom(full: Guide, many: Facts, columns: int) -> None:
    """The sheet has everything of a guide, in the order in which one reads it."""
    output = as_text(document_view(sheet(full, many, {})), columns)
    places = [output.index(text) for text in SHEET]
    assert places == sorted(places)


def test_the_sheet_says_whom_to_call_at_an_end(full: Guide, many: Facts) -> None:
    """An outcome stands in the sheet with its numbers and addresses, as at the end of a walk."""
    output = as_text(document_view(sheet(replace(full, contacts=()), many, {})))
    ends = output[output.index("COMMENT CELA FINIT") :]
    assert "Aide : 0 806 800 213" in ends
    assert ADDRESS in ends


def test_a_sheet_without_help_line_has_no_heading_for_it(full: Guide, many: Facts) -> None:
    """A guide that names nobody to call has no such heading."""
    output = as_text(document_view(sheet(replace(full, contacts=()), many, {})))
    assert output[: output.index("PRÉPARER")].count("Aide :") == 0


def test_every_block_of_a_document_is_on_the_screen() -> None:
    """Names, tables, boxes, blanks and pictures, which no sheet has, are painted too: by their words, and in order."""
    output = as_text(document_view(EVERY_BLOCK._replace(notice="EXERCICE")))
    assert output.startswith("EXERCICE Essai Réussi. un-paragraphe Début : une-paire un-blanc : ……")
    assert "Heure : 08:00 Qui : une-case Heure : 09:00 Qui : Support ☑ une-puce ☐ à faire" in output
    assert re.findall(r"\bune?-\w+", output) == WORDS


def test_facts_say_where_they_come_from(many: Facts) -> None:
    """Each fact has its id, value, source and day; a former one says so, and what replaced it; no definitions."""
    output = render(pages.fact_list(many, None))
    assert "NUMÉROS\n\nAide  aide\n  0 806 800 213 (gratuit)\n  La fiche\n" in output
    assert f"La page  page\n  {ADDRESS}\n  La fiche, vu le 20/09/2026\n" in output
    bare = "\n".join(map(str.rstrip, output.split("\n")))
    assert f"L’ancienne page (ancien)  old-page\n  https://old.example.org\n  remplacé par :\n  {ADDRESS}\n" in bare
    assert "LIBELLÉS\n\nLe bouton  button\n  Activer\n  Vu « ici ».\n  La fiche\n" in output
    assert "SOURCES\n\nLa fiche  fiche\n  Fiche de 2026\n" in output
    assert "dématérialisée" not in output


def test_a_note_goes_on_under_itself(many: Facts) -> None:
    """A note of several lines is indented like the fact that it belongs to."""
    fact = Fact(kind="phone", name="Aide", value=PHONE, note="Une note assez longue pour deux lignes. " * 3)
    note = render(pages.fact_list({"aide": fact}, None)).split(PHONE)[1].split("\n\n")[0]
    assert [line for line in note.splitlines() if line and not line.startswith("  ")] == []


def test_definitions_with_their_sources(many: Facts) -> None:
    """A definition has its word, its text, its source and its note; facts that are none are elsewhere."""
    output = as_text(pages.glossary(many))
    assert output == "e-CPS Une « carte » dématérialisée. (La fiche) CPS Une carte. En plastique."


@pytest.mark.parametrize("label", ["☐ ", "  ☑ ", "▶ "])
def test_a_label_takes_the_room_in_which_its_stream_writes_it(label: str) -> None:
    """Where « ☐ » is written « [ ] », the text behind it is broken the sooner, and goes on under itself."""
    shown = render(painting.Hanging(painting.Text(label), painting.Text("mot " * 40)), 40, encoding="cp1252").split(
        "\n"
    )
    written = transliterate(label, "cp1252")
    assert shown[0].startswith(f"{written}mot")
    assert shown[1].startswith(" " * len(written) + "mot")
    assert max(map(len, shown)) <= 40


@pytest.mark.parametrize("columns", WIDTHS)
def test_no_text_of_a_step_is_broken_into_lines_twice(guide: Guide, facts: Facts, columns: int) -> None:
    """A step that fits is laid out once, to see that it fits and to be painted: each key press waits for that."""
    laid: list[str] = []
    broken = painting.Text.wrap

    def wrap(text: painting.Text, *how: Any, **options: Any) -> Any:
        laid.append(text.plain)
        return broken(text, *how, **options)

    with mock.patch.object(painting.Text, "wrap", wrap):
        render(step_screen(guide, facts, "open"), columns)
    texts = [each for each in laid if each]
    assert len(texts) > 5
    assert len(texts) == len({*texts})
