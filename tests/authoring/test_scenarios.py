"""Scenarios beside a guide: bad files, failures, coverage; and sessions written as scenarios."""

from __future__ import annotations

import json
import re
from contextlib import closing
from functools import cache
from pathlib import Path
from unittest import mock

import pytest

from ecps_cli.authoring.scenarios import CLOCK, Run, Scenario, Share, coverage, load_scenarios, run, scenarios_beside
from ecps_cli.authoring.session_to_scenario import retell
from ecps_cli.core import session as core_session
from ecps_cli.core.events import (
    Abandoned,
    Answered,
    Confirmed,
    Ended,
    Event,
    Labelled,
    Noted,
    Paused,
    Reopened,
    Resumed,
    Skipped,
    Ticked,
    Unticked,
    WentBack,
    redacted,
)
from ecps_cli.core.guide import Facts, Guide
from ecps_cli.core.moves import apply, replay
from ecps_cli.core.session import Session
from ecps_cli.core.validators import VALIDATORS
from ecps_cli.core.verdicts import Accepted, Doubtful
from ecps_cli.loading.problems import LoadError
from ecps_cli.storage.store import Store
from ecps_cli.walk.by_keys import KeyPrompter
from support.commands import Ran, call
from support.sample import GUIDE, START, Clock
from support.scripts import Script, everything, moves_of, scripts
from support.shapes import shaped
from support.shipped import EACH_GUIDE, FACTS, FIND, GUIDES, LIBRARY, WALKS
from support.stage import Stage, typed
from support.tiers import chosen

DEMO = shaped(Guide, GUIDE)
GOOD = """\
guide: demo
scenarios:
  fine:
    title: Tout va bien
    answers:
      rpps: "99700218896"
      name: ameli
      seen: yes
      tell: [am, "", "", "", ordre, ""]
    must_pass: [pin]
    must_not_pass: [stop]
    outcome: done
"""


def edited(*edits: tuple[str, str]) -> str:
    """Good file with each first string of a pair replaced by the second."""
    text = GOOD
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def problems(text: str, guide: Guide = DEMO) -> list[str]:
    """What is said of a file of scenarios, without its name."""
    with pytest.raises(LoadError) as caught:
        load_scenarios(text, "s.yaml", guide)
    return [str(problem).removeprefix("s.yaml:") for problem in caught.value.problems]


def failures(facts: Facts, *edits: tuple[str, str]) -> list[str]:
    """Failures of the good scenario once these edits are made."""
    (scenario,) = load_scenarios(edited(*edits), "s.yaml", DEMO)
    return [str(problem).removeprefix("s.yaml:") for problem in run(scenario, DEMO, facts).failures]


# ------------------------------------------------------------------------------------------------------ the bad files

