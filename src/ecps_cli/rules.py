"""The rules over several keys: each reads what was written, well formed or not, and says where it does not hold.

They read the plain tree, not the model, so that one run shows every fault of a file. A rule passes over what has not
the shape that it expects: the model says that. Each yields a path and what reads as a sentence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ecps_cli.guide import ACTIONS, Facts
from ecps_cli.problems import Unknown, listed, short
from ecps_cli.tree import KEY, Path
from ecps_cli.validators import VALIDATORS

Finding = tuple[Path, object]
Found = Iterator[Finding]

# ---------------------------------------------------------------------------------------------- reading what may be bad


def pick(data: object, pattern: str) -> Iterator[tuple[Path, Any]]:
    """Yield each value that a pattern such as `steps.*.links.*` leads to, with its path."""
    found: list[tuple[Path, Any]] = [((), data)]
    for part in pattern.split("."):
        found = [((*path, key), value) for path, node in found for key, value in _under(node, part)]
    yield from found


def pick_texts(data: object, pattern: str) -> Iterator[tuple[Path, str]]:
    """Yield those of them that are texts and not empty."""
    return ((path, value) for path, value in pick(data, pattern) if isinstance(value, str) and value)


def _under(node: Any, part: str) -> Iterable[tuple[str | int, Any]]:
    if isinstance(node, dict):
        if part == "*":
            return node.items()
        return ((part, node[part]),) if part in node else ()
    return enumerate(node) if part == "*" and isinstance(node, list) else ()


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _words(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _is_false(value: object) -> bool:
    return isinstance(value, str) and value.lower() in {"false", "no", "off", "0", "n", "f"}  # as Pydantic reads them


class Draft:
    """A guide as it was written, with what the rules look up in it."""

    def __init__(self, data: object, facts: Facts) -> None:
        written = _mapping(data).get("steps")
        steps = written if isinstance(written, list) else []
        self.data = {**_mapping(data), "steps": steps}
        self.facts = facts
        self.steps = [_mapping(step) for step in steps]
        self.numbers: dict[str, int] = {}
        """Where in the order of steps each id stands first."""
        for number, step in enumerate(self.steps):
            if isinstance(step.get("id"), str):
                self.numbers.setdefault(step["id"], number)

    def earlier(self, number: int, action: str | None = None) -> Iterator[str]:
        """Yield the ids of the steps before one; only those with an action, if it is given."""
        return (
            each
            for each, there in self.numbers.items()
            if there < number and (action is None or action in self.steps[there])
        )

    def facts_of(self, kind: str) -> Iterator[str]:
        """Yield the ids of the facts of a kind."""
        return (each for each, fact in self.facts.items() if fact.kind == kind)

    def options(self, step_id: str) -> dict[str, Any]:
        """Return the options of a step, {} when it has none."""
        return _mapping(self.steps[self.numbers[step_id]].get("options")) if step_id in self.numbers else {}


# --------------------------------------------------------------------------------------------------- ids and references


_UNIQUE = (("steps", "l’étape"), ("steps.*.deviations", "l’écart"), ("steps.*.items", "la ligne"))


def ids_are_unique(draft: Draft) -> Found:
    """Find ids that name two steps, or two deviations or items of a step."""
    for pattern, what in _UNIQUE:
        for path, rows in pick(draft.data, pattern):
            first: dict[str, int] = {}
            for number, row in enumerate(rows if isinstance(rows, list) else (), 1):
                word = _mapping(row).get("id")
                if isinstance(word, str) and word and first.setdefault(word, number) != number:
                    said = f"{what} n° {first[word]} s’appelle déjà « {short(word)} ». Donnez un autre identifiant."
                    yield (*path, number - 1, "id"), said


_FACTS = tuple(
    (f"{owner}{key}", kind)
    for owners, key, kind in (
        (("",), "sources.*", "source"),
        (("", "steps.*.", "steps.*.deviations.*.", "outcomes.*."), "links.*", "url"),
        (("", "steps.*.", "steps.*.deviations.*.", "outcomes.*."), "contacts.*", "phone"),
        (("steps.*.items.*.",), "link", "url"),
        (("steps.*.items.*.",), "contact", "phone"),
    )
    for owner in owners
)


def facts_exist(draft: Draft) -> Found:
    """Find what is cited and is no fact, or not of the kind that is needed there, or holds no longer."""
    for pattern, kind in _FACTS:
        for path, word in pick_texts(draft.data, pattern):
            fact = draft.facts.get(word)
            if fact is None:
                remedy = f"Ajoutez-le aux faits, avec « kind: {kind} »."
                yield path, Unknown("le fait", word, draft.facts_of(kind), remedy)
            elif fact.kind != kind:
                yield path, f"le fait « {word} » est de genre « {fact.kind} ». Nommez un fait de genre « {kind} »."
            elif fact.status == "former" and kind != "source":
                other = f"« {fact.replaced_by} », qui le remplace" if fact.replaced_by else "un fait qui vaut encore"
                yield path, f"le fait « {word} » ne vaut plus (« former »). Nommez {other}."


_STEPS = (("resume_at", None), ("show.*", "ask"), ("deviations.*.then.back", None))


def steps_exist(draft: Draft) -> Found:
    """Find ways back to what is no earlier step, and values shown that none of those asked."""
    for key, action in _STEPS:
        for path, word in pick_texts(draft.data, f"steps.*.{key}"):
            fault = _not_earlier(draft, path, word, action)
            if fault:
                yield path, fault


def _not_earlier(draft: Draft, path: Path, word: str, action: str | None) -> object | None:
    """Return what is wrong with the id of a step named inside another, or None."""
    here = int(path[1])
    there = draft.numbers.get(word)
    if there is None:
        return Unknown("l’étape", word, draft.earlier(here, action), "Nommez une étape qui précède celle-ci.")
    if there == here:
        hint = ", ou écrivez « then: retry » pour la refaire" if "back" in path else ""
        return f"« {short(word)} » est l’étape même. Nommez une étape qui la précède{hint}."
    if there > here:
        return (
            f"l’étape « {short(word)} » vient après celle-ci. Nommez une étape qui la précède, ou changez leur ordre."
        )
    if action and action not in draft.steps[there]:
        return f"l’étape « {short(word)} » n’est pas une étape « {action} ». Nommez-en une qui précède celle-ci."
    return None


def answers_exist(draft: Draft) -> Found:
    """Find a `when` on what is no earlier `choose` step, or on none of its options."""
    for path, options in pick(draft.data, "steps.*.when.*"):
        question = str(path[-1])
        fault = _not_earlier(draft, path, question, "choose")
        if fault:
            yield (*path, KEY), fault
        elif options == []:
            some = short(next(iter(draft.options(question)), "oui"))
            yield path, f"aucune réponse à « {short(question)} » n’est nommée. Écrivez par exemple [{some}]."
        else:
            known = draft.options(question)
            for number, option in enumerate(_words(options)):
                if option and option not in known:
                    yield (*path, number), Unknown("la réponse", option, known, "Ajoutez-la à ses « options ».")


def outcomes_exist(draft: Draft) -> Found:
    """Find ends that are no outcome; when there are none, outcomes in which nothing ends."""
    outcomes = draft.data.get("outcomes")
    if not isinstance(outcomes, dict):
        return
    unused = dict.fromkeys(outcomes)
    unknown = False
    for pattern in ("steps.*.end", "steps.*.end_if_unticked", "steps.*.deviations.*.then.end"):
        for path, word in pick_texts(draft.data, pattern):
            unused.pop(word, None)
            if word not in outcomes:
                unknown = True
                yield path, Unknown("l’issue", word, outcomes, "Ajoutez-la sous « outcomes ».")
    for word in () if unknown else unused:
        said = f"rien ne mène à l’issue « {short(word)} ». Nommez-la dans un « end », ou enlevez-la."
        yield ("outcomes", word, KEY), said


def validators_exist(draft: Draft) -> Found:
    """Find names that are no validator's."""
    for path, word in pick_texts(draft.data, "steps.*.validate"):
        if word not in VALIDATORS:
            yield path, Unknown("le validateur", word, VALIDATORS, "Enlevez la clé.")


