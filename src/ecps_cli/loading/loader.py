"""A text in YAML into a guide, its facts, answers to it, or its scenarios; or all its problems, each at its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from ecps_cli.core.guide import Facts, Guide
from ecps_cli.core.text import shorten
from ecps_cli.loading.problems import (
    MOST,
    LoadError,
    Located,
    Problem,
    Unknown,
    closest,
    is_error,
    listed,
    refuse,
    worded,
)
from ecps_cli.loading.rules import Draft, FactDraft, Finding, check_facts, check_guide
from ecps_cli.loading.tree import KEY, Path, Tree, read_tree

__all__ = [
    "Examined",
    "LoadError",
    "Problem",
    "examine_facts",
    "examine_guide",
    "load_answers",
    "load_facts",
    "load_guide",
    "load_model",
]

Shape = TypeVar("Shape", bound=BaseModel)

_FACTS = TypeAdapter(Facts, config=ConfigDict(defer_build=True))  # built when first used


def load_guide(text: str, name: str, facts: Facts, *, stem: str | None = None) -> Guide:
    """Return the guide that a text holds; `name` is what its problems call the file.

    With `stem`, the name under which a library keeps the file, the guide must have it as its id.

    Raises:
        LoadError: the text is no guide, or breaks a rule; with every problem of it.

    """
    guide: Guide
    guide, located = _read_guide(text, name, facts, stem)
    if located:
        refuse(name, located)
    return guide


def load_facts(text: str, name: str) -> Facts:
    """Return the facts that a text holds, by id; `name` is what its problems call the file.

    Raises:
        LoadError: the text holds no facts, or they break a rule; with every problem of it.

    """
    facts: Facts
    facts, located = _read_facts(text, name)
    if located:
        refuse(name, located)
    return facts


class Examined(NamedTuple):
    """What a text holds, and all that is to be said of it, in the order of the text."""

    value: Any
    """The guide or the facts; None when they cannot be used."""
    problems: list[Problem]
    """The first `MOST` errors, and the first `MOST` warnings."""
    more_errors: int = 0
    more_warnings: int = 0


def examine_guide(
    text: str, name: str, facts: Facts | None, advise: Callable[[Draft], list[Finding]], *, stem: str | None = None
) -> Examined:
    """Return the guide that a text holds, with its errors and with what `advise` finds; raises nothing.

    Without facts, what the guide names of them is not held against any.
    """
    try:
        return _examined(name, *_read_guide(text, name, facts, stem, advise))
    except LoadError as error:
        return Examined(None, list(error.problems), error.more)


def examine_facts(text: str, name: str, advise: Callable[[FactDraft], list[Finding]]) -> Examined:
    """Return the facts that a text holds, with their errors and with what `advise` finds; raises nothing."""
    try:
        return _examined(name, *_read_facts(text, name, advise))
    except LoadError as error:
        return Examined(None, list(error.problems), error.more)


def _examined(name: str, value: Any, located: list[Located]) -> Examined:
    errors, more_errors = worded(name, (each for each in located if is_error(each[2])))
    warnings, more_warnings = worded(name, (each for each in located if not is_error(each[2])))
    return Examined(None if errors else value, sorted(errors + warnings), more_errors, more_warnings)


def load_answers(text: str, name: str, guide: Guide) -> dict[str, tuple[str, ...]]:
    """Return what a file has typed at the steps of a guide: by step id, texts in the order of typing.

    Raises:
        LoadError: the text is no such file, or names steps that the guide has not; with every problem of it.

    """
    tree = read_tree(text, name)
    if located := _located(tree, list(answer_findings(tree.data, guide))):
        refuse(name, located)
    return typed_lines(tree.data)


def answer_findings(answers: object, guide: Guide, path: Path = ()) -> Iterator[Finding]:
    """Yield what is wrong in answers by step as they were written; `path` is where they stand in their file."""
    if not isinstance(answers, dict):
        yield path, 'il faut une réponse par étape. Écrivez par exemple « rpps: "899700218896" ».', "E205"
        return
    steps = [step.id for step in guide.steps]
    for step_id, typed in answers.items():
        if guide.step(step_id) is None:
            yield (*path, step_id, KEY), Unknown("l’étape", step_id, steps, "Enlevez cette ligne."), "E306"
        texts = typed if isinstance(typed, list) else [typed]
        if not texts or not all(isinstance(each, str) for each in texts):
            said = 'une réponse est un texte, ou une liste de textes. Écrivez par exemple « rpps: [p, "1"] ».'
            yield (*path, step_id), said, "E205"


def typed_lines(answers: Mapping[str, str | list[str]]) -> dict[str, tuple[str, ...]]:
    """Return answers in which nothing is wrong: by step id, texts in the order of typing."""
    return {step: tuple(typed) if isinstance(typed, list) else (typed,) for step, typed in answers.items()}


def load_model(tree: Tree, name: str, shape: type[Shape], rules: Callable[[Any], list[Finding]]) -> Shape:
    """Return what another kind of file holds, from its tree: its model, and the rules on what was written.

    Raises:
        LoadError: it is no such file, or breaks a rule; with every problem of it.

    """
    value: Shape
    value, located = _read(tree, shape, shape.model_validate, rules)
    if located:
        refuse(name, located)
    return value


def _misnamed(data: Any, stem: str | None) -> list[Finding]:
    """Say that a guide has not the id under which the library keeps it."""
    written = data.get("id") if isinstance(data, dict) else None
    if stem is None or not isinstance(written, str) or written == stem:
        return []
    said = f"le fichier s’appelle « {shorten(stem)} », le guide « {shorten(written)} ». Donnez-leur le même nom."
    return [(("id",), said, "E302")]


# ---------------------------------------------------------------------------------------------- the model and the rules


def _no_advice(_: Any) -> list[Finding]:
    return []


def _read_guide(
    text: str,
    name: str,
    facts: Facts | None,
    stem: str | None,
    advise: Callable[[Draft], list[Finding]] = _no_advice,
) -> tuple[Any, list[Located]]:
    def rules(data: Any) -> list[Finding]:
        draft = Draft(data, facts)
        return [*_misnamed(data, stem), *check_guide(draft), *advise(draft)]

    return _read(read_tree(text, name), Guide, Guide.model_validate, rules)


def _read_facts(
    text: str, name: str, advise: Callable[[FactDraft], list[Finding]] = _no_advice
) -> tuple[Any, list[Located]]:
    def rules(data: Any) -> list[Finding]:
        draft = FactDraft(data)
        return [*check_facts(draft), *advise(draft)]

    return _read(read_tree(text, name), Facts, _FACTS.validate_python, rules)


def _read(
    tree: Tree, shape: Any, validate: Callable[[Any], Any], rules: Callable[[Any], list[Finding]]
) -> tuple[Any, list[Located]]:
    """Return what a file holds, if the model can make it, and all that the model and the rules find in it."""
    value, errors = _attempt(validate, tree.data)
    if errors and _corrected(tree, errors, shape):
        _, errors = _attempt(validate, tree.data)
    broken = rules(tree.data)
    said = {path for path, _, code in broken if is_error(code)}  # a rule that speaks of a value knows more
    refused = (_explain(error, shape) for error in errors)
    return value, _located(tree, [*(each for each in refused if each[0] not in said), *broken])


def _located(tree: Tree, findings: list[Finding]) -> list[Located]:
    """Return all that was found in a file, each at its place."""
    if not findings and not tree.findings:
        return []
    nodes = [(tree.node(path), said, code) for path, said, code in findings]
    return tree.all_findings((node.place, said, code) for node, said, code in nodes if not node.spoiled)


def _attempt(validate: Callable[[Any], Any], data: Any) -> tuple[Any, list[Any]]:
    """Return the value, or None and the errors of the model."""
    try:
        return validate(data), []
    except ValidationError as error:
        errors = error.errors(include_url=False)
        # A list whose elements are refused is not short besides.
        return None, [each for each in errors if each["type"] != "too_short" or not each["input"]]


def _corrected(tree: Tree, errors: list[Any], shape: Any) -> bool:
    """Report each misspelt key and put it right in the tree, so that one typo is not three problems."""
    corrected = False
    for error in islice((each for each in errors if each["type"] == "extra_forbidden"), MOST):
        *around, key = error["loc"]
        meant = closest(key, _keys(shape, around))
        if meant and meant not in tree.node(tuple(around)).keys:
            tree.findings.append((tree.node((*around, key, KEY)).place, _unknown_key(error, shape), UNKNOWN_KEY))
            tree.rename((*around, key), meant)
            corrected = True
    return corrected


def _keys(shape: Any, path: list[Any]) -> list[str]:
    """Return the keys that the model has at a path."""
    for part in path:
        if isinstance(shape, type) and issubclass(shape, BaseModel):
            shape = next(
                field.annotation for name, field in shape.model_fields.items() if part == (field.alias or name)
            )
        else:  # of a list or a mapping: what it holds
            shape = [each for each in get_args(shape) if each is not ...][-1]
    return [field.alias or name for name, field in shape.model_fields.items() if name != _WORD_OF_THEN]


_WORD_OF_THEN = "go"
"""The model's place for the word after `then:`, which no author writes."""