BAD = {
    "nothing like it": ("a\n", ["1:1: le fichier n’est pas une suite de clés. Écrivez par exemple « clé: valeur »."]),
    "no yaml": (
        "guide: [demo\n",
        [
            "1:8: la liste que ce « [ » ouvre se lit mal. Séparez par des virgules et fermez par « ] » ; "
            "si c’est du texte, mettez-le entre guillemets."
        ],
    ),
    "another guide": (
        edited(("guide: demo", "guide: dmo")),
        ["1:8: le guide d’à côté est « demo », pas « dmo ». Donnez-leur le même nom."],
    ),
    "misspelt key": (
        edited(("must_pass", "must_pas")),
        ["10:5: la clé « must_pas » n’existe pas. Vouliez-vous dire « must_pass » ?"],
    ),
    "no outcome": (
        edited(("    outcome: done\n", "")),
        ["4:5: il manque « outcome ». Ajoutez par exemple « outcome: activated »."],
    ),
    "everything unknown": (
        edited(
            ("name: ameli", "nome: ameli"),
            ("seen: yes", "seen: [unsur]"),
            ("[pin]", "[pine]"),
            ("[stop]", "[stopp]"),
            ("outcome: done", "outcome: don"),
        ),
        [
            "7:7: l’étape « nome » n’existe pas. Vouliez-vous dire « name » ?",
            "8:14: la réponse « unsur » n’existe pas. Vouliez-vous dire « unsure » ?",
            "10:17: l’étape « pine » n’existe pas. Vouliez-vous dire « pin » ?",
            "11:21: l’étape « stopp » n’existe pas. Vouliez-vous dire « stop » ?",
            "12:14: l’issue « don » n’existe pas. Vouliez-vous dire « done » ?",
        ],
    ),
    "unknown deviation": (
        edited(('rpps: "99', 'open: [p, old, "", p, bleck, ""]\n      rpps: "99')),
        ["6:29: l’écart « bleck » n’existe pas. Vouliez-vous dire « black » ?"],
    ),
    "an answer that is no text": (
        edited(("name: ameli", "name: {value: ameli}")),
        ['7:13: une réponse est un texte, ou une liste de textes. Écrivez par exemple « rpps: [p, "1"] ».'],
    ),
    "answers as a list": (
        "guide: demo\nscenarios:\n  a: {title: A, answers: [yes], outcome: done}\n",
        [
            "3:26: « answers » n’est pas une suite de clés. "
            'Écrivez par exemple « answers: {rpps: "99700218896", email: [p, no-email, ""]} ».'
        ],
    ),
    "a name that is no id": (
        edited(("  fine:", "  Très bien:")),
        ["3:3: « Très bien » n’est pas un identifiant. Écrivez par exemple « tres-bien »."],
    ),
    "two of one name": (
        edited(("    must_pass", "  fine:\n    must_pass")),
        [
            "4:5: il manque « outcome ». Ajoutez par exemple « outcome: activated ».",
            "10:3: la clé « fine » est déjà à la ligne 3. Gardez l’une des deux.",
        ],
    ),
}


@pytest.mark.parametrize(("text", "said"), BAD.values(), ids=BAD)
def test_a_bad_file_gets_all_its_problems_and_no_other(text: str, said: list[str]) -> None:
    """All that is wrong is said in one run, each at its line and column, with what was probably meant."""
    assert problems(text) == said


# ------------------------------------------------------------------------------------------------------------- running


def test_a_scenario_that_says_what_happens_passes(facts: Facts) -> None:
    """A `do` step that is not named, or has nothing left, gets Enter; everything else is typed as written."""
    assert failures(facts) == []
    assert failures(facts, ("rpps: ", 'open: [p, black, ""]\n      rpps: ')) == []
    assert failures(facts, ("rpps: ", 'open: [p, black, "", ""]\n      rpps: ')) == []