# ----------------------------------------------------------------------------------------------- which keys go together

_ACTIONS = listed(ACTIONS)


def one_action_a_step(draft: Draft) -> Found:
    """Find steps that have no action, or several."""
    for number, step in enumerate(draft.steps):
        actions = [each for each in ACTIONS if each in step]
        if step and not actions:
            yield ("steps", number), f"cette étape n’a pas d’action. Ajoutez {_ACTIONS}."
        for extra in actions[1:]:
            said = f"l’étape a déjà l’action « {actions[0]} ». Faites une autre étape de « {extra} »."
            yield ("steps", number, extra, KEY), said


_NEEDS = (
    ("do", "who", "dites qui agit : « who: doctor » ou « who: support »"),
    ("do", "device", "dites sur quel appareil : « device: phone », « computer » ou « second-device »"),
    ("choose", "options", "ajoutez les réponses : « options: {accepted: Oui, refused: Non} »"),
    ("tick", "items", "ajoutez les lignes à cocher : « items: [{id: ans, text: L’ANS}] »"),
    ("critical", "why", "dites pourquoi cette étape ne doit pas manquer : « why: … »"),
    ("deadline", "resume_at", "dites où reprendre après une pause : « resume_at: » et une étape qui précède"),
)
_ONLY_WITH = (
    ("options", "choose"),
    ("items", "tick"),
    ("end_if_unticked", "tick"),
    ("validate", "ask"),
    ("keep", "ask"),
    ("secret", "do"),
)
_AT_LEAST = (("options", 2, "réponses"), ("items", 1, "ligne"))


