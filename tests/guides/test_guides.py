"""The shipped guides: every step, option, deviation and outcome is walked, by each prompter, to an end."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ecps_cli.cli.reading import others
from ecps_cli.core.events import Answered, Deviated, redacted
from ecps_cli.core.guide import Guide, Step
from ecps_cli.core.moves import apply
from ecps_cli.core.session import End, Session, current
from ecps_cli.exports.formats import export_guide
from ecps_cli.exports.record import record_of
from ecps_cli.exports.ticket import ticket
from ecps_cli.walk.by_keys import KeyPrompter
from ecps_cli.walk.by_lines import FilePrompter
from ecps_cli.walk.legend import deliberate
from support.sample import START, Clock
from support.scripts import Script, pressed, timeless
from support.shapes import as_json
from support.shipped import EACH_GUIDE, FACTS, GUIDES, LIBRARY, WALKS
from support.stage import Stage, typed
from support.tiers import covering


def test_the_seven_procedures_are_there() -> None:
    """The guides that the commands name are shipped, and the four that they lead to."""
    assert {"activate-with-card", "activate-mobile", "fraud"} <= set(GUIDES)
    assert {"login-fails", "renew", "card-on-pc", "card-blocked"} <= set(GUIDES)


@EACH_GUIDE
def test_each_path_ends_by_lines(guide: Guide) -> None:
    """Each option and each deviation leads to an end, by lines."""
    for script in WALKS[guide.id]:
        assert isinstance(current(script.session), End)
        by_lines = Stage(guide, FACTS, Clock()).run(*(move.line for move in script.moves))
        assert timeless(by_lines.events) == script.events, script.name


@pytest.mark.parametrize(
    "script", covering([walk for walks in WALKS.values() for walk in walks], pressed), ids=lambda script: script.name
)
def test_each_path_from_a_file_and_by_keys(script: Script) -> None:
    """From a file, and pressed as keys, each path makes the events that it makes by lines."""
    answers: dict[str, tuple[str, ...]] = {}
    for move in script.moves:
        answers[move.step] = (*answers.get(move.step, ()), move.line)
    stage = Stage(script.session.guide, FACTS, Clock())
    assert timeless(stage.run_with(FilePrompter(stage.say, answers)).events) == script.events
    with typed("".join(move.keys for move in script.moves)):
        by_keys = Stage(script.session.guide, FACTS, Clock()).run_with(KeyPrompter())
    assert timeless(by_keys.events) == script.events


@EACH_GUIDE
def test_each_walk_can_be_replayed_from_what_was_kept(guide: Guide) -> None:
    """At every event of every walk, what the journal keeps leads to the same step: each can be resumed and told."""
    for script in WALKS[guide.id]:
        session = read = Session(guide, START)
        for event in script.session.events:
            session, read = apply(session, event), apply(read, redacted(guide, event))
            assert current(session) == current(read), script.name


@EACH_GUIDE
def test_every_step_option_deviation_and_outcome_is_reached(guide: Guide) -> None:
    """No part of a guide is out of reach: the scripted walks together meet all of it."""
    walked = WALKS[guide.id]
    events = [event for script in walked for event in script.session.events]
    assert {event.step for event in events} >= {step.id for step in guide.steps}
    deviations = {(event.step, event.deviation) for event in events if isinstance(event, Deviated)}
    assert deviations == {(step.id, each.id) for step in guide.steps for each in step.deviations}
    assert {_outcome(script) for script in walked} == set(guide.outcomes)


def _outcome(script: Script) -> str:
    position = current(script.session)
    assert isinstance(position, End)
    return position.id


# --------------------------------------------------------------------------------------------- what must be in them

STEPS: list[tuple[Guide, Step]] = [(guide, step) for guide in GUIDES.values() for step in guide.steps]


def everything(guide: Guide) -> str:
    """Return a whole guide and its facts as one text."""
    named = {each for step in guide.steps for each in (*step.links, *step.contacts)}
    named |= {each for step in guide.steps for item in step.items for each in (item.link, item.contact) if each}
    named |= {*guide.links, *guide.contacts}
    return as_json(guide) + "".join(FACTS[each].value for each in named)


SAID = {
    "activate-with-card": [
        "https://apps.apple.com/fr/app/e-cps/id1469033607",
        "https://play.google.com/store/apps/details?id=fr.asipsante.esante.wallet.prod",
        "https://wallet.esw.esante.gouv.fr",
        "**s'identifier avec PROSANTECONNECT**",
        "**PROSANTECONNECT**",
        "**Connectez-vous**",
        "**Carte CPS**",
        "**Se connecter avec la carte CPS**",
        "**J'accepte les CGU**",
        "**Commencer l'activation**",
        "https://www.youtube.com/watch?v=LdCD9dCDWzM",
        "https://esante.gouv.fr/produits-services/e-cps",
        "0 806 800 213",
        "https://essaietaecps.eservices.esante.gouv.fr/",
    ],
    "activate-mobile": [
        "https://apps.apple.com/fr/app/e-cps/id1469033607",
        "https://play.google.com/store/apps/details?id=fr.asipsante.esante.wallet.prod",
        "**Commencer l'activation**",
        "**Accepter**",
        "**Recevoir le courriel d'activation**",
        "**Envoyer une demande d'activation**",
        "**Votre mode d'activation**",
        "**Identifiant RPPS**",
        "loupe",
        "**Envoyer ma demande d'activation**",
        "**Scanner un QR code**",
        "https://www.youtube.com/watch?v=LdCD9dCDWzM",
        "01 53 89 32 00",
        "0 806 800 213",
        "MSSanté",
    ],
    "fraud": [
        "REFUSEZ",
        "NE TAPEZ PAS le code",
        "3608",
        "0 806 800 213",
        "CDOM",
        "https://17cyber.gouv.fr",
        "https://plainte-en-ligne.masecurite.interieur.gouv.fr",
        "226-4-1",
        "https://www.conseil-national.medecin.fr/lordre-medecins/conseils-regionaux-departementaux/",
        "par exemple à obtenir des arrêts de travail, des ordonnances, un accès aux dossiers",
        "**Pour accéder à votre portail de gestion**",
    ],
    "login-fails": [
        "**Application e-CPS**",
        "un Android 15 ou plus",
        "**Sans restriction**",
        "**Bravo**",
        "Se déconnecter de toutes les sessions",
        "https://essaietaecps.eservices.esante.gouv.fr/",
        "0 806 800 213",
    ],
    "renew": [
        "**Paramètres**",
        "**Compte**",
        "**Supprimer ma e-CPS**",
        "Désinstaller l’application **e-CPS**",
        "01 53 89 32 00",
        "MSSanté",
    ],
    "card-on-pc": [
        "carte Vitale",
        "**Carte à puce**",
        "**Automatique**",
        "dans Chrome ou dans Edge",
        "5.2 ou plus",
        "«\u00a0Gestionnaire de la carte CPS\u00a0»",
        "mode clair",
        "https://espacepro.ameli.fr/inscription/#/aide#diagam",
        "Fermer le logiciel médical",
        "PC/SC",
    ],
    "card-blocked": [
        "NE TAPEZ PLUS",
        "Trois codes faux de suite",
        "4\u00a0chiffres",
        "8\u00a0chiffres",
        "Le nombre de déblocages est limité",
        "TOPS",
    ],
}


@pytest.mark.parametrize(("guide_id", "text"), [(guide_id, text) for guide_id, texts in SAID.items() for text in texts])
def test_what_the_fiche_says_is_said(guide_id: str, text: str) -> None:
    """Labels, addresses and numbers of the fiche, as FACTS corrects them, are quoted exactly."""
    assert text in everything(GUIDES[guide_id])


@pytest.mark.parametrize(
    ("former", "current_value"),
    [
        ("0 809 40 00 82", "0 806 800 213"),
        ("0825 85 2000", "0 806 800 213"),
        ("https://esante.gouv.fr/securite/faq-e-cps", "https://esante.gouv.fr/produits-services/e-cps"),
        ("https://www.pre-plainte-en-ligne.gouv.fr", "https://plainte-en-ligne.masecurite.interieur.gouv.fr"),
        ("PROSANTECONNECT", "s'identifier avec PROSANTECONNECT"),
        ("Envoyer une demande d'activation", "Recevoir le courriel d'activation"),
    ],
)
def test_the_older_fiche_stays_visible_as_former(former: str, current_value: str) -> None:
    """What the newer fiche replaced is kept, marked as former, with what replaced it."""
    fact = next(fact for fact in FACTS.values() if fact.value == former)
    assert fact.status == "former"
    assert fact.replaced_by
    assert FACTS[fact.replaced_by].value == current_value


def test_every_fact_has_its_source_and_its_day() -> None:
    """Nothing is printed that has no source: each fact names one, and the day on which it was seen to hold."""
    for fact in FACTS.values():
        assert fact.kind == "source" or (fact.source and FACTS[fact.source].kind == "source" and fact.verified_on)


def test_no_source_is_a_note_of_our_own() -> None:
    """A source is something that others published: never a summary made here."""
    for fact in FACTS.values():
        assert fact.kind != "source" or not re.search("relevé", fact.value, re.IGNORECASE)


def test_the_decree_is_cited_with_its_address() -> None:
    """Whoever doubts can read it: the address of the decree on Légifrance stands in its citation."""
    assert "https://www.legifrance.gouv.fr/jorf/id/JORFTEXT000045551195" in FACTS["arrete-2022"].value


def test_what_a_fiche_says_without_a_source_is_for_authors() -> None:
    """That the fiche promises to be free from prosecution is noted beside its citation, and promised to nobody."""
    assert "exemptés de poursuites" in FACTS["fiche-2026"].note
    assert not any("exemptés" in as_json(guide) for guide in GUIDES.values())


def test_every_former_label_leads_to_the_one_that_holds() -> None:
    """A label that was replaced is a fact of its own, former, and names a current label."""
    former = [fact for fact in FACTS.values() if fact.kind == "label" and fact.status == "former"]
    assert len(former) == 2
    for fact in former:
        after = FACTS[fact.replaced_by or ""]
        assert (after.kind, after.status) == ("label", "current")


def test_the_e_cps_is_defined_as_the_fiche_does() -> None:
    """For whom it is, what is coupled to the card, and to whom one proves who one is."""
    said = FACTS["term-e-cps"].value
    for part in ("autorisés à en disposer", "numéro de téléphone couplé à cette carte", "ne nous connaît pas encore"):
        assert part in said


def test_every_label_in_bold_is_a_fact() -> None:
    """A label quoted in a guide is one of the labels of the facts, letter for letter."""
    labels = {fact.value for fact in FACTS.values() if fact.kind == "label"} | set(GUIDES)
    for guide in GUIDES.values():
        for quoted in re.findall(r"\*\*(.+?)\*\*", as_json(guide)):
            assert quoted in labels, f"{guide.id}: {quoted}"


def test_no_price_and_no_hours_stand_beside_the_help_line() -> None:
    """The price and the hours of the ANS number are unknown, and so not printed."""
    assert FACTS["ans-help"].price is None


@pytest.mark.parametrize(("guide", "step"), STEPS, ids=lambda each: each.id)
def test_a_step_says_who_and_what_must_be_seen(guide: Guide, step: Step) -> None:
    """An action says who does it, on what, and what must then be seen; a choice has a way out for who does not know."""
    if step.action == "do":
        assert step.who
        assert step.device
        assert step.expect
        assert "fait" not in step.expect.lower().split()
    if step.action == "choose":
        assert any("je ne sais pas" in text.lower() for text in step.options.values())


def test_the_first_screen_of_fraud_says_refuse_and_asks_where_one_stands() -> None:
    """Refuse, do not type the code; and nothing is confirmed before it is known whether it was accepted already."""
    first = GUIDES["fraud"].steps[0]
    assert first.critical
    assert first.text.startswith("REFUSEZ la notification. NE TAPEZ PAS le code")
    assert [*first.options] == ["pending", "refused", "accepted", "acts", "lost", "unsure"]


def order(guide_id: str, answer: str) -> list[str]:
    """Return the steps that apply to an answer to the first question of a guide, in order."""
    guide = GUIDES[guide_id]
    return [step.id for step in guide.steps if answer in step.when.get(guide.steps[0].id, (answer,))]


@pytest.mark.parametrize("answer", ["accepted", "acts", "unsure"])
def test_what_was_accepted_is_cut_before_anything_is_gathered(answer: str) -> None:
    """First the access, then the complaint, then who is told, then the evidence; the e-CPS is deleted after that."""
    urgent = ["deactivate", "log-out", "identity-complaint", "tell", "evidence", "delete-e-cps", "follow-up"]
    assert [each for each in order("fraud", answer) if each in urgent] == urgent


def test_every_call_of_fraud_is_recorded() -> None:
    """Whoever is called is noted with the hour, the person and the reference, from the first call on."""
    for step in GUIDES["fraud"].steps:
        for item in step.items:
            assert not (item.contact or item.id == "police") or item.record == ("time", "person", "reference")


@pytest.mark.parametrize("answer", ["accepted", "acts", "unsure"])
def test_what_cannot_be_undone_in_a_fraud_is_no_plain_enter(answer: str) -> None:
    """The e-CPS is deleted in a section of its own, with what comes after, and with a way back to the evidence.

    Whoever has none any more is not led to a guide that says not to delete it.
    """
    guide = GUIDES["fraud"]
    step = guide.step("delete-e-cps")
    assert step is not None
    assert step.critical
    assert step.section not in ("", *(each.section for each in guide.steps if each is not step))
    assert "nouvelle activation" in step.why
    ways = {each.then.back or each.then.go for each in step.deviations}
    assert ways == {"evidence", "continue"}
    assert answer in step.when["situation"]
    first = GUIDES[guide.outcomes["contained"].guide or ""]
    assert first.id == "activate-mobile"
    assert "NE SUPPRIMEZ" not in as_json(first)


def test_no_e_cps_is_deleted_by_a_plain_enter() -> None:
    """In every guide, the step that deletes an e-CPS is critical, so that no Enter too many confirms it."""
    deleting = [step for _, step in STEPS if "**Supprimer ma e-CPS**" in step.text]
    assert len(deleting) == 3
    assert all(deliberate(step) and step.section for step in deleting)


def test_to_renew_what_is_gone_already_warns_of_no_deletion() -> None:
    """Whoever says that the e-CPS was deactivated or deleted is led to activate it, past the steps about deleting."""
    guide = GUIDES["renew"]
    way = next(step for step in guide.steps if "NE SUPPRIMEZ" in step.text)
    gone = next(script for script in WALKS["renew"] if _chose(script, "reason", "deactivated"))
    assert "supprimée" in guide.steps[0].options["deactivated"]
    assert way.id not in {event.step for event in gone.session.events}
    assert _outcome(gone) == "start-again"


def _chose(script: Script, step: str, option: str) -> bool:
    return any(isinstance(event, Answered) and (event.step, event.value) == (step, option) for event in script.events)


def test_the_way_without_the_card_says_why_the_card_is_left() -> None:
    """A card that is good is not said to be unfit because its code is not known: that end speaks of the code."""
    guide = GUIDES["activate-with-card"]
    doubt = guide.step("card-code").deviation("code-forgotten")  # type: ignore[union-attr]
    assert doubt is not None
    assert guide.step("take-out").end == doubt.then.end == "code-unsure"  # type: ignore[union-attr]
    assert "code" in guide.outcomes["code-unsure"].text
    assert "code" not in as_json(guide.outcomes["use-mobile"]).lower()


@pytest.mark.parametrize("guide_id", ["activate-with-card", "activate-mobile"])
def test_the_ticket_of_an_activation_keeps_what_made_it_one(guide_id: str) -> None:
    """Of what was done, the PIN that ends the activation and the login that was tried are named; no terms accepted."""
    script = next(each for each in WALKS[guide_id] if _outcome(each) == "activated")
    text = ticket(record_of(script.session, FACTS)).replace("\u00a0", " ")
    assert re.search(r"code PIN.* : fait à", text)
    assert "celle que la page d’essai affiche : fait à" in text
    assert "CGU" not in text
    assert "licence" not in text


JOINED = re.compile(r"steps\.(do|ask|choose|tick|expect)|options\..+|.+\.text|deviations\.if")
"""Where in a guide stands what others put behind a colon, or before one: « Recommencez : … », « … : fait à 14:12 »."""


@EACH_GUIDE
def test_a_sentence_has_one_colon_and_a_small_letter_behind_it(guide: Guide) -> None:
    """No sentence has two colons, with that of whoever shows it; none goes on with a capital, as a new one would."""
    for place, text in said_in(json.loads(as_json(guide))):
        bare = re.sub(r"«[^»]*»|\*\*.*?\*\*", "«»", text.replace("\u00a0", " "))
        for sentence in re.split(r"(?<=[.?!])\s|\n", bare):
            colons = len(re.findall(r" :(?=\s|$)", sentence))
            assert colons <= (0 if JOINED.fullmatch(place) else 1), text
            assert not re.search(r" : [A-ZÀ-Ý][a-zà-ÿ’]", sentence), text


def said_in(node: object, around: str = "", key: str = "") -> Iterator[tuple[str, str]]:
    """Texts of a guide, each with the key under which it stands, and that of what it is in."""
    if isinstance(node, dict):
        for name, each in node.items():
            yield from said_in(each, key, name)
    elif isinstance(node, list):
        for each in node:
            yield from said_in(each, around, key)
    elif isinstance(node, str):
        yield f"{around}.{key}", node


@EACH_GUIDE
def test_whoever_reads_a_step_need_not_know_our_words(guide: Guide) -> None:
    """No note to authors, no « bouton-logo », no « les quatre » without who they are; the app for tests is named so."""
    said = as_json(guide)
    assert not re.search(r"bouton-logo|[Ff]iche d’origine|les quatre", said)
    for _, text in said_in(json.loads(said)):
        assert "et non **e-CPS BAS**" not in text or "application de test" in text


def test_nobody_is_asked_for_pictures_of_a_phone_that_is_gone() -> None:
    """Of a lost phone, one asks where and when; its notification cannot be captured."""
    lost = order("fraud", "lost")
    assert {"loss", "theft-complaint"} <= {*lost}
    assert not {"evidence", "notification-day", "delete-e-cps"} & {*lost}


def test_nothing_is_deleted_before_activation_can_follow() -> None:
    """To renew, one first says how the e-CPS will be activated again; whoever cannot say leaves before any deletion."""
    ids = [step.id for step in GUIDES["renew"].steps]
    checks, removals = ["way", "keep", "check-mailbox", "check-card"], ["delete-old-phone", "delete", "uninstall"]
    assert max(map(ids.index, checks)) < min(map(ids.index, removals))
    keep = GUIDES["renew"].steps[ids.index("keep")]
    assert (keep.when, keep.end) == ({"way": ("neither", "unsure")}, "not-ready")
    for guide_id in ("activate-mobile", "activate-with-card", "login-fails"):
        assert "Supprimer ma e-CPS" not in everything(GUIDES[guide_id])


FAILURES = [
    ("the identifier is not recognised", "activate-mobile", "confirm-rpps", "not-recognised"),
    ("the identifier is not recognised", "activate-mobile", "confirm-rpps", "sandbox-app"),
    ("the identifier is not recognised", "activate-mobile", "confirm-rpps", "not-in-directory"),
    ("the identifier is not recognised", "activate-with-card", "scan", "not-recognised"),
    ("the device is refused: rooted", "activate-mobile", "open-app", "rooted-phone"),
    ("the device is refused: another store", "activate-mobile", "open-app", "outside-store"),
    ("the device is refused: SIM changed", "activate-mobile", "open-app", "sim-changed"),
    ("the device is refused: two SIM cards", "activate-mobile", "open-app", "dual-sim"),
    ("an eSIM, or a preinstalled store", "activate-mobile", "open-app", "no-remedy"),
    ("the device is refused", "activate-with-card", "open-app", "no-remedy"),
    ("no e-mail", "activate-mobile", "email", "no-email"),
    ("no e-mail: MSSanté", "activate-mobile", "email", "unsuitable-address"),
    ("no e-mail: the operator blocks it", "activate-mobile", "email", "still-no-email"),
    ("wrong e-mail or mobile", "activate-mobile", "compare-details", "doubt-remains"),
    ("wrong mobile", "activate-mobile", "sms", "wrong-mobile"),
    ("no SMS", "activate-mobile", "sms", "no-sms"),
    ("QR code expired", "activate-with-card", "scan", "qr-expired"),
    ("card not recognised", "activate-with-card", "card-login", "card-not-recognised"),
    ("card still not recognised", "activate-with-card", "card-login", "still-not-recognised"),
    ("no request reaches the phone", "activate-mobile", "test-login", "no-request"),
    ("no request reaches the phone", "activate-with-card", "test-login", "no-request"),
    ("a Vitale card", "activate-with-card", "insert-card", "vitale-card"),
    ("a Vitale card", "card-on-pc", "right-card", "vitale-card"),
    ("activated, but the login fails", "activate-mobile", "test-login", "login-fails"),
    ("e-CPS expired", "activate-mobile", "open-app", "expired"),
    ("e-CPS expired", "login-fails", "open-app", "expired"),
    ("new phone", "activate-with-card", "open-app", "new-phone"),
    ("everything fails for everyone", "activate-mobile", "confirm-rpps", "outage"),
    ("everything fails for everyone", "activate-with-card", "open-wallet", "outage"),
    ("everything fails for everyone", "login-fails", "last-try", "outage"),
]
"""What is known to go wrong: where it shows, and the deviation that answers it."""


@pytest.mark.parametrize(("symptom", "guide_id", "step_id", "deviation"), FAILURES)
def test_each_known_failure_is_answered_where_it_shows(
    symptom: str, guide_id: str, step_id: str, deviation: str
) -> None:
    """Every failure that is known has its remedy at the step at which somebody would see it."""
    step = GUIDES[guide_id].step(step_id)
    assert step, symptom
    assert step.deviation(deviation), symptom


OVER = {
    ("activate-mobile", "open-app", "renew"),
    ("activate-mobile", "test-login", "login-fails"),
    ("activate-mobile", "dynamic-code", "login-fails"),
    ("activate-with-card", "open-app", "renew"),
    ("activate-with-card", "card-login", "card-on-pc"),
    ("activate-with-card", "card-code", "card-blocked"),
    ("activate-with-card", "test-login", "login-fails"),
    ("activate-with-card", "dynamic-code", "login-fails"),
    ("card-blocked", "open-cps-gestion", "card-on-pc"),
    ("card-on-pc", "last-try", "card-blocked"),
}
"""The steps from which a walk goes over to another guide, and comes back."""


def test_what_another_guide_answers_leads_there_and_back() -> None:
    """An activation does not end because a card is blocked or unread, an e-CPS expired, a login fails."""
    found = {(guide.id, step.id, each.then.guide) for guide, step in STEPS for each in step.deviations}
    assert {each for each in found if each[2]} == OVER


@EACH_GUIDE
def test_what_has_no_source_is_not_said(guide: Guide) -> None:
    """No delay of an Order, no way without a computer, no doctor without an RPPS, no price and no hours are printed."""
    said = everything(guide).replace("\u00a0", " ")
    assert not re.search(r"48 h|s’en dispense|n’a qu’un numéro ADELI|€", said)
    assert "ADELI" not in said or "ancien numéro ADELI" in said


def test_android_is_spoken_of_only_where_the_service_is_on_that_phone() -> None:
    """The battery of the browser matters only when the service is opened in a browser of that same phone."""
    for guide in GUIDES.values():
        for step in guide.steps:
            assert "batterie" not in as_json(step) or step.when == {"where": ("phone", "unsure")}


@EACH_GUIDE
def test_people_read_the_title_of_a_guide_and_never_its_id(guide: Guide) -> None:
    """What is handed out of a guide names the others by their titles: in its own texts, where it sends elsewhere."""
    text = str(export_guide("markdown", guide, FACTS, lambda: others(guide, LIBRARY.folder))).replace("\u00a0", " ")
    assert not re.search(rf"(?<![-\w])({'|'.join(map(re.escape, LIBRARY.ids()))})(?![-\w])", text)
    assert all(f"« {LIBRARY.find(way.guide).guide.title} »" in text for way in guide.otherwise if way.guide)


def test_the_scan_has_its_deadline_and_its_way_back() -> None:
    """The QR code of the card path lives 90 seconds: after a break one walks again from the scanner."""
    step = GUIDES["activate-with-card"].step("scan")
    assert step is not None
    assert (step.deadline, step.resume_at) == (90, "open-scanner")


@EACH_GUIDE
def test_whoever_remains_to_be_told_is_on_the_last_screen(guide: Guide) -> None:
    """An outcome for lines that are not ticked gives the number of each of those who could be on them."""
    for step in guide.steps:
        if step.end_if_unticked:
            assert {item.contact for item in step.items} - {None} <= {*guide.outcomes[step.end_if_unticked].contacts}
    if "unfinished" in guide.outcomes:
        told = {item.contact for step in guide.steps for item in step.items} - {None}
        assert told <= {*guide.outcomes["unfinished"].contacts}


def test_a_phone_that_is_merely_lost_is_no_stolen_identity() -> None:
    """Of a lost phone, the ANS, the line and the theft are what is known: no list demands another complaint."""
    guide = GUIDES["fraud"]
    assert all(
        "lost" not in step.when.get("situation", ()) for step in guide.steps if step.item("police") and step.when
    )
    assert "identity-complaint" not in order("fraud", "lost")


@pytest.mark.skipif(not os.environ.get("ECPS_CHECKOUT"), reason="only where the checkout is named")
def test_the_packaged_guides_are_those_of_the_checkout() -> None:
    """The wheel carries the guides of the repository and their scenarios, byte for byte."""
    checkout = Path(os.environ["ECPS_CHECKOUT"]) / "guides"
    files = {path.relative_to(checkout): path.read_bytes() for path in checkout.rglob("*.yaml")}
    carried = {path.relative_to(LIBRARY.folder): path.read_bytes() for path in LIBRARY.folder.rglob("*.yaml")}
    assert files == carried