FAILING = {
    "another outcome": (
        [("outcome: done", "outcome: stopped")],
        ["12:14: l’issue n’est pas « stopped » : le parcours s’est terminé à l’étape « tell », sur l’issue « done »."],
    ),
    "a step not met": (
        [("[pin]", "[pin, stop]"), ("    must_not_pass: [stop]\n", "")],
        [
            "10:22: l’étape « stop » n’a pas été vue : "
            "le parcours s’est terminé à l’étape « tell », sur l’issue « done »."
        ],
    ),
    "a step met": (
        [("[stop]", "[open, pin]")],
        ["11:21: l’étape « open » a été vue, au début.", "11:27: l’étape « pin » a été vue, juste après « seen »."],
    ),
    "no answer": (
        [("      name: ameli\n", "")],
        [
            "6:7: il n’y a pas de réponse pour l’étape « name », où le parcours passe : ajoutez ce qu’on y tape.",
        ],
    ),
    "no choice": (
        [("      seen: yes\n", "")],
        [
            "6:7: il n’y a pas de réponse pour l’étape « seen », où le parcours passe : "
            "choisissez parmi « yes », « no » et « unsure »."
        ],
    ),
    "too few lines": (
        [('ordre, ""]', "ordre]")],
        [
            "9:13: à l’étape « tell », le parcours demande encore "
            "« Qu’est-ce qui est fait ? (p : autre cas, o : ouvrir, k : QR, c : copier, r : re… » : "
            "ajoutez ce qu’on y tape."
        ],
    ),
    "a refused answer": (
        [('"99700218896"', '"1234"')],
        [
            "6:13: à l’étape « rpps », le parcours demande encore "
            "« Réponse (p : autre cas, r : retour, s : passer, ? : aide) : » : "
            "ajoutez ce qu’on y tape. Juste avant, il dit : "
        ],
    ),
    "lines left": (
        [("seen: yes", 'seen: [yes, no]\n      stop: ""')],
        [
            "8:19: « no » n’a pas été tapé à « seen » (après 1 autre) : "
            "le parcours s’est terminé à l’étape « tell », sur l’issue « done ».",
            "9:13: «  » n’a pas été tapé à « stop » (l’étape n’a rien demandé) : "
            "le parcours s’est terminé à l’étape « tell », sur l’issue « done ».",
        ],
    ),
    "a pause": (
        [("name: ameli", "name: [q, '', ameli]")],
        ["7:17: le parcours est en pause à l’étape « name ». Enlevez cette touche."],
    ),
    "no key": (
        [("rpps: ", "open: [vu]\n      rpps: ")],
        ["6:14: « vu » ne répond pas à « Entrée : vu · p : autre chose"],
    ),
    "a deviation without its key": (
        [("rpps: ", 'open: [black, ""]\n      rpps: ')],
        ['6:14: « black » est un écart : tapez d’abord la touche p, donc « [p, black, ""] ».'],
    ),
    "a choice by Enter": (
        [("seen: yes", 'seen: ""')],
        ["8:13: le choix «  » n’existe pas. Choisissez parmi « no », « unsure » et « yes »."],
    ),
    "a number beyond the list": (
        [("seen: yes", "seen: 9")],
        ["8:13: le choix « 9 » n’existe pas. Choisissez parmi « no », « unsure » et « yes »."],
    ),
    "a wrong word after another key": (
        [("seen: yes", "seen: [n, une note, maybe]")],
        ["8:27: le choix « maybe » n’existe pas. Choisissez parmi « no », « unsure » et « yes »."],
    ),
}


@pytest.mark.parametrize(("edits", "said"), FAILING.values(), ids=FAILING)
def test_a_failure_names_its_place_and_what_happened_instead(
    edits: list[tuple[str, str]], said: list[str], facts: Facts
) -> None:
    """Whatever goes otherwise is said at the line that says how it should go; with what went on in its place."""
    failed = failures(facts, *edits)
    assert len(failed) == len(said)
    for sentence, begins in zip(failed, said, strict=True):
        assert sentence.startswith(begins)


# ------------------------------------------------------------------------------------------------------------ coverage


def test_coverage_is_counted_by_hand(facts: Facts) -> None:
    """What scenarios met and missed of a guide: its eight steps, three options, four deviations and two outcomes."""
    (fine,) = load_scenarios(GOOD, "s.yaml", DEMO)
    (other,) = load_scenarios(
        edited(("rpps: ", 'open: [p, black, "", p, stolen, ""]\n      rpps: '), ("outcome: done", "outcome: stopped")),
        "s.yaml",
        DEMO,
    )
    alone = coverage(DEMO, [run(fine, DEMO, facts).session])
    assert alone.steps == Share(7, 8, ("stop",))
    assert alone.options == Share(1, 3, ("seen/no", "seen/unsure"))
    assert alone.deviations == Share(0, 4, ("open/old", "open/black", "open/stolen", "type/again"))
    assert alone.outcomes == Share(1, 2, ("stopped",))
    both = coverage(DEMO, [run(each, DEMO, facts).session for each in (fine, other)])
    assert both.deviations == Share(2, 4, ("open/old", "type/again"))
    assert both.outcomes == Share(2, 2, ())
    assert [share.percent for share in alone] == [87, 33, 0, 50]
    assert Share(0, 0, ()).percent == 100