def keys_go_together(draft: Draft) -> Found:
    """Find keys without the one they need, or beside an action that has no use for them, or with too little in them."""
    for number, step in enumerate(draft.steps):
        path: Path = ("steps", number)
        for key, needed, remedy in _NEEDS:
            if key in step and needed not in step and not (key == "critical" and _is_false(step[key])):
                yield (*path, key, KEY), f"« {key} » ne va pas sans « {needed} » : {remedy}."
        if any(action in step for action in ACTIONS):
            for key, action in _ONLY_WITH:
                if key in step and action not in step:
                    yield (*path, key, KEY), f"« {key} » ne sert qu’avec « {action} ». Enlevez cette clé."
        for key, least, what in _AT_LEAST:
            if isinstance(step.get(key), (dict, list)) and len(step[key]) < least:
                yield (*path, key), f"« {key} » doit avoir au moins {least} {what}. Ajoutez-en."
    if draft.steps and "deadline" in draft.steps[0]:
        said = (
            "la première étape ne peut pas avoir de « deadline » : une pause doit la précéder. Ajoutez une étape avant."
        )
        yield ("steps", 0, "deadline", KEY), said


_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_WAYS = "« continue », « retry », « {back: une-étape} » ou « {end: une-issue} »"


def deviations_lead_somewhere(draft: Draft) -> Found:
    """Find deviations that lead to no place or to two, and ways back without a bound."""
    for path, deviation in pick(draft.data, "steps.*.deviations.*"):
        then = _mapping(deviation).get("then", "")
        ways = [then] if isinstance(then, str) else [key for key in ("go", "back", "end") if key in _mapping(then)]
        if len(ways) != 1:
            yield (*path, "then"), f"un écart mène à un seul endroit. Écrivez {_WAYS}."
        elif (way := then["go"] if ways == ["go"] else ways[0]) in ("retry", "back") and "max" not in deviation:
            yield (*path, "then"), f"« {way} » pourrait se répéter sans fin. Ajoutez par exemple « max: 2 »."
        elif way in ("continue", "end") and "max" in deviation:
            yield (*path, "max", KEY), f"« max » ne sert pas avec « {way} ». Enlevez cette clé."


def ways_out_are_single(draft: Draft) -> Found:
    """Find an `otherwise` that has not one way out: what to do, or another guide."""
    for path, way in pick(draft.data, "otherwise.*"):
        if isinstance(way, dict) and ("do" in way) == ("guide" in way):
            yield path, "il faut soit « do », soit « guide ». Gardez l’un des deux."


def review_follows_check(draft: Draft) -> Found:
    """Find a review that is due before the guide was verified."""
    checked, due = (str(draft.data.get(key)) for key in ("verified_on", "review_by"))
    if _DATE.fullmatch(checked) and _DATE.fullmatch(due) and due <= checked:
        said = f"« review_by » n’est pas après « verified_on » ({checked}). Écrivez une date plus tardive."
        yield ("review_by",), said


# ------------------------------------------------------------------------------------------------------- the walk's end


def the_walk_ends(draft: Draft) -> Found:
    """Find a last step that some walks pass over, or that has no outcome: a path would fall off the end."""
    if draft.steps:
        path: Path = ("steps", len(draft.steps) - 1)
        if "end" not in draft.steps[-1]:
            yield path, "la dernière étape ne mène à aucune issue. Ajoutez « end: » et l’identifiant d’une issue."
        if _mapping(draft.steps[-1].get("when")):
            said = (
                "la dernière étape doit convenir à tous. Enlevez « when », ou ajoutez ensuite une étape sans « when »."
            )
            yield (*path, "when", KEY), said


