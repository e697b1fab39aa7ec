"""The first step of a guide: what to prepare stands under it, and one leaves it as one would a page before."""

from __future__ import annotations

import pytest
from rich.console import Console

from ecps_cli.core.events import Answered, Confirmed, Labelled, Paused
from ecps_cli.core.guide import Step
from ecps_cli.core.session import Session, current
from ecps_cli.screen.painting import Look
from ecps_cli.walk import opening
from ecps_cli.walk.by_keys import KeyPrompter
from support.sample import START, Clock
from support.shipped import FACTS, GUIDES
from support.stage import Stage, kinds, typed

AT_ONCE = ["activate-mobile", "activate-with-card", "login-fails"]
"""The shipped guides whose first step is no list."""


def first(guide_id: str) -> Step:
    step = current(Session(GUIDES[guide_id], START))
    assert isinstance(step, Step)
    return step


@pytest.mark.parametrize(("columns", "rows", "holds"), [(80, 24, True), (120, 40, True), (40, 12, False)])
@pytest.mark.parametrize("guide_id", AT_ONCE)
def test_what_to_prepare_stands_whole_with_the_first_step(guide_id: str, columns: int, rows: int, holds: bool) -> None:
    """At 80 × 24, a first step and all that must be at hand are one screen; on a low window a page comes before."""
    guide, step = GUIDES[guide_id], first(guide_id)
    console = Console(width=columns, height=rows, color_system=None)
    screen = opening.screen(Session(guide, START), step, FACTS, Look(), practice=False)
    assert screen.holds_all(console) is holds
    if holds:
        with console.capture() as captured:
            console.print(screen)
        said = " ".join(captured.get().split())
        assert all(word in said for need in guide.needs for word in need.split())
        assert len(captured.get().splitlines()) + screen.reserve(columns, rows) - 1 <= rows


def test_only_a_first_step_without_a_list_and_without_the_card_has_them() -> None:
    """A list stands alone under its step, and where `d` looks at the card it labels nothing."""
    assert [guide_id for guide_id in GUIDES if opening.opens_on(first(guide_id))] == AT_ONCE


def stage(guide_id: str = "activate-with-card") -> Stage:
    stage = Stage(GUIDES[guide_id], FACTS, Clock())
    stage.walk.opening = True
    return stage


def test_a_label_given_at_the_first_step_is_kept_with_its_first_event() -> None:
    """`d` asks for the label, which the question then shows; nothing is kept of it before something is done."""
    labelled = stage()
    assert kinds(labelled.run("d", "GLPI 4711")) == [Paused]
    assert "d : dossier GLPI 4711" in labelled.output.replace("\u00a0", " ")
    assert kinds(stage().run("d", "GLPI 4711", ""))[:2] == [Labelled, Confirmed]


def test_r_leaves_the_label_of_the_case_as_it_was() -> None:
    """At the question for the label, `r` goes back: neither « r » nor nothing takes the place of what was given."""
    labelled = stage()
    labelled.run("d", "GLPI 4711", "d", "r")
    assert labelled.walk.label == "GLPI 4711"


@pytest.mark.parametrize("by_keys", [False, True])
def test_another_case_at_the_first_step_is_another_guide(by_keys: bool) -> None:
    """Behind the deviations of the step, `p` lists the other cases of the guide: one leads away, nothing happened."""
    walked = stage()
    if by_keys:
        with typed("p4"):
            walked.run_with(KeyPrompter())
    else:
        walked.run("p", "4")
    assert walked.walk.following == "card-on-pc"
    assert kinds(walked.walk.session) == []


def test_another_case_that_is_a_sentence_comes_back_to_the_step() -> None:
    """A case that leads to no guide is told, and the step is asked again."""
    walked = stage("activate-mobile")
    walked.run("p", "4", "", "99700218896")
    assert kinds(walked.walk.session) == [Answered, Paused]
    assert "N’importe quel ordinateur convient" in walked.output


def test_once_something_is_done_a_step_offers_its_own_keys_only() -> None:
    """After the first event, and in a walk that was taken up, no step labels the case or leads to another one."""
    walked = stage()
    walked.run("", "p", "r")
    assert "Pas de carte, pas de lecteur" not in walked.output
    assert walked.output.count("d : dossier") == 1