# --------------------------------------------------------------------------------------------------- the shipped guides


def shipped(guide: Guide) -> tuple[Scenario, ...]:
    path = scenarios_beside(LIBRARY.folder / f"{guide.id}.yaml")
    return load_scenarios(path.read_text("utf-8"), path.name, guide)


@cache
def runs(guide_id: str) -> tuple[Run, ...]:
    """Runs of the scenarios of a shipped guide."""
    guide = GUIDES[guide_id]
    return tuple(run(each, guide, FACTS, FIND) for each in shipped(guide))


def all_runs() -> list[Run]:
    return [ran for guide_id in GUIDES for ran in runs(guide_id)]


@EACH_GUIDE
def test_the_scenarios_of_a_shipped_guide_meet_all_of_it(guide: Guide) -> None:
    """Every step, option, deviation and outcome of a shipped guide is met by a scenario."""
    met = coverage(guide, [each.session for each in runs(guide.id)])
    assert [share.missed for share in met] == [(), (), (), ()]


@EACH_GUIDE
def test_every_shipped_scenario_passes_and_can_be_typed(guide: Guide) -> None:
    """A scenario goes as it says; its lines, typed in the plain prompter, make the same events to the same end."""
    for ran in runs(guide.id):
        assert ran.failures == (), ran.scenario.id
        by_lines = Stage(guide, FACTS, Clock(CLOCK), find=FIND).run(*(each.line for each in ran.typed))
        assert everything(by_lines) == everything(ran.session), ran.scenario.id
        assert by_lines.closed


def test_a_run_is_the_same_each_time() -> None:
    """The clock of a scenario stands still: every event of two runs is equal, its time and the time of a tick too."""
    first = runs("fraud")[-1]
    again = run(first.scenario, GUIDES["fraud"], FACTS)
    assert again.session.events == first.session.events
    assert {event.at for event in again.session.events} == {CLOCK}


def test_a_run_goes_through_its_guide_twice_an_event() -> None:
    """Where a walk stands, and what its plan is, is worked out once for each state of it, however often it is asked."""
    for first in runs("fraud"):
        with mock.patch.object(core_session, "on_the_way", wraps=core_session.on_the_way) as looked:
            again = run(first.scenario, GUIDES["fraud"], FACTS)
        assert 0 < looked.call_count <= 2 * (len(again.session.events) + 1)


def test_each_shipped_scenario_is_named_for_its_situation() -> None:
    """No two scenarios of a guide have the same title."""
    titles = [(each.session.guide.id, each.scenario.title) for each in all_runs()]
    assert len(set(titles)) == len(titles)


# ------------------------------------------------------------------------------------------------------ from a session


def path(events: tuple[Event, ...]) -> list[tuple[object, ...]]:
    """What happened, without times and words: where, and which deviation, option, line or way back."""
    kinds = ("deviation", "item", "to", "mismatch", "outcome", "verified")
    return [
        (
            type(event).__name__,
            event.step,
            *(getattr(event, kind) for kind in kinds if hasattr(event, kind)),
            event.value if isinstance(event, Answered) and event.step in CHOICES else "",
        )
        for event in events
    ]


CHOICES = {step.id for guide in (DEMO, *GUIDES.values()) for step in guide.steps if step.action == "choose"}
WALKED: list[Script] = [*scripts(DEMO), *(walk for walks in WALKS.values() for walk in walks)]


def heard(ran: Run) -> set[tuple[str, ...]]:
    """What is typed at each kind of question, all texts being one."""
    return {(typed.question, typed.line if len(typed.line) < 2 else "text") for typed in ran.typed}


