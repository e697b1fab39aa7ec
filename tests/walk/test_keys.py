"""The keys beside the walk: what a step names, opened, shown as a code, copied; the help. None records anything."""

from __future__ import annotations

import re
import sys
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ecps_cli.cli import desktop
from ecps_cli.cli.desktop import open_link
from ecps_cli.core.events import Answered, Confirmed, Noted, Paused, Resumed
from ecps_cli.core.guide import Facts, Guide, Step
from ecps_cli.core.moves import apply
from ecps_cli.core.session import Session
from ecps_cli.french.words import named_by, pasted
from ecps_cli.screen import painting, views
from ecps_cli.screen.codes import NO_SCREEN
from ecps_cli.screen.painting import Look
from ecps_cli.screen.step_screen import StepScreen
from ecps_cli.walk.by_keys import KeyPrompter
from ecps_cli.walk.by_lines import FilePrompter
from ecps_cli.walk.environment import Desktop
from ecps_cli.walk.legend import KEYS, deliberate, enter_of, keys_of, question
from ecps_cli.walk.prompter import DONE
from ecps_cli.walk.ticking import lines
from support.sample import GUIDE, START, Clock
from support.screens import render
from support.shapes import shaped
from support.shipped import LIBRARY
from support.stage import Stage, kinds, typed

if sys.platform != "win32":
    from support.real_terminal import RealTerminal

posix = pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is POSIX")
PAGE = "https://example.org/une/page/assez/longue"
LINKED = "https://example.org/dans-le-texte"


@pytest.fixture
def full(guide: Guide) -> Guide:
    """Return the small guide with links in its texts, and the number of the help line at its first step."""
    data: dict[str, Any] = deepcopy(GUIDE)
    data["steps"][0] |= {"expect": f"[La page]({PAGE}) ou [l’autre]({LINKED}).", "contacts": ["aide"]}
    return shaped(Guide, data)


def step(guide: Guide, step_id: str) -> Step:
    found = guide.step(step_id)
    assert found
    return found


# ------------------------------------------------------------------------------------------------ what a step names


def test_a_step_names_each_thing_once(full: Guide, facts: Facts) -> None:
    """Links, contacts and the links in its texts are named once each, those with a fact by the fact's name."""
    named = named_by(Session(full, START), step(full, "open"), facts)
    assert [(fact.name, fact.value) for fact in named.links] == [("La page", PAGE), ("l’autre", LINKED)]
    assert [fact.value for fact in named.phones] == ["0 806 800 213"]
    assert named.values == ()


def test_a_list_names_what_its_lines_name(full: Guide, facts: Facts) -> None:
    """The contact and the link of each line of a `tick` step belong to the step."""
    named = named_by(Session(full, START), step(full, "tell"), facts)
    assert ([fact.value for fact in named.links], [fact.value for fact in named.phones]) == ([PAGE], ["0 806 800 213"])


@pytest.mark.parametrize(
    ("text", "name", "line"),
    [
        ("Le CDOM, Ordre départemental", "CNOM (conseil national)", " — CNOM (conseil national) : 3608"),
        ("Le CDOM, Ordre départemental", "CNOM, Ordre national", " — CNOM, Ordre national : 3608"),
        ("Appeler l’ANS", "ANS, assistance e-CPS", " : 3608"),
        ("L’**assurance maladie** (CPAM)", "Assurance Maladie", " : 3608"),
        ("Avec patience, transmettre", "ANS, assistance e-CPS", " — ANS, assistance e-CPS : 3608"),
    ],
)
def test_a_number_behind_a_line_says_whose_it_is(text: str, name: str, line: str, full: Guide, facts: Facts) -> None:
    """A line of a list never lends its words to the number of somebody else: where it does not name them, it does."""
    tell = step(full, "tell")
    called = replace(tell, items=(replace(tell.items[0], text=text),))
    known = {**facts, "aide": replace(facts["aide"], name=name, value="3608")}
    (said,) = lines(Session(full, START), called, known).values()
    assert said.endswith(line)
    assert ("—" in said) is ("—" in line)


def test_an_answer_is_named_where_it_was_just_given_and_where_it_is_shown(full: Guide, facts: Facts) -> None:
    """The RPPS can be copied right after it was asked and where it is to be typed; elsewhere it is not named."""
    session = apply(Session(full, START), Confirmed(START, "open"))
    assert named_by(session, step(full, "rpps"), facts).values == ()
    session = apply(session, Answered(START, "rpps", "899700218896"))
    rpps = ("Numéro RPPS", "899700218896")
    assert named_by(session, step(full, "name"), facts).values == (rpps,)
    session = apply(session, Answered(START, "name", "ameli"))
    assert named_by(session, step(full, "type"), facts).values == (rpps, ("Nom du service", "ameli"))
    session = apply(session, Confirmed(START, "type"))
    assert named_by(session, step(full, "seen"), facts).values == ()


