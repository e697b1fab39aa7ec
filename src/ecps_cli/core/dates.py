"""Days and times of day as people write them ("hier", 27/11, 27 novembre, 18h40) → a canonical value, or why not.

No clock here: what day it is, and what time, are arguments. Nothing that is read may be still to come.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from ecps_cli.core.verdicts import (
    Accepted,
    Rejected,
    Verdict,
    accepted,
    normalize,
    offered,
    quote,
    rejected,
    unaccent,
    unreadable,
)

# --- Days

DATE_HINT = "un jour qui n’est pas à venir ; exemples : 24/11, 24/11/2026, hier"
_DATES = (
    r"(?P<year>\d{4}) ?[-/. ] ?(?P<month>\d{1,2}) ?[-/. ] ?(?P<day>\d{1,2})",
    r"(le )?(?P<day>\d{1,2})( ?er)? ?[-/. ] ?(?P<month>\d{1,2}|[a-z]{3,})\.?( ?[-/. ] ?(?P<year>\d{4}|\d{2}))?",
)
_DAYS_AGO = {"demain": -1, "aujourdhui": 0, "hier": 1, "avanthier": 2}
_WEEKDAYS = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]
_MONTHS = ["janvier", "février", "mars", "avril", "mai", "juin"]
_MONTHS += ["juillet", "août", "septembre", "octobre", "novembre", "décembre"]
_FIRST_YEAR = 1900  # before it, a slip of the hand: 0026, 1026


def check_date(text: str, today: date) -> Verdict:
    """Verdict on a day: never one to come, and one of more than a year ago only when it is confirmed."""
    day = read_day(text, today)
    if isinstance(day, Rejected):
        return day
    understood = f"Compris : {in_words(day)}"
    if (today.year, today.month, today.day) > (day.year + 1, day.month, day.day):
        return offered(str(day), f"{understood}, il y a plus d’un an.")
    return accepted(str(day), f"{understood}.")


def read_day(text: str, today: date) -> date | Rejected:
    """Day that a text names, today at the latest; without a year, the last such day."""
    if why := unreadable(text, DATE_HINT):
        return rejected(why)
    day = _parse(_spaced(text), today)
    if isinstance(day, Rejected) or day <= today:
        return day
    return rejected(
        f"{quote(text)}, le {in_words(day)}, est à venir : nous sommes le {in_words(today)}. Relisez la date."
    )


def show_date(value: str) -> str:
    """Canonical date in the French form: 24/11/2026."""
    return "/".join(value.split("-")[::-1])


def _spaced(text: str) -> str:
    return " ".join(unaccent(normalize(text)).split())


def in_words(day: date) -> str:
    """Day in full: mardi 24 novembre 2026."""
    rank = "1er" if day.day == 1 else str(day.day)
    return f"{_WEEKDAYS[day.weekday()]} {rank} {_MONTHS[day.month - 1]} {day.year}"


def _parse(plain: str, today: date) -> date | Rejected:
    ago = _DAYS_AGO.get(re.sub("[^a-z0-9]", "", plain))
    if ago is not None:
        return today - timedelta(ago)
    found = next((match for each in _DATES if (match := re.fullmatch(each, plain))), None)
    if not found:
        return rejected(f"{quote(plain)} n’est pas une date que je sache lire : donnez {DATE_HINT}.")
    written, year = found["month"], found["year"]
    named = [rank for rank, name in enumerate(_MONTHS, 1) if unaccent(name).startswith(written)]
    ranks = [int(written)] if written.isdecimal() else named
    if len(ranks) != 1 or not 1 <= ranks[0] <= 12:
        return rejected(f"{quote(written)} n’est pas un mois ; donnez {DATE_HINT}.")
    if year and len(year) == 4 and int(year) < _FIRST_YEAR:
        return rejected(f"{quote(plain)} : l’année {year} est trop ancienne ; relisez-la, comme dans 24/11/2026.")
    return _dated(int(found["day"]), ranks[0], year, today)


def _dated(day: int, month: int, year: str | None, today: date) -> date | Rejected:
    from calendar import monthrange

    # Without a year, the last such day: of this year, or of the one before; 29 February may be eight years back.
    years = [int(year) if len(year) == 4 else 2000 + int(year)] if year else range(today.year, today.year - 9, -1)
    days = [date(each, month, day) for each in years if 1 <= day <= monthrange(each, month)[1]]
    if days:
        return next((each for each in days if each <= today), days[0])
    last, named = max(monthrange(each, month)[1] for each in years), _MONTHS[month - 1]
    named += f" {years[0]}" if year else ""
    return rejected(f"{named.capitalize()} va du 1er au {last}, sans jour {day} ; relisez la date.")


# --- Times of day

_TIME_HINT = "une heure ; exemple : 14:30"
_TIME = r"(?P<hour>\d{1,2})( ?(h|heures?|[:.]) ?(?P<minute>\d{1,2})?|(?P<last>\d\d))|(?P<word>midi|minuit)"
_DAY_AND_TIME = re.compile(rf"((?P<day>.+?),? )??(a )?({_TIME})")
_NAMED = {"midi": time(12), "minuit": time(0)}


def read_time(text: str, now: datetime) -> Accepted | Rejected:
    """Time of day that a text names, 18:40, or 27/11 18:40 when it is of another day; never one to come."""
    if why := unreadable(text, _TIME_HINT):
        return rejected(why)
    plain, today = _spaced(text), now.date()
    found = _DAY_AND_TIME.fullmatch(plain)
    if (not found or found["day"]) and isinstance(_parse(plain, today), date):  # 27 novembre 2026 has no time 20:26
        return rejected(f"{quote(text)} : il manque l’heure. Écrivez-la ainsi : hier 14:30.")
    at = _time(found) if found else None
    if not found or at is None or _is_no_day(found["day"] or "", today):
        return rejected(f"{quote(text)} n’est pas une heure. Écrivez-la ainsi : 14:30.")
    day = read_day(found["day"], today) if found["day"] else today
    if isinstance(day, Rejected):
        return day
    if day == today:
        return _today(text, at, now)
    value = f"{day:%d/%m}{'' if day.year == today.year else f'/{day.year}'} {at:%H:%M}"
    return accepted(value, "" if plain == value else f"Compris : {in_words(day)} à {at:%H:%M}.")


def _is_no_day(plain: str, today: date) -> bool:
    """Whether what stands before a time is a word that names no day: vers, environ."""
    return plain.isalpha() and isinstance(_parse(plain, today), Rejected)


def _time(found: re.Match[str]) -> time | None:
    if found["word"]:
        return _NAMED[found["word"]]
    hour, minute = int(found["hour"]), int(found["minute"] or found["last"] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _today(text: str, at: time, now: datetime) -> Accepted | Rejected:
    if (at.hour, at.minute) > (now.hour, now.minute):
        yesterday = f"pour la veille, écrivez : hier {at:%H:%M}"
        return rejected(f"{quote(text)} est à venir : il est {now:%H:%M}. Relisez l’heure ; {yesterday}.")
    value = f"{at:%H:%M}"
    return accepted(value, "" if _spaced(text) == value else f"Compris : {value}.")