def test_a_scenario_can_be_typed_in_keys() -> None:
    """Typed as keys, the scenarios whose path no mechanical walk takes (test_guides.py) make the same events."""
    walked = [path(script.session.events) for script in WALKED]
    for ran in chosen([ran for ran in all_runs() if path(ran.session.events) not in walked], heard):
        with typed("".join(move.keys for move in moves_of(ran))):
            by_keys = Stage(ran.session.guide, FACTS, Clock(CLOCK), find=FIND).run_with(KeyPrompter())
        assert everything(by_keys) == everything(ran.session), ran.scenario.id


def retold(session: Session, facts: Facts) -> Run:
    """Run of the scenario that is written from a session."""
    (scenario,) = load_scenarios(retell(session, "20261124-183000"), "s.yaml", session.guide)
    return run(scenario, session.guide, facts)


def test_a_scenario_from_a_session_passes_and_takes_the_same_path(facts: Facts) -> None:
    """Every scripted walk of every shipped guide, as the journal holds it, becomes a scenario with the same path."""
    for script in WALKED:
        guide = script.session.guide
        told = replay(guide, START, [redacted(guide, event) for event in script.session.events])
        ran = retold(told, facts if guide is DEMO else FACTS)
        assert ran.failures == (), script.name
        assert path(ran.session.events) == path(script.session.events), script.name


def demo(*events: Event) -> Session:
    """Session of the small guide that these events make."""
    return replay(DEMO, START, events)


AT_TYPE = (
    Confirmed(START, "open"),
    Answered(START, "rpps", "899700218896"),
    Answered(START, "name", "ameli"),
)
TO_THE_END = (
    Confirmed(START, "type"),
    Answered(START, "seen", "yes"),
    Confirmed(START, "pin"),
    Confirmed(START, "tell"),
    Ended(START, "tell", "done"),
)


def test_every_key_of_a_session_is_retold(facts: Facts) -> None:
    """Notes, mismatches, ways back, skips of a critical step, ticks taken back and left: all are typed again."""
    session = demo(
        Noted(START, "open", "Mme Durand est absente"),
        Noted(START, "open", "un autre écran", mismatch=True),
        *AT_TYPE,
        WentBack(START, "type", "name"),
        Skipped(START, "name", "inconnu"),
        Skipped(START, "type", "trop tard"),
        *TO_THE_END[1:3],
        Ticked(START, "tell", "am", "18:30", "Mme Durand", "A-12"),
        Ticked(START, "tell", "ordre"),
        Unticked(START, "tell", "ordre"),
        *TO_THE_END[3:],
    )
    ran = retold(session, facts)
    assert ran.failures == ()
    assert path(ran.session.events) == path(session.events)


def test_a_resumed_session_is_retold_without_its_break(facts: Facts) -> None:
    """What only a break brought about is left out: the pause, the way back as one leap, the question asked again."""
    session = demo(
        *AT_TYPE,
        Paused(START, "type"),
        Resumed(START, "type"),
    )
    session = apply(session, WentBack(START, "rpps", "open"))
    for event in (Confirmed(START, "open"), Answered(START, "rpps", "899700218896"), AT_TYPE[2], *TO_THE_END):
        session = apply(session, event)
    ran = retold(session, facts)
    assert ran.failures == ()
    assert list(ran.passed) == ["open", "rpps", "name", "type", "seen", "pin", "tell"]


def test_a_way_back_after_a_break_is_retold_step_by_step() -> None:
    """A resume before a deadline goes back in one leap; in a scenario, that is one key a step, to the same step."""
    guide = GUIDES["activate-with-card"]
    ids = [step.id for step in guide.steps if step.id not in ("letter", "take-out")]  # no wrong code was typed before
    scan, scanner = ids.index("scan"), ids.index("open-scanner")
    done: list[Event] = [Confirmed(START, each) for each in ids[:scan]]
    done[ids.index("wrong-codes")] = Answered(START, "wrong-codes", "none")
    session = replay(guide, START, done)
    for event in (Paused(START, "scan"), Resumed(START, "scan"), WentBack(START, "scan", "open-scanner")):
        session = apply(session, event)
    for each in ids[scanner:]:
        session = apply(session, Confirmed(START, each))
    ran = retold(session, FACTS)
    assert ran.failures == ()
    back = [event.to for event in ran.session.events if isinstance(event, WentBack)]
    assert back == list(reversed(ids[scanner:scan]))