def test_an_answer_that_is_typed_nowhere_is_not_offered_to_be_copied(full: Guide, facts: Facts) -> None:
    """Of a date that the guide has nobody type, `c` has nothing at the next step, nor does its legend name it."""
    guide = replace(full, steps=tuple(replace(each, show=()) for each in full.steps))
    session = apply(Session(guide, START), Confirmed(START, "open"))
    session = apply(session, Answered(START, "rpps", "899700218896"))
    assert named_by(session, step(guide, "name"), facts).values == ()
    assert "c : copier" not in question(session, step(guide, "name"), facts, phone=False).keys


def test_an_answer_that_a_resume_lost_is_no_longer_there_to_copy(full: Guide, facts: Facts) -> None:
    """Where the record kept a mask alone, nothing of the number can be copied: neither it, nor its leading 8."""
    session = apply(Session(full, START), Confirmed(START, "open"))
    session = apply(session, Answered(START, "rpps", "899700218896"))
    session = apply(session, Resumed(START, "name"))
    assert named_by(session, step(full, "name"), facts).values == ()


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        ("8 997 0021 8896", "899700218896"),
        ("0 806 800 213", "0806800213"),
        ("+33 1 53 89 32 00", "+33153893200"),
        ("24/11/2026", "24/11/2026"),
        ("service 12", "service 12"),
        (PAGE, PAGE),
    ],
)
def test_a_number_is_pasted_without_its_spaces(shown: str, text: str) -> None:
    """What is copied of a number is its digits alone; another text is copied as it is read."""
    assert pasted(shown) == text


@pytest.mark.parametrize("guide_id", LIBRARY.ids())
def test_everything_that_a_shipped_step_shows_can_be_taken_from_it(guide_id: str) -> None:
    """At each step of the shipped guides, every address and number on its screen is one that the keys know."""
    found = LIBRARY.find(guide_id)
    for each in found.guide.steps:
        named = named_by(Session(found.guide, START), each, found.facts)
        screen = render(StepScreen(Session(found.guide, START), each, found.facts, START, Look(plain=True)), 300)
        assert {*re.findall(r"https://\S+", screen)} <= {fact.value for fact in named.links}
        assert {*re.findall(r"\b0 \d{3} \d{3} \d{3}\b|\b3608\b", screen)} <= {fact.value for fact in named.phones}


# ------------------------------------------------------------------------------------------------ nothing is recorded


def test_the_keys_are_those_of_the_design_in_its_order() -> None:
    """The keys of a step, in the order in which the help lists them."""
    assert "".join(KEYS) == "prsnlokce?q"


def test_the_keys_beside_the_walk_record_nothing_whoever_asks(full: Guide, facts: Facts) -> None:
    """`l`, `o`, `k`, `c` and `?` leave no event, by lines, by keys and from a file, whose events are the same."""
    lines = ["l", "", "o", "2", "k", "r", "k", "1", "", "c", "3", "c", "r", "?", "", "", "q", ""]
    keys = "l\ro2\rkrk1\r\rc3\rcr?\r\rq\r\r"
    answers: dict[str, tuple[str, ...]] = {"open": (*lines[:-2],), "rpps": ("q", "")}
    by_lines, by_keys, by_file = (Stage(full, facts, Clock()) for _ in range(3))
    by_lines.run(*lines)
    with typed(keys):
        by_keys.run_with(KeyPrompter())
    by_file.run_with(FilePrompter(by_file.say, answers))
    for stage in (by_lines, by_keys, by_file):
        assert kinds(stage.walk.session) == [Confirmed, Paused]
        assert stage.opened == [LINKED]
        assert stage.copied == ["0806800213"]


# ------------------------------------------------------------------------------------------------------- o, k and c


@pytest.fixture
def stage(full: Guide, facts: Facts) -> Stage:
    return Stage(full, facts, Clock())


def test_o_shows_the_address_before_it_opens_it(stage: Stage) -> None:
    """The address is on the screen before the browser is asked; among several links the person chooses."""
    seen: list[bool] = []

    def opening(address: str) -> bool:
        seen.append(stage.output.endswith(f"l’autre : {address}"))
        return True

    stage.walk.environment = replace(stage.walk.environment, desktop=Desktop(opening))
    stage.run("o", "2")
    assert seen == [True]
    assert f"Ouvert dans le navigateur : {LINKED}" in stage.output