def every_step_is_reached(draft: Draft) -> Found:
    """Find steps whose answers exclude each other, or before which another ends the walk in each of their cases."""
    needs = _needs(draft)
    ends: list[int] = []
    for number, need in enumerate(needs):
        if need is None:
            said = "ces réponses ne vont jamais ensemble : l’étape n’est jamais atteinte. Corrigez « when »."
            yield ("steps", number, "when", KEY), said
            continue
        end = next((each for each in ends if _always_with(need, needs[each] or {})), None)
        if end is not None:
            other = short(draft.steps[end].get("id", end + 1))
            said = f"l’étape n’est jamais atteinte : « {other} » finit le guide avant. Déplacez-la, ou enlevez-la."
            yield ("steps", number), said
            if not needs[end]:
                return  # nor is any step after this one
        elif "end" in draft.steps[number]:
            ends.append(number)


Needs = dict[str, frozenset[str]]
"""Questions, and the answers to them with which a step is reached; {}: always."""


def _needs(draft: Draft) -> list[Needs | None]:
    """Return what each step needs, its questions' own needs included; None when nothing can satisfy it."""
    found: list[Needs | None] = []
    for number, step in enumerate(draft.steps):
        needs: Needs = {}
        for question, named in _mapping(step.get("when")).items():
            options = draft.options(question)
            answers = frozenset(option for option in _words(named) if option in options)
            if not answers or draft.numbers[question] >= number:
                continue  # another rule says so
            also = found[draft.numbers[question]] or {}
            for each, allowed in {**also, **({question: answers} if len(answers) < len(options) else {})}.items():
                needs[each] = needs.get(each, allowed) & allowed
        found.append(needs if all(needs.values()) else None)
    return found


def _always_with(need: Needs, other: Needs) -> bool:
    """Return whether all that satisfies one need satisfies the other."""
    return all(question in need and need[question] <= answers for question, answers in other.items())


# ----------------------------------------------------------------------------------------------- what a text may not do


_SECRET = re.compile(
    r"""\bp\W?i\W?n\b | \bpuk\b | \botp\b | \bcv[vc]2?\b | \bcryptogramme
      | \bmots?\W+de\W+passe\b | \bmdp\b | \bpass(?:word|code|phrase)
      | \bcodes?\b (?!\W+(?:posta|(?:(?:du|de|d)\W+)?(?:departement|erreur)))
        (?: \W*$ | [^.;?!\n]{0,60}? \b(?:sms|porteur|secret|dynamique|confidentiel|confirm|usage\W+unique|unique
        | recu|envoye|affich|valid|verifi|activ|debloc|acces|connexion|personnel|temporaire) )""",
    re.VERBOSE,
)


def no_secret_is_asked(draft: Draft) -> Found:
    """Find questions that ask for a secret: it has no field."""
    for path, text in pick_texts(draft.data, "steps.*.ask"):
        letters = unicodedata.normalize("NFKD", text).casefold()
        found = _SECRET.search("".join(letter for letter in letters if not unicodedata.combining(letter)))
        if found:
            said = (
                f"« {short(found[0])} » : un secret ne se demande pas. Faites une étape « do » avec « secret: true »."
            )
            yield path, said