def test_no_answer_note_or_name_of_a_session_stands_in_its_scenario() -> None:
    """What the record does not hold whole is replaced by a published value, said to be one; words are left out."""
    session = demo(
        *AT_TYPE[:1],
        Answered(START, "rpps", "899700427885"),
        AT_TYPE[2],
        Noted(START, "type", "Mme Durand est absente"),
        *TO_THE_END[:3],
        Ticked(START, "tell", "am", "18:30", "M. Martin", "A-12"),
        *TO_THE_END[3:],
    )
    text = retell(session, "20261124-183000")
    assert not re.search("427885|Durand|Martin|A-12", text)
    assert 'rpps: "99700218896"' in text
    assert "# Valeurs d’essai, qui ne sont celles de personne : les réponses de rpps." in text
    assert "name: ameli" in text, "what the record may hold whole is kept"


def test_a_walk_that_was_reopened_is_retold_with_its_last_end(facts: Facts) -> None:
    """Given up or ended without success, then taken up again: the scenario goes on as if it had not been closed."""
    ended = [
        *(Answered(START, "seen", "no"), Confirmed(START, "stop"), Ended(START, "stop", "stopped")),
        *(Labelled(START, "stop", "INC-1"), Reopened(START, "stop"), Resumed(START, "stop")),
    ]
    session = demo(
        *AT_TYPE[:2],
        *(Abandoned(START, "name"), Reopened(START, "name"), Resumed(START, "name")),
        *(AT_TYPE[2], AT_TYPE[1], TO_THE_END[0], *ended, WentBack(START, "stop", "seen")),
        *TO_THE_END[1:],
    )
    ran = retold(session, facts)
    assert ran.failures == ()
    assert path(ran.session.events)[-5:] == path((WentBack(START, "stop", "seen"), *TO_THE_END[1:]))


def test_a_number_that_was_insisted_on_stays_doubtful(facts: Facts) -> None:
    """An answer kept as not verified is replaced by one that is doubted too, typed twice."""
    wrong = Answered(START, "rpps", "810005678901", verified=False)
    ran = retold(demo(AT_TYPE[0], wrong, AT_TYPE[2], *TO_THE_END), facts)
    assert ran.failures == ()
    answered = next(event for event in ran.session.events if isinstance(event, Answered))
    assert (answered.value, answered.verified) == ("810003461033", False)


def test_each_validator_has_a_value_for_scenarios() -> None:
    """Each has one that it takes at once; where it can be insisted against, one that it doubts."""
    for validator in VALIDATORS.values():
        assert isinstance(validator.check(validator.sample, CLOCK.date()), Accepted)
        if validator.doubted:
            verdict = validator.check(validator.doubted, CLOCK.date())
            assert isinstance(verdict, Doubtful)
            assert not verdict.verified
    assert {name for name, each in VALIDATORS.items() if each.doubted} == {"rpps", "phone-fr", "mobile-fr", "email"}


# ------------------------------------------------------------------------------------------------------------- commands

MINE = """\
format: 1
id: mine
version: "1"
title: Le mien
verified_on: 2026-09-20
review_by: 2027-03-20
sources: [fiche]
steps:
  - id: only
    who: doctor
    device: phone
    do: Ouvrir
    expect: La page est affichée.
    deviations:
      - {id: blank, if: Rien, do: Attendre, then: retry, max: 1}
    end: done
outcomes:
  done: {success: true, text: C’est fait.}
"""
ITS_SCENARIOS = """\
guide: mine
scenarios:
  fine: {title: Tout va bien, outcome: done}
"""


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """Folder with a guide of one's own and one scenario, which leaves a deviation out."""
    (tmp_path / "facts.yaml").write_text('fiche: {kind: source, name: F, value: "https://example.org"}\n', "utf-8")
    (tmp_path / "mine.yaml").write_text(MINE, "utf-8")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "mine.yaml").write_text(ITS_SCENARIOS, "utf-8")
    return tmp_path