def test_o_without_a_browser_offers_the_code_and_the_copy(stage: Stage) -> None:
    """Where nothing opens, the address is said, with the keys that bring it elsewhere."""
    stage.browser = False
    stage.run("o", "1")
    assert f"Pas de navigateur ici. « k » montre le QR code, « c » copie l’adresse : {PAGE}" in stage.output


def test_o_left_with_r_opens_nothing(stage: Stage) -> None:
    """Coming back from the choice of a link opens none."""
    stage.run("o", "r")
    assert stage.opened == []


def test_k_by_lines_gives_the_address_without_a_code(stage: Stage) -> None:
    """A screen reader is given a sentence and the bare address: no character of a code is read aloud."""
    stage.run("k", "2", "")
    assert f"{NO_SCREEN} l’autre : {LINKED}" in stage.output
    assert not set("▀▄█") & set(stage.output)


def test_c_copies_what_is_chosen_and_says_it(stage: Stage) -> None:
    """What was copied is named, with how; a number without its spaces, the RPPS as its 12 digits."""
    stage.run("c", "3", "", "99700218896", "c")
    assert stage.copied == ["0806800213", "899700218896"]
    assert "Copié par l’essai. Aide : 0806800213" in stage.output
    assert "Copié par l’essai. Numéro RPPS : 899700218896" in stage.output


def test_a_step_that_names_nothing_says_so(stage: Stage) -> None:
    """Where there is nothing to open, show or copy, a sentence says it and the step goes on."""
    stage.run("", "o", "k", "c")
    for sentence in (
        "Cette étape n’a pas de lien.",
        "Cette étape n’a ni lien ni numéro à montrer en QR code.",
        "Cette étape n’a rien à copier : ni lien, ni numéro.",
    ):
        assert sentence in stage.output
    assert (stage.opened, stage.copied) == ([], [])


def test_without_a_clipboard_the_walk_says_so(full: Guide, facts: Facts) -> None:
    """A walk that was given no clipboard says that nothing was copied, and shows the text all the same."""
    stage = Stage(full, facts, Clock())
    stage.walk.environment = replace(stage.walk.environment, desktop=Desktop())
    stage.run("", "99700218896", "c")
    assert "rien n’a été copié. Numéro RPPS : 899700218896" in stage.output


# ------------------------------------------------------------------------------------------------------ the browser


NOTING = """
if [ -t 0 ] || [ -t 1 ] || [ -t 2 ] || (: < /dev/tty) 2>/dev/null; then tty=yes; else tty=no; fi
echo "$tty $BROWSER $*" > "$0.log"
"""
"""What an opener notes: whether it could reach a terminal, the browsers it may try, its arguments."""