# ---------------------------------------------------------------------------------------- the model's errors, in French

_EXAMPLES = {
    "format": "format: 1",
    "id": "id: send-request",
    "version": 'version: "2026.1"',
    "title": "title: Créer sa e-CPS",
    "verified_on": "verified_on: 2026-09-20",
    "review_by": "review_by: 2027-03-20",
    "sources": "sources: [fiche-2026]",
    "fits": "fits: [Le médecin a sa carte.]",
    "otherwise": "otherwise: [{if: La e-CPS a expiré, do: La supprimer}]",
    "needs": "needs: [Le téléphone du médecin]",
    "contacts": "contacts: [help-line]",
    "links": "links: [play-store]",
    "steps": "steps: [{id: scan, who: doctor, device: phone, do: Scanner le code}]",
    "outcomes": "outcomes: {activated: {success: true, text: La e-CPS est active.}}",
    "deviations": "deviations: [{id: no-mail, if: Rien n’arrive, do: Attendre, then: retry, max: 2}]",
    "if": "if: La page reste blanche",
    "do": "do: Appuyer sur **Accepter**",
    "then": "then: continue",
    "max": "max: 2",
    "items": "items: [{id: ans, text: L’ANS}]",
    "text": "text: La e-CPS est active.",
    "record": "record: [time, person]",
    "show": "show: [rpps]",
    "options": "options: {accepted: Oui, refused: Non}",
    "deadline": "deadline: 90 s",
    "when": "when: {approved: [accepted, unsure]}",
    "success": "success: true",
    "next": "next: [Fermer la page.]",
    "kind": "kind: phone",
    "name": "name: Assistance",
    "value": 'value: "0 806 800 213"',
    "guide": "guide: activate-mobile",
    "scenarios": "scenarios: {everything-works: {title: Tout va bien, outcome: activated}}",
    "answers": 'answers: {rpps: "99700218896", email: [p, no-email, ""]}',
    "must_pass": "must_pass: [scan]",
    "must_not_pass": "must_not_pass: [scan]",
    "outcome": "outcome: activated",
}