def test_the_shipped_scenarios_pass_by_the_command() -> None:
    """`test` alone runs every guide of the library: one line a scenario, then all that they cover."""
    ran = call("test")
    assert (ran.code, ran.err) == (0, "")
    assert len(re.findall(r"^  ok ", ran.out, re.MULTILINE)) == len(all_runs())
    assert ran.out.count("(100 %), issues") == len(GUIDES)


def test_a_guide_of_ones_own_is_tested_by_its_file_or_its_id(mine: Path) -> None:
    """The scenarios of a file are in `tests/` beside it; under 100 % the code is 1, and what is missed is named."""
    by_file = call("test", str(mine / "mine.yaml"))
    by_id = call("test", "mine", "--guides", str(mine))
    assert by_file == by_id == call("test", "--guides", str(mine))
    assert by_file.code == 1
    assert by_file.out == (
        "mine\n"
        "  ok     fine : Tout va bien\n"
        "  vus : étapes 1/1 (100 %), réponses 0/0 (100 %), écarts 0/1 (0 %), issues 1/1 (100 %)\n"
        "  écarts jamais vus : only/blank\n"
    )
    assert by_file.err == "Couverture sous 100 % : mine. Ajoutez un scénario, ou demandez moins : --min-coverage.\n"


@pytest.mark.parametrize(("least", "code"), [("0", 0), ("1", 1)])
def test_how_much_must_be_covered_can_be_said(mine: Path, least: str, code: int) -> None:
    """`--min-coverage` is what each of the four kinds must reach; with 0, the scenarios alone count."""
    assert call("test", str(mine / "mine.yaml"), "--min-coverage", least).code == code


def test_a_failing_scenario_is_a_failure_whatever_is_covered(mine: Path) -> None:
    """A scenario that fails has its title, and each failure its own line, which begins with its place."""
    file = mine / "tests" / "mine.yaml"
    file.write_text(ITS_SCENARIOS.replace("outcome", "must_not_pass: [only], outcome"), "utf-8")
    ran = call("test", str(mine / "mine.yaml"), "--min-coverage", "0")
    assert ran.code == 1
    assert "  échec  fine : Tout va bien\n" in ran.out
    assert f"{file}:3:47: l’étape « only » a été vue, au début.\n" in ran.out


def test_what_cannot_be_read_is_said_and_the_rest_is_tested(mine: Path) -> None:
    """A guide or a file of scenarios with problems is a failure, and does not hide the other guides."""
    (mine / "broken.yaml").write_text("format: 1\n", "utf-8")
    file = mine / "tests" / "mine.yaml"
    file.write_text("guide: mien\n", "utf-8")
    ran = call("test", "--guides", str(mine), "--min-coverage", "0")
    assert ran.code == 1
    assert f"{mine / 'broken.yaml'}:1:1: il manque" in ran.out
    assert f"{file}:1:8: le guide d’à côté est « mine »" in ran.out
    assert f"{file}:1:1: il manque « scenarios »." in ran.out


def test_a_guide_without_scenarios_is_told_how_to_begin(mine: Path) -> None:
    """Nothing is covered without scenarios: the file to write is named."""
    (mine / "tests" / "mine.yaml").unlink()
    ran = call("test", str(mine / "mine.yaml"))
    assert ran.code == 1
    assert f"aucun scénario. Écrivez-en dans {mine / 'tests' / 'mine.yaml'}, ou commencez par" in ran.out


