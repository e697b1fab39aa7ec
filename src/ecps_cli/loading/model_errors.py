"""What the model refuses, in French: a mismatch into the finding that tells an author what to write."""

from __future__ import annotations

import re
import unicodedata

from ecps_cli.core.model import KeyPath, Mismatch, example_at, keys_at
from ecps_cli.core.text import shorten
from ecps_cli.loading.problems import Finding, Unknown, closest, listed, no_break_around
from ecps_cli.loading.tree import KEY

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

_UNKNOWN_KEY = "E201"
_WORD_OF_THEN = ("then", "go")
"""The model's path of the word after `then:`; no author writes the second key."""


def is_unknown_key(mismatch: Mismatch) -> bool:
    """Whether a mismatch is about a key that does not exist, and not about a value."""
    return mismatch.kind == "extra_forbidden"


def unknown_key(mismatch: Mismatch, shape: object) -> Finding:
    """Finding about a key that its mapping does not have."""
    from ecps_cli.loading.causes import list_mark  # as in `_slip`

    *around, last = mismatch.path
    key = str(last)
    known = keys_at(shape, tuple(around))
    message: object = list_mark(key)
    if not message and (" " in key or (mismatch.value == "" and not closest(key, known))):  # {text: one, two}
        message = f"« {shorten(key)} » n’est pas une clé. Si c’est du texte, mettez-le tout entier entre guillemets."
    elif not message:
        message = Unknown("la clé", key, known, "Enlevez-la.")
    return Finding((*mismatch.path, KEY), message, _UNKNOWN_KEY)


def explain(mismatch: Mismatch, shape: object) -> Finding:
    """Finding about what does not fit the shape of a file."""
    if is_unknown_key(mismatch):
        return unknown_key(mismatch, shape)
    path, value, allowed = mismatch.path, mismatch.value, mismatch.allowed
    if path[-2:] == _WORD_OF_THEN:
        path, allowed = (
            path[:-1],
            (*allowed, "{back: une-étape}", "{end: une-issue}", "{guide: un-guide, end: une-issue}"),
        )
    name = next((part for part in reversed(path) if isinstance(part, str) and part != KEY), "clé")
    if said := _slip(mismatch):
        return Finding(path, said, "E205" if _is_list(mismatch) else "E208")
    kind = _kind(mismatch)
    sentence, code = _SENTENCES.get(kind, _OTHER)
    key, example = example_at(shape, path) or (name, "valeur")
    message = sentence.format(
        what=_what(path),
        name=name,
        value=shorten(value if isinstance(value, str) else name),
        example=f"{shorten(key)}: {example}",
        allowed=listed(allowed),
        most=mismatch.most,
        slug=_slug(value) if kind == "string_pattern_mismatch" else "",
    )
    return Finding(path, message, code)


def _slip(mismatch: Mismatch) -> str | None:
    """Sentence about a mark or a no-break space that makes the value another one than it seems; None without one."""
    value = mismatch.value
    if _is_list(mismatch):
        from ecps_cli.loading.causes import list_mark  # its patterns cost milliseconds, and only a fault needs them

        first = next(iter(value), "") if isinstance(value, dict) else value
        return list_mark(first) if isinstance(first, str) else None
    return no_break_around(value) if isinstance(value, str) else None


def _is_list(mismatch: Mismatch) -> bool:
    return mismatch.kind == "tuple_type"


def _kind(mismatch: Mismatch) -> str:
    """Kind of an error as an author would call it: the model has several names for some."""
    if mismatch.kind != "missing" and isinstance(mismatch.value, str) and not mismatch.value.strip():
        return "empty"
    if mismatch.kind == "literal_error" and mismatch.path == ("format",):
        return "format"
    if mismatch.kind == "string_too_long" and mismatch.most > 60:  # not an identifier
        return "text_too_long"
    return _SAME.get(mismatch.kind, mismatch.kind)


def _what(path: KeyPath) -> str:
    """Words by which a value is called in a sentence."""
    if not path:
        return "le fichier"
    if path[-1] == KEY:
        return "cet identifiant"
    return f"« {shorten(path[-1])} »" if isinstance(path[-1], str) else f"cet élément de « {path[-2]} »"


def _slug(text: str) -> str:
    """Identifier nearest to a text."""
    plain = unicodedata.normalize("NFKD", text[:60]).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "send-request"
