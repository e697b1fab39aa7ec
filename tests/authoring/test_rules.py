"""The rulebook is the rules: each code has its section there, and each example of it does what the section says."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import ecps_cli
from ecps_cli.authoring import checklist
from ecps_cli.authoring.checker import Report, check
from ecps_cli.authoring.checklist import CHECKLIST_RULES, check_wording
from ecps_cli.authoring.freshness import (
    FRESH_FACT_RULES,
    FRESH_GUIDE_RULES,
    Setting,
    check_fact_freshness,
    check_guide_freshness,
)
from ecps_cli.authoring.rulebook import Block, Rule
from ecps_cli.loading.library import Library, open_library
from ecps_cli.loading.loader import Examined, examine_facts, examine_guide, load_facts
from ecps_cli.loading.problems import Finding
from ecps_cli.loading.raw_guide import RawGuide
from ecps_cli.loading.rules import FACT_RULES, GUIDE_RULES
from support.any_guide import HUGE, KEYS, TREES, mutations
from support.rulebook import BASE, BASE_FACTS, DAY, RULES, TEXT
from support.tiers import first_of

OF_FILES = {
    "E101": lambda folder: (folder / "autre.yaml").mkdir(),
    "E103": lambda folder: (folder / "autre.yaml").write_bytes("title: Créer".encode("utf-16")),
    "W104": lambda folder: (folder / "autre.yaml.txt").write_text("title: Créer", "utf-8"),
}
"""Codes that are about a file itself, and how to make one in a folder that gets them."""

EXAMPLES = [(rule, block) for rule in RULES.values() for block in rule.blocks if block.info]


def spliced(base: str, fragment: str) -> str:
    """Text in which the top-level keys of a fragment stand in place of its own, or at its end."""
    parts = {part.partition(":")[0]: part for part in re.split(r"^(?=\S)", f"{base}\n", flags=re.MULTILINE) if part}
    new: dict[str, str] = {}
    for part in re.split(r"^(?=\S)", f"{fragment}\n", flags=re.MULTILINE):
        key = part.partition(":")[0]
        new[key] = new.get(key, "") + part
    return "".join({**parts, **new}.values())


def report_on(folder: Path, block: Block) -> Report:
    """Report of the file that an example makes, as the rulebook says how."""
    guide, facts = BASE, BASE_FACTS
    base = None
    if "own" in block.info:
        facts = block.text
        (folder / "base").mkdir()
        (folder / "base" / "facts.yaml").write_text(BASE_FACTS, "utf-8")
        base = Library(folder / "base")
    elif "facts" in block.info:
        facts = spliced(BASE_FACTS, block.text)
    elif "whole" in block.info:
        guide = f"{block.text}\n"
    elif block.text.startswith("- id:") or block.text.startswith("- {id:"):
        steps = "".join(f"  {line}\n" for line in block.text.splitlines())
        guide = BASE.replace("steps:\n", f"steps:\n{steps}")
    else:
        guide = spliced(BASE, block.text)
    (folder / "exemple.yaml").write_text(guide, "utf-8")
    (folder / "facts.yaml").write_text(facts, "utf-8")
    reports = [report for report in check([], Library(folder, base), DAY) if report.problems]
    assert len(reports) <= 1, "an example is about one file"
    return reports[0] if reports else Report("", [])


def codes(report: Report) -> set[str]:
    return {flagged.problem.code for flagged in report.problems}


@pytest.mark.parametrize(("rule", "block"), EXAMPLES, ids=lambda each: each[0] if isinstance(each, Rule) else each.info)
def test_each_example_does_what_its_section_says(rule: Rule, block: Block, tmp_path: Path) -> None:
    """A bad example gets the code of its section and no other; a good one gets nothing at all."""
    verdict = block.info.split()[1]
    assert verdict in ("bad", "good")
    assert codes(report_on(tmp_path, block)) == ({rule.code} if verdict == "bad" else set())


def test_the_base_of_the_examples_is_good(tmp_path: Path) -> None:
    """What an example is tried in adds nothing of its own."""
    assert codes(report_on(tmp_path, Block("version: '1'"))) == set()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("À remplacer : le titre du document", True),
        ("à remplacer", True),
        ("Support (numéro à remplacer)", True),
        ("Carte à remplacer", False),
        ("Si la carte est à remplacer : service en ligne", False),
        ("À remplacement, notice de 2026", False),
    ],
)
def test_what_the_template_left_is_told_from_what_somebody_meant(text: str, left: bool, tmp_path: Path) -> None:
    """A text that begins with « À remplacer », or has it at the end of a parenthesis, is no source and no name."""
    fact = f"aide: {{kind: phone, name: {quoted(text)}, value: '3608', source: fiche, verified_on: 2026-09-20}}"
    assert codes(report_on(tmp_path, Block(fact, "yaml bad facts"))) == ({"W707"} if left else set())


@pytest.mark.parametrize("code", OF_FILES)
def test_what_is_about_the_file_itself_gets_its_code(code: str, tmp_path: Path) -> None:
    """Rules that no fragment can show are shown by a file."""
    report_on(tmp_path, Block("version: '1'"))
    OF_FILES[code](tmp_path)
    (report,) = (each for each in check([str(tmp_path)], Library(tmp_path), DAY) if each.problems)
    assert codes(report) == {code}


def test_each_rule_has_a_bad_and_a_good_example() -> None:
    """No section explains a rule without showing it."""
    for rule in RULES.values():
        shown = [block.info.split()[1] for block in rule.blocks if block.info]
        assert rule.blocks[0].info == "", f"{rule.code} says why first"
        assert (sorted(shown) == ["bad", "good"]) != (rule.code in OF_FILES), rule.code


def test_every_code_has_its_section_and_every_section_its_code() -> None:
    """The codes that the sources can give are those that are explained, in their order."""
    sources = Path(ecps_cli.__file__).parent.rglob("*.py")
    given = {code for path in sources for code in re.findall(r'"([EW]\d{3})"', path.read_text("utf-8"))}
    assert given == set(RULES)
    assert list(RULES) == sorted(RULES)
    assert len(re.findall(r"^## ", TEXT, flags=re.MULTILINE)) == len(RULES)


def test_no_rule_has_two_codes() -> None:
    """One code, one function: an author who looks a code up reads of one rule."""
    tables = (GUIDE_RULES, FACT_RULES, CHECKLIST_RULES, FRESH_GUIDE_RULES, FRESH_FACT_RULES)
    rules = [rule for table in tables for rule in table.values()]
    assert len(rules) == len(set(rules))


def test_the_guides_of_the_project_keep_every_rule() -> None:
    """On the day on which they were last verified, the shipped guides and facts have no error and no warning."""
    library = open_library(None, {})
    day = max(library.find(each).guide.verified_on for each in library.ids())
    reports = list(check([], library, day))
    assert len(reports) >= 8
    assert [flagged for report in reports for flagged in report.problems] == []


# --- secrets, on more sentences than the rulebook has


def as_asked(text: str) -> str:
    return f"- {{id: it, ask: {quoted(text)}}}"


def as_recorded(text: str, record: str = "reference") -> str:
    return f"- {{id: it, tick: Noter, items: [{{id: a, text: {quoted(text)}, record: [{record}]}}]}}"


def as_title(text: str, record: str = "reference") -> str:
    return f"- {{id: it, tick: {quoted(text)}, items: [{{id: a, text: Le voici, record: [{record}]}}]}}"


def as_order(text: str) -> str:
    return f"- id: it\n  who: doctor\n  device: phone\n  do: {quoted(text)}\n  expect: La page\n  secret: true"


def as_remedy(text: str) -> str:
    way = f"{{id: a, if: Rien., do: {quoted(text)}, then: continue}}"
    return as_order("Ouvrir la page") + f"\n  deviations: [{way}]"


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


SECRETS = [
    "Code à 6 chiffres",
    "Code à quatre chiffres",
    "Code de la carte CPS",
    "Les 4 chiffres de la carte CPS du médecin",
    "Code CPS",
    "code e-CPS",
    "Code de sécurité",
    "Code que le médecin a choisi",
    "Le code PIN du médecin",
    "Le code reçu par SMS",
    "Phrase secrète",
    "Réponse à la question secrète",
    "Schéma de déverrouillage",
    "Code postal et code d’accès",
    "Code du téléphone",
]


@pytest.mark.parametrize("text", SECRETS)
@pytest.mark.parametrize("written", [as_asked, as_recorded, as_title])
def test_no_secret_can_be_typed(written: Callable[[str], str], text: str, tmp_path: Path) -> None:
    """Whatever it is called, a secret is refused where the answer, or a reference beside a line, would hold it."""
    assert codes(report_on(tmp_path, Block(written(text)))) == {"E501"}


@pytest.mark.parametrize(
    "text",
    [
        "Code postal du cabinet",
        "Code d’erreur affiché",
        "Code de l’erreur",
        "Code INSEE de la commune",
        "Code du service",
        "Code APE",
        "Code HTTP affiché",
        "Code CCAM de l’acte",
        "Numéro FINESS ou code FINESS",
        "Texte sous le QR code",
        "Les 11 chiffres du RPPS, au dos de la carte CPS",
        "Nom du secrétariat",
        "Personne tenue au secret médical",
        "Version de l’application",
    ],
)
@pytest.mark.parametrize("written", [as_asked, as_recorded, as_title])
def test_what_anybody_may_know_can_be_typed(written: Callable[[str], str], text: str, tmp_path: Path) -> None:
    """Codes that are no secret, and words near those of secrets, are ordinary questions."""
    assert codes(report_on(tmp_path, Block(written(text)))) == set()


@pytest.mark.parametrize("written", [as_recorded, as_title])
def test_a_line_that_records_no_words_may_name_a_secret(written: Callable[..., str], tmp_path: Path) -> None:
    """An hour holds no secret: that a code was changed can be ticked, and when."""
    assert codes(report_on(tmp_path, Block(written("Le code PIN est changé", "time")))) == set()


@pytest.mark.parametrize(
    "text",
    [
        "Demander au médecin son code PIN.",
        "Demander son mot de passe.",
        "Demandez-lui le code reçu par SMS.",
        "Demander à la personne du cabinet son code.",
        "Demander au médecin : « Quel est votre code ? »",
        "Demander quel est son code PIN.",
        "Noter le code de la carte.",
        "Se faire dicter les 4 chiffres du code porteur.",
        "Le médecin dicte le code affiché.",
        "Relever le code à 6 chiffres.",
        "Donner le code PIN au support.",
        "Dire le code affiché.",
        "Demander au médecin quel code il a reçu.",
        "Le support note le code.",
        "Noter sur le ticket les 6 chiffres affichés.",
    ],
)
@pytest.mark.parametrize("written", [as_order, as_remedy])
def test_no_secret_is_told_aloud(written: Callable[[str], str], text: str, tmp_path: Path) -> None:
    """An order, or a remedy, to ask for a secret, to note or say it is refused, even at a step marked `secret`."""
    assert codes(report_on(tmp_path, Block(written(text)))) == {"E501"}


@pytest.mark.parametrize(
    "text",
    [
        "Le médecin tape son code PIN.",
        "Taper le code reçu par SMS.",
        "Choisir un code PIN.",
        "Demander un nouveau code.",
        "Demander au médecin de taper son code PIN.",
        "Demander la réinitialisation du mot de passe.",
        "Demander l’envoi du SMS.",
        "Attendre que l’application demande le code PIN.",
        "Ne jamais demander son code PIN.",
        "NE NOTEZ PAS le code, ne le demandez à personne.",
        "Ne lui demandez pas son code.",
        "Appuyer sur **Demander le code**.",
        "Noter le code d’erreur.",
    ],
)
@pytest.mark.parametrize("written", [as_order, as_remedy])
def test_a_secret_may_be_typed_by_whom_it_belongs_to(written: Callable[[str], str], text: str, tmp_path: Path) -> None:
    """The doctor types it alone; a defence to ask for it, or an order to get a new one, tells it to nobody."""
    assert codes(report_on(tmp_path, Block(written(text)))) == set()


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Quel code le médecin a-t-il reçu ?", "« code le médecin a-t-il reçu »"),
        ("Où est la PHRASE SECRÈTE", "« PHRASE SECRÈTE »"),
        ("Les 6 chiffres reçus par SMS", "« 6 chiffres reçus »"),
        ("Le schéma de de\u0301verrouillage", "« schéma de déverrouillage »"),
        ("Ｃｏｄｅ ＳＭＳ", "« Ｃｏｄｅ ＳＭＳ »"),
    ],
)
def test_a_secret_is_quoted_as_it_is_written(question: str, said: str, tmp_path: Path) -> None:
    """An author finds in the file what the message quotes: its capitals and accents are kept."""
    (flagged,) = report_on(tmp_path, Block(as_asked(question))).problems
    assert flagged.problem.message.startswith(f"{said} : un secret ne se demande pas.")


# --- the rules of wording, on more sentences than the rulebook has


def wording(tmp_path: Path, step: str) -> set[str]:
    return codes(report_on(tmp_path, Block(f"- id: it\n  who: doctor\n  device: phone\n{step}")))


@pytest.mark.parametrize(
    "text",
    [
        "Ouvrir l’application et appuyer sur **Accepter**.",
        "Ouvrir l’application, puis la fermer.",
        "Ouvrir l’application puis s’identifier.",
        "Ouvrez l’application et tapez le numéro.",
        "Ouvrir l’application. Appuyer sur **Accepter**.",
        "Ouvrir l’application, ensuite lire la licence.",
        "Lire la licence avant d’appuyer sur **Accepter**.",
        "Ouvrir la page et y inscrire le numéro.",
        "Ouvrir la page, cliquer sur **Connexion**.",
        "Ouvrir le navigateur, taper l’adresse, valider.",
        "Sur le téléphone, ouvrir la page, se connecter.",
        "Ouvrez la page et faites défiler.",
        "Ouvrez la page et dites le numéro affiché.",
        "OUVREZ LA PAGE ET FERMEZ LE NAVIGATEUR.",
        "Ouvrir la page et   \n  lire la licence.",
        "- Ouvrir la page\n- Cliquer sur **Connexion**\n- Valider",
        "Dans l’ordre :\n1. ouvrir la page\n2. attendre le menu",
        "Ouvrir la page\nCliquer sur **Connexion**",
        "Rompre le lien et remettre la carte.",
        "Prendre la carte et éteindre le lecteur.",
    ],
)
def test_two_actions_are_seen(text: str, tmp_path: Path) -> None:
    """A second verb, after « puis », « et », a comma, or in a sentence or a line of its own, is a second action."""
    assert wording(tmp_path, f"  do: {quoted(text)}\n  expect: La page est affichée.") == {"W601"}


@pytest.mark.parametrize(
    "text",
    [
        "REFUSEZ la notification. NE TAPEZ PAS le code, ne le lisez à personne.",
        "Taper les 12 chiffres, un 8, puis les 11 chiffres du RPPS.",
        "Comparer avec l’adresse de la messagerie et le numéro du téléphone.",
        "Appuyer sur **Ouvrir et fermer**.",
        "Appuyer sur **Lire**, au bout du texte. L’activation est automatique.",
        "Garder le premier et dernier courrier.",
        "Choisir le dossier et cadre du médecin.",
        "Taper le numéro et votre nom.",
        "Regarder la page. Votre écran clignote.",
        "Attendre le SMS. Entre 10 et 20 secondes.",
        "Choisir janvier et février.",
        "Appeler Didier et Olivier.",
        "Appeler Olivier, Didier.",
        "Fermer la porte et être prêt.",
        "Comparer le numéro et le formulaire.",
        "Comparer le nom, le courrier et la signature.",
        "Téléphone prêt, cliquer sur **Connexion**.",
        "Dans l’application, appuyer sur **Connexion**.",
        "Appuyer sur **Connexion** pour\nouvrir la page.",
        "Comparer :\n- le numéro ;\n- le courrier.",
    ],
)
def test_one_action_is_left_alone(text: str, tmp_path: Path) -> None:
    """A defence, a label, a noun or a name after « et », the only verb after a comma are no second action."""
    assert wording(tmp_path, f"  do: {quoted(text)}\n  expect: La page est affichée.") == set()


def test_a_remedy_may_have_several_actions(tmp_path: Path) -> None:
    """What puts a deviation right is read as a whole: only the action of a step is one."""
    way = "{id: a, if: Rien., do: 'Fermer la page, puis l’ouvrir.', then: continue}"
    assert wording(tmp_path, f"  do: Ouvrir la page\n  expect: La page est affichée.\n  deviations: [{way}]") == set()


@pytest.mark.parametrize(
    "text",
    [
        *("Fait", "C’est fait.", "ok", "OK !", "C'est bon", "Terminé", "L’action est terminée.", "Tout est validé"),
        *(
            "Étape terminée avec succès.",
            "L’étape est terminée",
            "C’est bien fait",
            "Tout   est\n bon",
            "Opération réussie",
            "Fait\u2003!!\u00a0\n",
        ),
    ],
)
def test_an_answer_that_needs_no_look_is_seen(text: str, tmp_path: Path) -> None:
    """Neither as the state to see nor as an answer does « fait » say what the screen shows."""
    assert wording(tmp_path, f"  do: Ouvrir la page\n  expect: {quoted(text)}") == {"W604"}
    question = f"- {{id: q, choose: Laquelle, options: {{a: {quoted(text)}, unsure: Je ne sais pas}}}}"
    assert codes(report_on(tmp_path, Block(question))) == {"W604"}


@pytest.mark.parametrize(
    "text", ["Oui", "oui.", "Ça marche.", "Tout fonctionne", "Page ouverte : fait.", "La page est ouverte, c’est fait"]
)
def test_a_state_that_says_nothing_is_seen(text: str, tmp_path: Path) -> None:
    """What is a good answer to a question is still nothing that can be seen."""
    assert wording(tmp_path, f"  do: Ouvrir la page\n  expect: {quoted(text)}") == {"W604"}
    question = f"- {{id: q, choose: Laquelle, options: {{a: {quoted(text)}, unsure: Je ne sais pas}}}}"
    assert codes(report_on(tmp_path, Block(question))) == set()


@pytest.mark.parametrize(
    "text",
    [
        "La page est affichée.",
        "L’appel est terminé par l’ANS.",
        "Le code est bon.",
        "La page affiche : OK",
        "Le bouton **Oui** est affiché.",
        "Oui et Non sont affichés.",
    ],
)
def test_an_observed_state_is_left_alone(text: str, tmp_path: Path) -> None:
    """A state that one must look at is what is wanted, whatever its verb."""
    assert wording(tmp_path, f"  do: Ouvrir la page\n  expect: {quoted(text)}") == set()


@pytest.mark.parametrize(
    "text",
    [
        *("Voir ci-dessous.", "Le menu est à droite.", "Un bouton bleu s’affiche.", "Une icône verte.", "Cliquer ici."),
        *(
            "Voir ci‑dessous.",
            "Voir plus bas.",
            "Comme indiqué plus haut.",
            "Appuyer sur ce bouton, à côté.",
            "À côté, un bouton.",
        ),
        *("Le bouton au-dessus du champ.", "Le lien au‑dessous.", "Le bouton en dessous du champ."),
    ],
)
def test_what_only_the_eye_understands_is_seen(text: str, tmp_path: Path) -> None:
    """Places and colours on a screen say nothing to who listens, in any text of the guide."""
    assert wording(tmp_path, f"  do: Ouvrir la page\n  expect: La page\n  help: {text}") == {"W605"}


@pytest.mark.parametrize(
    "text",
    [
        *("Le droit à l’oubli.", "Arrêter ici.", "L’icône loupe.", "Un texte rédigé.", "Le noir.", "Parler plus bas."),
        *("La personne à côté du médecin.", "Une batterie au-dessus de 20 %.", "Être au-dessous de 5 minutes."),
    ],
)
def test_what_can_be_said_is_left_alone(text: str, tmp_path: Path) -> None:
    """Words near those are no places nor colours."""
    assert wording(tmp_path, f"  do: Ouvrir la page\n  expect: La page\n  help: {text}") == set()


@pytest.mark.parametrize(
    ("seen", "today", "stale"),
    [
        ("2025-11-24", "2026-11-24", False),
        ("2025-11-23", "2026-11-24", True),
        ("2024-02-29", "2025-02-28", False),
        ("2024-02-29", "2025-03-01", True),
        ("2026-11-24", "2020-01-01", False),
        ("0001-01-01", "9999-12-31", True),
    ],
)
def test_a_number_is_taken_to_hold_for_a_year(seen: str, today: str, stale: bool, tmp_path: Path) -> None:
    """The day of a year later is still good, the day after is not; the calendar's own edges are no crash."""
    facts = BASE_FACTS.replace("source: fiche, verified_on: 2026-09-20", f"source: fiche, verified_on: {seen}", 1)
    (tmp_path / "facts.yaml").write_text(facts, "utf-8")
    (report,) = check([], Library(tmp_path), date.fromisoformat(today))
    assert ("W703" in {each.problem.code for each in report.problems if each.problem.line == 2}) is stale