def test_the_result_as_json_says_the_same(mine: Path) -> None:
    """The JSON has, for each guide, its scenarios with their problems, and what is covered and missed."""
    ran = call("test", str(mine / "mine.yaml"), "--json")
    (result,) = json.loads(ran.out)
    assert ran.code == 1
    assert result["guide"] == "mine"
    assert result["ok"] is False
    assert result["scenarios"] == [{"id": "fine", "title": "Tout va bien", "ok": True, "problems": []}]
    assert result["coverage"]["deviations"] == {"met": 0, "total": 1, "missed": ["only/blank"], "percent": 0}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--from", "x", "fraud"), "--from écrit le scénario d’une session : ne l’accompagnez que de -o."),
        (("fraud", "-o", "x.yaml"), "-o va avec --from SESSION."),
        (("--min-coverage", "101"), "--min-coverage attend un nombre de 0 à 100."),
        (("--min-coverage", "tout"), "--min-coverage attend un nombre de 0 à 100."),
    ],
)
def test_options_that_do_not_go_together_are_refused(arguments: tuple[str, ...], says: str) -> None:
    """A command that cannot be meant is a usage error, in one sentence."""
    ran = call("test", *arguments)
    assert ran.code == 2
    assert says in ran.said


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("frod",), "Le guide « frod » n’existe pas. Vouliez-vous dire « fraud » ?"),
        (("--from", "x"), "La session ou le dossier « x » n’existe pas."),
    ],
)
def test_what_does_not_exist_is_said(arguments: tuple[str, ...], says: str, tmp_path: Path) -> None:
    """An unknown guide or session is one sentence, and exit code 1."""
    ran = call("test", *arguments, environ={"ECPS_DATA": str(tmp_path)})
    assert ran.code == 1
    assert says in ran.said


# ------------------------------------------------------------------------------------------- a scenario by the command


def walked(home: Path, *lines: str) -> str:
    """Walk the mobile guide by lines, and return the id of its session."""
    environ = {"ECPS_DATA": str(home)}
    call("run", "activate-mobile", typed="".join(f"{line}\n" for line in ("", *lines)), environ=environ)
    with closing(Store(home)) as store:
        return next(store.rows()).id


def from_session(home: Path, *arguments: str) -> Ran:
    return call("test", "--from", *arguments, environ={"ECPS_DATA": str(home)})


def test_a_recorded_session_becomes_a_scenario(tmp_path: Path) -> None:
    """What is written is a file of scenarios: it loads, and passes on the guide of its session."""
    session = walked(tmp_path, "99700427885", "p", "2", "")
    ran = from_session(tmp_path, session)
    assert (ran.code, ran.err) == (0, "")
    assert "427885" not in ran.out
    (scenario,) = load_scenarios(ran.out, "s.yaml", GUIDES["activate-mobile"])
    assert scenario.answers == {"rpps": ("99700218896",), "mailbox": ("p", "none-today", "")}
    assert run(scenario, GUIDES["activate-mobile"], FACTS).failures == ()


def test_a_scenario_never_replaces_a_file(tmp_path: Path) -> None:
    """`-o` writes a new file; one that is there stays as it is."""
    session = walked(tmp_path, "p", "2", "")
    file = tmp_path / "new.yaml"
    assert from_session(tmp_path, session, "-o", str(file)).code == 0
    written = file.read_text("utf-8")
    assert written.rstrip("\n") == from_session(tmp_path, session).out.rstrip("\n")
    again = from_session(tmp_path, session, "-o", str(file))
    assert again.code == 1
    assert "existe déjà" in again.err
    assert file.read_text("utf-8") == written


def test_an_unfinished_session_is_no_scenario(tmp_path: Path) -> None:
    """A scenario has an outcome: a session without one is to be ended first."""
    session = walked(tmp_path, "99700218896")
    ran = from_session(tmp_path, session)
    assert (ran.code, ran.out) == (1, "")
    assert f"La session {session} est inachevée. Terminez-la d’abord : ecps-guide resume {session}" in ran.said