class Machine:
    """A machine with a screen, whose opener notes what it is given and whether it holds a terminal."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.monkeypatch = monkeypatch
        for name in ("SSH_CONNECTION", "SSH_TTY", "WAYLAND_DISPLAY", "BROWSER"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("DISPLAY", ":9")
        monkeypatch.setenv("PATH", f"{folder}")
        monkeypatch.setattr(sys, "platform", "linux")

    def lay(self, name: str = "xdg-open", then: str = "exit 0") -> None:
        """Put an opener on the path."""
        path = self.folder / name
        path.write_text(f"#!/bin/sh\n{NOTING}\n{then}\n")
        path.chmod(0o755)

    def log(self, name: str = "xdg-open") -> str:
        return (self.folder / f"{name}.log").read_text().strip()


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


@posix
def test_the_opener_of_the_system_gets_the_address_alone(machine: Machine) -> None:
    """`xdg-open` gets the address as its one argument, no terminal, and a list of browsers without text browsers."""
    machine.lay()
    assert open_link(f"{PAGE}?a=1&b=$(id);id")
    assert machine.log() == f"no {desktop.GRAPHICAL} {PAGE}?a=1&b=$(id);id"


@posix
def test_the_browser_that_the_person_set_is_kept(machine: Machine) -> None:
    """A BROWSER that is set stays as it is."""
    machine.monkeypatch.setenv("BROWSER", "mine")
    machine.lay()
    assert open_link(PAGE)
    assert machine.log() == f"no mine {PAGE}"


@posix
def test_on_a_mac_open_is_used_and_no_display_is_needed(machine: Machine) -> None:
    """On macOS the opener is `open`; there is always a screen."""
    machine.monkeypatch.setattr(sys, "platform", "darwin")
    machine.monkeypatch.delenv("DISPLAY")
    machine.lay("open")
    assert open_link(PAGE)
    assert machine.log("open").endswith(PAGE)


@posix
def test_an_opener_that_fails_opened_nothing(machine: Machine) -> None:
    """An opener that fails, is no program or is not there has opened nothing."""
    assert not open_link(PAGE)
    machine.lay(then="exit 3")
    assert not open_link(PAGE)
    (machine.folder / "xdg-open").write_bytes(b"\x00nothing that runs")
    assert not open_link(PAGE)


@posix
def test_an_opener_that_is_the_browser_itself_is_left_running(machine: Machine) -> None:
    """An opener that does not come back has opened something; the walk does not wait for it."""
    machine.monkeypatch.setattr(desktop, "OPENER_PATIENCE", 0.2)
    machine.lay(then="exec /bin/sleep 60")
    assert open_link(PAGE)
    left = desktop._running.pop()
    assert left.poll() is None
    left.kill()
    left.wait()


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org",
        "tel:3608",
        "file:///etc/passwd",
        "-x",
        "https://example.org/ --version",
        "https://a\x1b[2J",
        "",
    ],
)
def test_only_https_is_opened(machine: Machine, address: str) -> None:
    """Whatever is no clean https address is handed to nobody."""
    machine.lay()
    assert not open_link(address)
    assert not (machine.folder / "xdg-open.log").exists()


@pytest.mark.parametrize("variable", ["SSH_CONNECTION", "SSH_TTY"])
@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_over_ssh_nothing_is_opened(machine: Machine, variable: str, platform: str) -> None:
    """Over SSH the browser of the far machine is not opened, on any system."""
    machine.monkeypatch.setattr(sys, "platform", platform)
    machine.monkeypatch.setenv(variable, "there")
    machine.lay()
    machine.lay("open")
    assert not open_link(PAGE)
    assert not list(machine.folder.glob("*.log"))


@posix
def test_without_a_display_nothing_is_opened(machine: Machine) -> None:
    """Without DISPLAY nor WAYLAND_DISPLAY there is no screen for a browser; with the latter alone there is one."""
    machine.monkeypatch.delenv("DISPLAY")
    machine.lay()
    assert not open_link(PAGE)
    machine.monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert open_link(PAGE)


def test_on_windows_the_system_opens_it(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows the system's own association opens the address; without one, nothing was opened."""
    import os

    opened: list[str] = []

    def start(address: str) -> None:
        if opened:
            raise OSError("no association")
        opened.append(address)

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(os, "startfile", start, raising=False)
    assert [open_link(PAGE), open_link(PAGE)] == [True, False]
    assert opened == [PAGE]


@pytest.mark.terminal
@posix
@pytest.mark.parametrize("ssh", [False, True])
def test_o_on_a_real_terminal(tmp_path: Path, ssh: bool) -> None:
    """At the first question `o` opens the annuaire, shown first, out of reach of the terminal; over SSH it is shown."""
    if sys.platform == "darwin":
        pytest.skip("xdg-open is not the opener there")
    opener = tmp_path / "xdg-open"
    opener.write_text(f"#!/bin/sh\n{NOTING}")
    opener.chmod(0o755)
    environ = {
        "ECPS_DATA": str(tmp_path),
        "PATH": str(tmp_path),
        "DISPLAY": ":9",
        "SSH_CONNECTION": "",
        "BROWSER": "w3m",
    }
    with RealTerminal("activate", "--mobile", environ={**environ, "SSH_TTY": "/dev/pts/9" if ssh else ""}) as terminal:
        terminal.wait("Numéro RPPS du médecin")
        said = (
            "Pas de navigateur ici. « k » montre le QR code" if ssh else "Ouvert dans le navigateur : https://annuaire"
        )
        terminal.press("o", "Enter", then=said)
        log = tmp_path / "xdg-open.log"
        assert not log.exists() if ssh else log.read_text() == "no w3m https://annuaire.sante.fr\n"
        raw = terminal.raw.decode()
        assert raw.index("https://annuaire.sante.fr") < raw.index(said[:20])


# ---------------------------------------------------------------------------------------------------------- the help

ENTERED = {"ask": "valider la réponse", "choose": "choisir la réponse désignée", "tick": "valider la liste"}


