"""The rules of good checklists: signs, in what was written, of a step that will be misread, skipped or not understood.

They come from aviation and medicine (Degani & Wiener; the FAA; Gawande's Project Check; the WHO); `docs/rules.md` says
which rule comes from where. They are advice: none stops a walk.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import cache

from ecps_cli.core.guide import ACTIONS
from ecps_cli.core.text import shorten
from ecps_cli.loading.problems import Finding, Violations
from ecps_cli.loading.raw_guide import RawGuide, is_critical
from ecps_cli.loading.rules import apply_rules
from ecps_cli.loading.tree import KEY

# ------------------------------------------------------------------------------------------------ one action, few words

_ACTION = re.compile(
    r"""(?: (?P<joiner> (?:\A|\n) (?:[-*•–]|\d{1,2}[.)])\s | \A | \n(?-i:(?=[A-ZÀ-Ý])) | ,\s )  # a line, a comma;
            (?: (?:lui|y|en|se|vous)\s | s['’] )?  # what a verb may have before it
          | (?: \b(?:puis|ensuite|et),?\s | \bavant\sd(?:e\s|['’]) | [.;!]\s )  # what joins, or ends a sentence;
            (?: (?:le|la|les|lui|leur|y|en|se|vous)\s | [ls]['’] )? )  # here an article could be an object too
        (?P<verb> \w*(?: er | (?<!o)ir | voir | (?<![ao])ire | faire | traire | clure | mettre | battre | ompre
            | (?:su|v)ivre | (?:[aeio]n|er|ou)dre | [a-zé]ez ) | (?:re)?faites | dites )\b""",
    re.VERBOSE | re.IGNORECASE,
)
"""What may be an action: an infinitive, or an imperative, where one begins. Blanks are single in what it reads."""
_JOINED = re.compile(r"[,.;!]\s|\n|\b(?:puis|ensuite|et|avant)\b", re.IGNORECASE)
"""Without one of these there is no second action: most texts are not looked at further."""
_NO_VERBS = {
    "premier", "dernier", "papier", "clavier", "courrier", "fichier", "dossier", "calendrier", "particulier",
    "panier", "cahier", "quartier", "atelier", "métier", "entier", "régulier", "singulier", "infirmier", "janvier",
    "février", "escalier", "hier", "mer", "fer", "hiver", "cher", "plaisir", "avenir", "pire", "rire", "navire",
    "moindre", "cendre", "chez", "assez", "nez", "rez",
}  # fmt: skip
"""Words that end like a verb, and may stand where a verb would."""


def steps_are_one_action(guide: RawGuide) -> Violations:
    """Steps that seem to hold two actions: a second verb after « puis », « et », a comma, or in a new sentence."""
    for path, text in guide.texts_at("steps.*.do"):
        second = _second_action(_BOLD.sub("«»", text))  # no word of a label is meant
        if second:
            said = f"« {second} » semble une deuxième action. Faites-en une autre étape, avec son propre « expect »."
            yield path, said


def _second_action(text: str) -> str | None:
    """Words that seem the second action of a text; of a list, or of what commas part, the first is not yet one."""
    if not _JOINED.search(text):
        return None
    text = "\n".join(filter(None, (" ".join(line.split()) for line in text.splitlines())))
    one = False
    for found in _ACTION.finditer(text):
        if _is_verb(text, found):
            if one or found["joiner"] is None:
                return shorten(found[0].lstrip(".;!,-*•–0123456789) \n"))
            one = True
    return None


def _is_verb(text: str, found: re.Match[str]) -> bool:
    """Whether a word that ends like a verb may be one; inside a sentence, a capital is that of a name."""
    inside = found.start() > 0 and text[found.start()] not in ".;!\n"
    return found["verb"].lower() not in _NO_VERBS and not (inside and found["verb"].istitle())


_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)


MOST_WORDS = 20
"""What can be read aloud in one breath, and kept in mind while doing it."""
_WORD = re.compile(r"\w[\w'’-]*")
_MANY_WORDS = re.compile(rf"\W*+(?:\w[\w'’-]*+\W++){{{MOST_WORDS}}}\w")
"""More of them: to look for that is faster than to count them."""
_SAID = (*ACTIONS, "expect")


def steps_are_short(guide: RawGuide) -> Violations:
    """Actions, and states to see, of more than `MOST_WORDS` words."""
    for number, step in enumerate(guide.steps):
        for key in _SAID:
            text = step.get(key)
            if isinstance(text, str) and _MANY_WORDS.match(text):
                said = f"« {key} » a {len(_WORD.findall(text))} mots. {MOST_WORDS} suffisent :"
                yield ("steps", number, key), f"{said} mettez le reste dans « help » ou « why », ou faites deux étapes."


# ---------------------------------------------------------------------------------------------------- what must be seen


def actions_say_what_to_see(guide: RawGuide) -> Violations:
    """Actions on a device after which nothing is said to be seen."""
    for number, step in enumerate(guide.steps):
        if "do" in step and "expect" not in step:
            remedy = "Ajoutez par exemple « expect: La page d’accueil est affichée. »"
            yield ("steps", number, "do", KEY), f"rien ne dit ce qui doit se voir ensuite. {remedy}"


_DONE = re.compile(
    r"""(?: (?: c['’]\s? | (?: (?:l['’])?(?:étape|action|opération) | (?:la\s)?tâche | tout | cela | ça | ceci )\s )
            (?: (?:est|a\sété|soit)\s )? (?:bien\s)? )?
        (?: faite? | effectuée? | terminée? | finie? | réalisée? | réussie? | ok | o\.k\. | bon | d['’]accord
            | validée? )
        (?: \savec\ssuccès )? \s?[.!]*""",
    re.VERBOSE | re.IGNORECASE,
)
_NOT_SEEN = re.compile(
    r"(?:oui|(?:ça|cela|tout)\s(?:marche|fonctionne)|.*[:;,–—]\s(?:c['’]est\s)?(?:faite?|effectuée?))\s?[.!]*",
    re.IGNORECASE,
)
"""What answers a question, and is nothing that can be seen."""


_DONE_ENDS = (
    *("fait", "effectué", "terminé", "fini", "réalisé", "réussi", "validé", "ok", "o.k", "bon", "accord", "succès"),
    *("faite", "effectuée", "terminée", "finie", "réalisée", "réussie", "validée", "oui", "marche", "fonctionne"),
)
"""How all that ends, but for its stops: most texts do not, and are not looked at further."""
_STOPS = ".!" + "".join(filter(str.isspace, map(chr, range(0x3001))))


def what_is_seen_is_a_state(guide: RawGuide) -> Violations:
    """Texts like « fait » in place of the state that somebody can see."""
    for pattern, unseen in (("steps.*.expect", (_DONE, _NOT_SEEN)), ("steps.*.options.*", (_DONE,))):
        for path, text in guide.texts_at(pattern):
            if not text.rstrip(_STOPS)[-10:].lower().endswith(_DONE_ENDS) or isinstance(path[-1], int):
                continue  # as a list, options are none: the model says that
            line = " ".join(text.split())
            if any(each.fullmatch(line) for each in unseen):
                remedy = "Écrivez ce que l’écran montre : « La page d’accueil est affichée. »"
                yield path, f"« {shorten(line)} » se répond sans regarder. {remedy}"


# ---------------------------------------------------------------------------------------------- what cannot be read out

_SEEN = re.compile(
    r"""\bci[-‑](?:dessous|dessus|contre|après|joint\w*)\b
      | \b(?:au|en|là)[-‑\s]dess(?:ous|us)\b (?!\sde\s\d)  # « au-dessus de 20 % » is no place
      | \bà\scôté\b (?!\s(?:de\b|des\b|du\b|d['’]))
      | \b(?:voir|voyez|indiqué|décrit|comme)\splus\s(?:bas|haut)\b
      | \b(?:à|de|sur\sla)\s(?:gauche|droite)\b
      | \bcliqu(?:er|ez)\sici\b
      | \b(?:voir|comme\s(?:sur|dans)|sur)\s(?:la\s(?:capture|figure|photo)|l['’]image)\b
      | \b(?:bouton|lien|ic[oô]ne|onglet|zone|case|texte|voyant|bandeau|cadre|carré|rond|flèche|pastille|encart)s?\s
        (?:bleu|vert|rouge|orange|jaune|gris|noir|blanc|violet|rose)(?:e|te|he)?s?\b
      | \ben\s(?:bleu|vert|rouge|orange|jaune|gris)\b""",
    re.VERBOSE | re.IGNORECASE,
)


_SIGNS = (
    b" ci ", b" dessus", b" dessous", b" c t ", b" plus bas", b" plus haut",
    b" gauche", b" droite", b"quer ici", b"quez ici", b" image", b" capture", b" figure", b" photo",
    b" bleu", b" vert", b" rouge", b" orange", b" jaune", b" gris", b" noir", b" blanc", b" violet", b" rose",
)  # fmt: skip
"""One of these is in whatever `_SEEN` finds, once all but plain letters is blank (« côté » is then « c t »); most
guides have none, and to look for them is fifty times faster."""
_SMALL = bytes(code if chr(code).isalpha() else 32 for code in bytes(range(128)).lower()).ljust(256)


def _may_hold_one(text: str) -> bool:
    letters = f" {text}".encode("ascii", "replace").translate(_SMALL)
    return any(sign in letters for sign in _SIGNS)


def texts_can_be_read_aloud(guide: RawGuide) -> Violations:
    """What only somebody who sees the screen understands: « ci-dessous », « à droite », « le bouton bleu »."""
    if not _may_hold_one(guide.whole):
        return
    for path, text in guide.texts:
        found = _SEEN.search(text) if _may_hold_one(text) else None
        if found:
            said = f"« {shorten(found[0])} » ne se comprend pas au téléphone. Nommez ce que c’est, par son libellé."
            yield path, said


# ------------------------------------------------------------------------------------------------------------ questions

UNSURE = "unsure"
"""The option on which a list of answers opens."""


def questions_can_be_left_open(guide: RawGuide) -> Violations:
    """Questions to which nobody can answer that they do not know."""
    for number, step in enumerate(guide.steps):
        options = step.get("options")
        if "choose" in step and isinstance(options, dict) and UNSURE not in options:
            remedy = f"Ajoutez la réponse « {UNSURE}: Je ne sais pas », et ce qu’il faut faire alors."
            yield ("steps", number, "options", KEY), f"qui ne sait pas n’a rien à répondre. {remedy}"


# ------------------------------------------------------------------------------------------------------- critical items

MOST_CRITICAL = 3
"""How many steps can be marked before the mark is no longer looked at."""


def few_steps_are_critical(guide: RawGuide) -> Violations:
    """The critical steps beyond the first `MOST_CRITICAL`."""
    critical = [number for number, step in enumerate(guide.steps) if is_critical(step)]
    for number in critical[MOST_CRITICAL:]:
        said = f"c’est plus de {MOST_CRITICAL} étapes critiques : plus rien ne s’en détache. Gardez les plus graves."
        yield ("steps", number, "critical", KEY), said


def critical_steps_come_first(guide: RawGuide) -> Violations:
    """Critical steps that do not come first in their section."""
    behind = False
    for number, step in enumerate(guide.steps):
        behind = behind and "section" not in step
        if is_critical(step) and behind:
            said = "une étape critique vient après une autre dans sa section. Mettez-la en tête, ou ouvrez une section."
            yield ("steps", number, "critical", KEY), said
        behind = behind or not is_critical(step)


# --------------------------------------------------------------------------------------------------------------- labels


def labels_are_written_alike(guide: RawGuide) -> Violations:
    """A label in bold that is written in another way elsewhere in the guide, or among the facts."""
    labels = {fact.value: None for fact in (guide.facts or {}).values() if fact.kind == "label"}
    written = {_letters(label): label for label in labels}
    bold = [label for text in guide.bare_texts if "**" in text for label in _labels(text)]
    for label in bold:
        written.setdefault(_letters(label), label)
    if all(label in labels or label == written[_letters(label)] for label in bold):
        return
    for path, text in guide.texts:
        for label in _labels(text):
            known = written[_letters(label)]
            if label != known and label not in labels:
                yield (
                    path,
                    f"le libellé « {shorten(label)} » s’écrit ailleurs « {shorten(known)} ». Écrivez les deux de même.",
                )


def _labels(text: str) -> Iterator[str]:
    return (found[1] for found in _BOLD.finditer(text))


@cache
def _letters(label: str) -> str:
    """Letters and digits of a label, without case and accents."""
    decomposed = unicodedata.normalize("NFKD", label).casefold()
    return "".join(letter for letter in decomposed if letter.isalnum())


# ------------------------------------------------------------------------------------------------------------ the table

CHECKLIST_RULES: Mapping[str, Callable[[RawGuide], Violations]] = {
    "W601": steps_are_one_action,
    "W602": steps_are_short,
    "W603": actions_say_what_to_see,
    "W604": what_is_seen_is_a_state,
    "W605": texts_can_be_read_aloud,
    "W606": questions_can_be_left_open,
    "W607": few_steps_are_critical,
    "W608": critical_steps_come_first,
    "W609": labels_are_written_alike,
}


def check_wording(guide: RawGuide) -> list[Finding]:
    """Violations of the rules of good checklists in a guide as it was written."""
    return apply_rules(CHECKLIST_RULES, guide)