_FACT = '{kind: phone, name: Assistance, value: "3608"}'

_SENTENCES = {
    "missing": ("il manque « {name} ». Ajoutez par exemple « {example} ».", "E203"),
    "format": ("le format « {value} » n’est pas connu. Écrivez « {example} », ou mettez ecps-guide à jour.", "E206"),
    "empty": ("{what} n’a pas de valeur. Écrivez-en une, ou enlevez la ligne.", "E204"),
    "too_short": ("{what} est vide. Écrivez par exemple « {example} ».", "E204"),
    "string_type": ("{what} n’est pas un texte. Écrivez-en un après « : », entre guillemets au besoin.", "E205"),
    "tuple_type": ("{what} n’est pas une liste. Écrivez par exemple « {example} ».", "E205"),
    "dict_type": ("{what} n’est pas une suite de clés. Écrivez par exemple « {example} ».", "E205"),
    "model_type": ("{what} n’est pas une suite de clés. Écrivez par exemple « {example} ».", "E205"),
    "string_pattern_mismatch": ("« {value} » n’est pas un identifiant. Écrivez par exemple « {slug} ».", "E208"),
    "string_too_long": ("« {value} » est trop long pour un identifiant. Écrivez 60 caractères au plus.", "E208"),
    "text_too_long": ("{what} a plus de {most} caractères. Coupez ce texte en plusieurs.", "E102"),
    "literal_error": ("« {value} » n’est pas permis ici. Écrivez {allowed}.", "E206"),
    "bool": ("{what} n’est ni vrai ni faux. Écrivez « true » ou « false ».", "E206"),
    "int_type": ("{what} n’est pas un nombre. Écrivez par exemple « {example} ».", "E206"),
    "number": ("{what} n’est pas un nombre de 1 à 9. Écrivez par exemple « {example} ».", "E206"),
    "duration": (
        "« {value} » n’est pas une durée. Écrivez-la en secondes ou en minutes : « 90 s », « 2 min ».",
        "E206",
    ),
    "iso_date": ("« {value} » n’est pas une date. Écrivez l’année, le mois, le jour : « 2026-09-20 ».", "E207"),
    "date": ("la date « {value} » n’existe pas. Vérifiez le jour et le mois.", "E207"),
}
_OTHER = ("{what} ne se lit pas. Écrivez par exemple « {example} ».", "E205")
_SAME = {  # errors of the model that are one to a reader
    "string_too_short": "empty",
    "bool_parsing": "bool",
    "bool_type": "bool",
    "int_parsing": "number",
    "int_parsing_size": "number",
    "greater_than_equal": "number",
    "less_than_equal": "number",
    "date_type": "iso_date",
    "date_parsing": "date",
    "date_from_datetime_parsing": "date",
}