@pytest.mark.parametrize(
    ("checked", "due", "far"),
    [
        ("2026-09-20", "2028-09-20", False),
        ("2026-09-20", "2028-09-21", True),
        ("2026-09-20", "2999-01-01", True),
        ("2024-02-29", "2027-03-01", True),
    ],
)
def test_a_review_is_not_put_off_for_years(checked: str, due: str, far: bool, tmp_path: Path) -> None:
    """A guide is read again within two years of the day on which it was verified."""
    block = Block(f"verified_on: {checked}\nreview_by: {due}")
    assert codes(report_on(tmp_path, block)) == ({"W701"} if far else set())


@pytest.mark.parametrize("sign", [each.decode() for each in checklist._SIGNS])
def test_what_makes_the_search_fast_hides_nothing(sign: str, tmp_path: Path) -> None:
    """Each sign that is looked for first is one of a text that is found, whatever its case and its line breaks."""
    begins = {
        **dict.fromkeys((" capture", " figure", " photo"), "voir la"),
        **dict.fromkeys((" plus bas", " plus haut"), "voir"),
        **dict.fromkeys((" gauche", " droite"), "à"),
        **dict.fromkeys((" dessus", " dessous"), "en"),
        **dict.fromkeys(("quer ici", "quez ici"), "cli"),
    }
    others = {" ci ": "ci-contre", " c t ": "à côté", " image": "sur l’image"}
    text = others.get(sign) or begins.get(sign, "bouton") + sign
    for written in (text, text.upper(), text.replace(" ", "\n")):
        assert checklist._SEEN.search(written)
        step = json.dumps({"id": "it", "ask": "Quoi", "help": written}, ensure_ascii=False)
        assert codes(report_on(tmp_path, Block(f"- {step}".replace('- {"id": ', "- {id: ")))) == {"W605"}