def test_the_help_says_what_enter_does_at_this_step() -> None:
    """Enter confirms only a step that it may confirm; at a question it answers, and nothing was seen by that."""
    for guide_id in LIBRARY.ids():
        for each in LIBRARY.find(guide_id).guide.steps:
            confirms = "vu, continuer" if each.expect else "fait, continuer"
            if deliberate(each):
                assert enter_of(each) == {}
                assert keys_of(each, phone=False)[DONE] == confirms
            else:
                assert enter_of(each)["Entrée"] == ENTERED.get(each.action, confirms)


HELP_KEYS = [("Entrée", "vu, continuer"), *KEYS.items()]


@pytest.mark.parametrize("guide_id", LIBRARY.ids())
@pytest.mark.parametrize("plain", [False, True])
def test_the_help_says_what_a_step_wants_and_every_key(guide_id: str, plain: bool) -> None:
    """`?` says who, where and what, what must be seen or typed, each deviation, the step's help and every key."""
    found = LIBRARY.find(guide_id)
    for each in found.guide.steps:
        screen = render(views.help_screen(HELP_KEYS, found.guide, each, found.facts, Look(plain=plain)), 80)
        said = " ".join(screen.split())
        assert views.who_and_where(each).upper() in said
        for text in (each.text, each.expect, each.help, *(deviation.if_ for deviation in each.deviations)):
            for word in painting.rich_text(text or "").plain.split():
                assert word in said
        for key, meaning in HELP_KEYS:
            assert re.search(rf"(^|\s){re.escape(key)}\s+{re.escape(meaning)}", screen)
        if each.validator:
            assert "Attendu : " in said
        assert ("un code ne se demande pas" in said) is each.secret


@pytest.mark.parametrize("guide_id", LIBRARY.ids())
def test_the_help_of_every_shipped_step_fits_80_by_24(guide_id: str) -> None:
    """On 80 × 24, the help of each shipped step leaves a line for its question."""
    found = LIBRARY.find(guide_id)
    heights = {
        each.id: len(render(views.help_screen(HELP_KEYS, found.guide, each, found.facts, Look()), 80).splitlines())
        for each in found.guide.steps
    }
    assert {step_id: height for step_id, height in heights.items() if height > 23} == {}


REFUSED = ("C’est la première étape", "Cette étape n’a", "La suite dépend de cette réponse")


@pytest.mark.parametrize("key", [each for each in KEYS if each not in "?q"])
def test_the_help_lists_the_keys_that_act_and_they_act_there(guide: Guide, facts: Facts, key: str) -> None:
    """At each step, `?` lists a key where it is not refused, and no other; on the help's own screen it acts as well."""
    way = ["", "99700218896", "ameli", "v", "1", "v"]
    for number in range(len(way) + 1):
        stage = Stage(guide, facts, Clock())
        stage.run(*way[:number])
        before = len(stage.output)
        stage.run(key)
        pressed = stage.output[before:]
        refused = any(each in pressed for each in REFUSED)
        before = len(stage.output)
        stage.walk.session = Stage(guide, facts, Clock()).run(*way[:number])
        stage.run("?", key)
        helped = stage.output[before:].replace("\u00a0", " ")
        listed = helped.partition("ici aussi : ")[2].partition(" Erreur")[0]
        assert (f" {KEYS[key]}" in helped) is not refused
        assert (key in listed.split(" ")[: len(KEYS)]) is not refused
        assert (f"« {key} » n’est pas une touche d’ici" in helped) is refused


def test_a_key_pressed_on_the_help_acts_on_its_step(guide: Guide, facts: Facts) -> None:
    """A note, a pause, the key of a critical step; Enter alone comes back, and confirms nothing."""
    way = ["", "99700218896", "ameli"]
    assert kinds(Stage(guide, facts, Clock()).run("?", "")) == [Paused]
    assert kinds(Stage(guide, facts, Clock()).run("?", "n", "une note")) == [Noted, Paused]
    assert kinds(Stage(guide, facts, Clock()).run(*way, "?", "", "?", "?", "v"))[-2:] == [Confirmed, Paused]
    with typed("?n une note\r?\r?q\r"):
        by_keys = Stage(guide, facts, Clock(), Look()).run_with(KeyPrompter())
    assert kinds(by_keys) == [Noted, Paused]


def test_the_keys_stand_in_one_column_where_two_would_not_fit(guide: Guide, facts: Facts) -> None:
    """Under 80 columns, and for who hears them, each key has a line of its own."""
    for look, width in ((Look(), 60), (Look(plain=True), 80)):
        lines = render(views.help_screen(HELP_KEYS, guide, guide.steps[0], facts, look), width).splitlines()
        assert [line.split()[0] for line in lines[-len(HELP_KEYS) :]] == [key for key, _ in HELP_KEYS]