_LINK = re.compile(
    r"""\]\(\s*<?([^\s)>]*)                                   # [text](address)
      | ^[ ]{0,3}\[[^\]\n]+\]:\s*(\S+)                        # [text]: address
      | <([a-z][a-z0-9+.-]{1,20}:[^\s>]+)                     # <scheme:address>
      | \b((?:http|ftp|file|data|javascript|vbscript):[^\s)>]+)""",
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
_HTTPS = re.compile(
    r"https://[a-z0-9-]+(\.[a-z0-9-]+)+(:[0-9]{1,5})?([/?#][!#-;=?-Z\[\]_a-z~]*)?", re.ASCII | re.IGNORECASE
)


def _links_are_safe(data: object) -> Found:
    """Find links in texts that are no https address."""
    todo: list[tuple[Path, Any]] = [((), data)]
    while todo:
        path, node = todo.pop()
        for key, each in _under(node, "*"):
            if not isinstance(each, str):
                todo.append(((*path, key), each))
            elif "](" in each or each.count(":") > each.count(" :"):  # not the colon of a French sentence
                for found in _LINK.finditer(each):
                    address = next(filter(None, found.groups()), "")
                    if not _HTTPS.fullmatch(address):
                        said = f"le lien « {short(address)} » n’est pas une adresse https. Écrivez « https://… »."
                        yield (*path, key), said


def links_are_safe(draft: Draft) -> Found:
    """Find links in the texts of a guide that are no https address."""
    return _links_are_safe(draft.data)


# ---------------------------------------------------------------------------------------------------------------- facts


_VALUES = {
    "phone": (
        re.compile(r"\+?[0-9](?: ?[0-9]){1,14}"),
        "n’est pas un numéro de téléphone. Écrivez des chiffres, séparés par des espaces simples.",
    ),
    "url": (_HTTPS, "n’est pas une adresse https. Écrivez « https://… », sans espace."),
}


Raw = dict[str, Any]
"""Facts as they were written."""


def _kind(facts: Raw, word: object) -> object:
    return _mapping(facts.get(str(word))).get("kind")


def facts_can_be_used(facts: Raw) -> Found:
    """Find phone numbers that cannot be dialled, and addresses that are not safe to open."""
    for kind, (shape, said) in _VALUES.items():
        for path, value in pick_texts(facts, "*.value"):
            if _kind(facts, path[0]) == kind and not shape.fullmatch(value):
                yield path, f"« {short(value)} » {said}"


def facts_have_a_source(facts: Raw) -> Found:
    """Find facts without a source or the day when they were seen to hold, and sources that are none."""
    for path, kind in pick_texts(facts, "*.kind"):
        for key, example in (("source", "source: fiche-2026"), ("verified_on", "verified_on: 2026-09-20")):
            if kind != "source" and key not in facts[str(path[0])]:
                yield path[:1], f"ce fait n’a pas de « {key} ». Ajoutez par exemple « {example} »."
    for path, word in pick_texts(facts, "*.source"):
        if word not in facts:
            sources = (each for each in facts if _kind(facts, each) == "source")
            yield path, Unknown("la source", word, sources, "Ajoutez-la, avec « kind: source ».")
        elif _kind(facts, word) not in ("source", None):
            yield path, f"« {short(word)} » n’est pas une source. Nommez un fait de genre « source »."


def former_facts_are_replaced(facts: Raw) -> Found:
    """Find facts replaced though they hold, or replaced by what does not."""
    former = {path[0] for path, status in pick_texts(facts, "*.status") if status == "former"}
    for path, word in pick_texts(facts, "*.replaced_by"):
        if path[0] not in former:
            yield (*path, KEY), "« replaced_by » ne sert qu’avec « status: former ». Ajoutez-le, ou enlevez cette clé."
        if word not in facts:
            yield path, Unknown("le fait", word, facts, "Ajoutez-le.")
        elif word == path[0] or word in former:
            yield path, f"« {short(word)} » ne vaut plus. Nommez un fait qui vaut encore."


def facts_link_safely(facts: Raw) -> Found:
    """Find links in the texts of facts that are no https address; the value of a `url` has a rule of its own."""
    for path, said in _links_are_safe(facts):
        if path[1:] != ("value",) or _kind(facts, path[0]) != "url":
            yield path, said


# ----------------------------------------------------------------------------------------------------------- the tables

GUIDE_RULES: tuple[Callable[[Draft], Found], ...] = (
    ids_are_unique,
    facts_exist,
    steps_exist,
    answers_exist,
    outcomes_exist,
    validators_exist,
    one_action_a_step,
    keys_go_together,
    deviations_lead_somewhere,
    ways_out_are_single,
    review_follows_check,
    the_walk_ends,
    every_step_is_reached,
    no_secret_is_asked,
    links_are_safe,
)

FACT_RULES: tuple[Callable[[Raw], Found], ...] = (
    facts_can_be_used,
    facts_have_a_source,
    former_facts_are_replaced,
    facts_link_safely,
)


def check_guide(data: object, facts: Facts) -> list[Finding]:
    """Return what the rules find in a guide as it was written, given the facts that it may name."""
    draft = Draft(data, facts)
    return [finding for rule in GUIDE_RULES for finding in rule(draft)]


def check_facts(data: object) -> list[Finding]:
    """Return what the rules find in the facts as they were written."""
    facts = _mapping(data)
    return [finding for rule in FACT_RULES for finding in rule(facts)]