@settings(deadline=None, max_examples=60)
@given(text=st.one_of(st.from_regex(each, fullmatch=True) for each in (checklist._DONE, checklist._NOT_SEEN)))
def test_the_end_that_is_looked_at_first_hides_no_answer(text: str) -> None:
    """Whatever says that something is done, or nothing that can be seen, ends in one of the words looked at first."""
    line = " ".join(text.split())
    assume(checklist._DONE.fullmatch(line) or checklist._NOT_SEEN.fullmatch(line))
    assert len([*checklist.what_is_seen_is_a_state(RawGuide({"steps": [{"expect": text}]}, {}))]) == 1


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.sampled_from(("a", "l’été", "e-CPS", "-", "’", ",", "\n", " ", " « b » ")), min_size=20).map("".join)
)
def test_many_words_are_those_that_are_counted(text: str) -> None:
    """The search for one word too many finds it exactly where the words, counted, are too many."""
    assert bool(checklist._MANY_WORDS.match(text)) == (len(checklist._WORD.findall(text)) > checklist.MOST_WORDS)


# --- any text at all

FACTS = load_facts(BASE_FACTS, "facts.yaml")


def examined(text: str) -> Examined:
    """What every rule, those of advice too, says of a text as a guide; holds that it can be shown."""
    setting = Setting(DAY, ("exemple",))

    def advise(raw: RawGuide) -> list[Finding]:
        return [*check_wording(raw), *check_guide_freshness(raw, setting)]

    found = examine_guide(text, "g", FACTS, advise, stem=None)
    facts = examine_facts(text, "g", lambda raw: check_fact_freshness(raw, setting), {})
    lines = re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff"))
    for problem in (*found.problems, *facts.problems):
        assert problem.code in RULES
        assert 1 <= problem.line <= len(lines)
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
        assert re.fullmatch(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{10,700}", problem.message)
    return found


@pytest.mark.fuzz
@settings(deadline=None, max_examples=200)
@given(data=st.dictionaries(st.sampled_from(KEYS), TREES), step=st.dictionaries(st.sampled_from(KEYS), TREES))
def test_any_value_at_any_key_is_examined(data: dict[str, Any], step: dict[str, Any]) -> None:
    """No rule raises on what has not the shape that it expects."""
    examined(json.dumps({"steps": [step, {"id": "a", "choose": "?", "options": {"x": "X"}}], **data}))
    examined(json.dumps(data))


@settings(deadline=None, max_examples=200)
@given(text=mutations())
def test_any_slip_in_a_good_guide_is_examined(text: str) -> None:
    """Nor on what an author's slips make of a good guide."""
    examined(text)


LONG = {
    "verbs": "steps: [{id: a, do: '" + "puis le " * 120_000 + "'}]",
    "colours": "steps: [{id: a, help: '" + "bouton bouton " * 70_000 + "'}]",
    "states": "steps: [{id: a, expect: '" + "c’est " * 150_000 + "'}]",
    "labels": "title: '" + "**a" * 300_000 + "'",
    "spaces after a verb": 'steps: [{id: a, do: "et' + " " * 900_000 + '"}]',
    "spaces between words": 'steps: [{id: a, do: "' + ("et" + " " * 1_000) * 900 + '"}]',
    "spaces in a state": 'steps: [{id: a, expect: "tout' + " " * 900_000 + 'x"}]',
    "spaces in a question": 'steps: [{id: a, ask: "' + ("codes" + " " * 1_000 + "de la ") * 900 + '"}]',
    "blank lines in an action": "steps:\n- id: a\n  do: |\n    et" + "\n" * 900_000 + "    x",
    "commas": "steps: [{id: a, do: 'ouvrir" + ", a" * 300_000 + "'}]",
    "dashes in a state": "steps: [{id: a, expect: '" + "- fait " * 140_000 + "'}]",
    "orders": "steps: [{id: a, do: '" + "demander au la le " * 55_000 + "'}]",
    "ends": "steps:\n"
    + "".join(f"- {{id: q{number}, choose: a, options: {{a: A, b: B, c: C}}}}\n" for number in range(600))
    + "".join(f"- {{id: e{number}, when: {{q{number}: [a, b]}}, ask: b, end: z}}\n" for number in range(600)),
}


@pytest.mark.parametrize("name", first_of(3, [*LONG, *HUGE]))
def test_the_time_of_advice_is_bounded(name: str) -> None:
    """A megabyte of whatever takes the rules of wording the longest is examined long before a test is cut short."""
    assert examined({**HUGE, **LONG}[name]).problems