UNKNOWN_KEY = "E201"


def _unknown_key(error: Any, shape: Any) -> object:
    *around, key = error["loc"]
    if " " in key:  # {text: one, two}
        return f"« {shorten(key)} » n’est pas une clé. Si c’est du texte, mettez-le tout entier entre guillemets."
    return Unknown("la clé", key, _keys(shape, around), "Enlevez-la.")


def _explain(error: Any, shape: Any) -> Finding:
    """Return the path of an error of the model, its sentence in French and its code."""
    path: Path = error["loc"]
    kind, value = error["type"], error["input"]
    if kind == "extra_forbidden":
        return (*path, KEY), _unknown_key(error, shape), UNKNOWN_KEY
    allowed = re.findall(r"'([^']+)'", error.get("ctx", {}).get("expected", ""))
    if path[-1:] == (_WORD_OF_THEN,):  # the word after `then:`
        path, allowed = path[:-1], [*allowed, "{back: une-étape}", "{end: une-issue}"]
    if path == ("format",) and kind == "literal_error":
        kind = "format"
    most = error.get("ctx", {}).get("max_length", 0)
    if kind == "string_too_long" and most > 60:  # not an identifier
        kind = "text_too_long"
    if kind != "missing" and isinstance(value, str) and not value.strip():
        kind = "empty"
    names = [part for part in path if isinstance(part, str) and part != KEY] or ["clé"]
    key = next((name for name in reversed(names) if name in _EXAMPLES), names[-1])
    sentence, code = _SENTENCES.get(_SAME.get(kind, kind), _OTHER)
    said = sentence.format(
        what=_what(path),
        name=names[-1],
        value=shorten(value if isinstance(value, str) else names[-1]),
        example=_EXAMPLES.get(key, f"{shorten(key)}: {_FACT if path else 'valeur'}"),
        allowed=listed(allowed),
        most=most,
        slug=_slug(value) if kind == "string_pattern_mismatch" else "",
    )
    return path, said, code


def _what(path: Path) -> str:
    """Return what a value is called in a sentence."""
    if not path:
        return "le fichier"
    if path[-1] == KEY:
        return "cet identifiant"
    return f"« {shorten(path[-1])} »" if isinstance(path[-1], str) else f"cet élément de « {path[-2]} »"


def _slug(text: str) -> str:
    """Return the identifier nearest to a text."""
    plain = unicodedata.normalize("NFKD", text[:60]).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "send-request"
