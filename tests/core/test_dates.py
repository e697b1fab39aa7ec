"""Which days and times of day are understood, how they are read back, and what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from textwrap import wrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecps_cli.core.dates import read_day, read_time
from ecps_cli.core.events import Answered
from ecps_cli.core.guide import Guide
from ecps_cli.core.intents import Answer
from ecps_cli.core.moves import accept
from ecps_cli.core.session import Session
from ecps_cli.core.validators import VALIDATORS
from ecps_cli.core.verdicts import Accepted, Doubtful, Rejected, Verdict
from support.sample import GUIDE
from support.shapes import shaped

TODAY = date(2026, 11, 28)  # a Saturday
NOW = datetime(2026, 11, 28, 19, 5, tzinfo=UTC)
DATE = VALIDATORS["date"]

days = st.dates(date(1904, 1, 1), date(2099, 12, 31))
moments = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31))


def check(text: str, today: date = TODAY) -> Verdict:
    return DATE.check(text, today)


def said(verdict: Verdict) -> str:
    """Return what the person reads, with ordinary spaces."""
    return (verdict.note if isinstance(verdict, Accepted) else verdict.message).replace("\u00a0", " ")


# --- days


@pytest.mark.parametrize(
    "typed",
    [
        "hier",
        "HIER",
        "27/11",
        "27/11/26",
        "27/11/2026",
        "27-11-2026",
        "27.11.2026",
        "27 11 2026",
        "27 / 11 / 2026",
        "2026-11-27",
        "2026/11/27",
        "27 novembre",
        "27 novembre 2026",
        "27 NOVEMBRE 26",
        "le 27 novembre",
        "27 nov. 2026",
        "２７/11/2026",
    ],
)
def test_a_day_is_understood_in_every_usual_form_and_read_back(typed: str) -> None:
    """Every usual form is the same day, kept in the ISO form, shown in the French one, read back with its weekday."""
    verdict = check(typed)
    assert verdict == Accepted("2026-11-27", verdict.note if isinstance(verdict, Accepted) else "")
    assert said(verdict) == "Compris : vendredi 27 novembre 2026."
    assert DATE.show("2026-11-27") == "27/11/2026"


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("aujourd’hui", "2026-11-28"),
        ("Aujourd'hui", "2026-11-28"),
        ("aujourdʼhui", "2026-11-28"),
        ("aujourd hui", "2026-11-28"),
        ("aujourdhui", "2026-11-28"),
        ("avant-hier", "2026-11-26"),
        ("Avant hier", "2026-11-26"),
        ("1er décembre", "2025-12-01"),
        ("1 er decembre 2025", "2025-12-01"),
        ("1ᵉʳ aout 2026", "2026-08-01"),
        ("3 fevrier 2026", "2026-02-03"),
        ("3 février", "2026-02-03"),
        ("31 décembre", "2025-12-31"),
        ("1/2/2026", "2026-02-01"),
        ("28/11", "2026-11-28"),
        ("29/11", "2025-11-29"),
        ("28/11/2025", "2025-11-28"),
    ],
)
def test_words_and_months_are_read_with_or_without_accents(typed: str, value: str) -> None:
    """A word counts from today; a month is known by its name; a day without a year is the last one, not one to come."""
    verdict = check(typed)
    assert isinstance(verdict, Accepted)
    assert verdict.value == value


@pytest.mark.parametrize(
    ("typed", "value", "read"),
    [
        ("27/11/2025", "2025-11-27", "jeudi 27 novembre 2025"),
        ("1/1/1900", "1900-01-01", "lundi 1er janvier 1900"),
        ("29 février", "2024-02-29", "jeudi 29 février 2024"),
    ],
)
def test_a_day_of_more_than_a_year_ago_is_asked_again(typed: str, value: str, read: str) -> None:
    """An old day is most probably a slip of the year: it is read back and offered, not taken."""
    verdict = check(typed)
    assert isinstance(verdict, Doubtful)
    assert (verdict.value, verdict.verified, verdict.offer) == (value, True, value)
    assert f"Compris : {read}, il y a plus d’un an." in said(verdict)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("demain", "dimanche 29 novembre 2026"),
        ("29/11/2026", "dimanche 29 novembre 2026"),
        ("28/11/2027", "dimanche 28 novembre 2027"),
        ("27/11/99", "vendredi 27 novembre 2099"),
        ("27/11/9999", "samedi 27 novembre 9999"),
    ],
)
def test_a_day_to_come_is_refused(typed: str, read: str) -> None:
    """What has not happened yet was not seen: the refusal says what was read, what day it is, and what to do."""
    verdict = check(typed)
    assert isinstance(verdict, Rejected)
    today = "nous sommes le samedi 28 novembre 2026"
    assert said(verdict) == f"« {typed} », le {read}, est à venir : {today}. Relisez la date."


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("24/11/0026", "l’année 0026 est trop ancienne"),
        ("24 novembre 1026", "l’année 1026 est trop ancienne"),
        ("31/02/2026", "Février 2026 va du 1er au 28, sans jour 31"),
        ("29/02/2026", "Février 2026 va du 1er au 28, sans jour 29"),
        ("30/02", "Février va du 1er au 29, sans jour 30"),
        ("0/11/2026", "Novembre 2026 va du 1er au 30, sans jour 0"),
        ("11/24/2026", "« 24 » n’est pas un mois"),
        ("24/0/2026", "« 0 » n’est pas un mois"),
        ("24 brumaire", "« brumaire » n’est pas un mois"),
        ("24 jui 2026", "« jui » n’est pas un mois"),
        ("tantôt", "n’est pas une date que je sache lire"),
        ("24/11/202", "n’est pas une date que je sache lire"),
        ("24", "n’est pas une date que je sache lire"),
        ("", "Rien n’a été lu"),
    ],
)
def test_what_is_no_date_is_refused_with_the_reason(typed: str, words: str) -> None:
    """A year too old, a month or a day that does not exist, another thing altogether: the refusal says which."""
    verdict = check(typed)
    assert isinstance(verdict, Rejected)
    assert words in said(verdict)


def test_today_is_what_enter_alone_may_answer() -> None:
    """The suggestion for a day is today, as it would be typed; no other kind of answer has one."""
    suggested = {name: validator.suggestion(TODAY) for name, validator in VALIDATORS.items()}
    assert {name: text for name, text in suggested.items() if text} == {"date": "28/11/2026"}
    assert check(suggested["date"]) == check("aujourd’hui")


@given(today=days, ago=st.integers(0, 364))
def test_a_day_of_the_last_year_needs_no_year(today: date, ago: int) -> None:
    """Any day of the last year is taken by its day and month alone, as by its canonical and its shown form."""
    day = today - timedelta(ago)
    for typed in (f"{day:%d/%m}", str(day), DATE.show(str(day))):
        verdict = check(typed, today)
        assert isinstance(verdict, Accepted)
        assert verdict.value == str(day)


@given(today=days, day=days)
def test_a_day_is_taken_asked_again_or_refused_by_its_distance(today: date, day: date) -> None:
    """No day to come is ever read, and every other is, though the old ones are asked about."""
    read = read_day(str(day), today)
    assert isinstance(read, Rejected) if day > today else read == day
    assert isinstance(check(str(day), today), Rejected) == (day > today)


def test_the_day_of_an_answer_is_that_of_its_own_clock() -> None:
    """What "hier" is follows from the time of the event in its own offset: at one in the morning, the local day."""
    ask = {"id": "day", "ask": "?", "validate": "date"}
    guide = shaped(Guide, {**GUIDE, "steps": [ask, {"id": "end", "do": "X", "end": "done"}]})
    at = datetime(2026, 11, 28, 1, 0, tzinfo=timezone(timedelta(hours=2)))
    event = accept(Session(guide, at), Answer("hier"), at)
    assert isinstance(event, Answered)
    assert event.value == "2026-11-27"


# --- times of day


@pytest.mark.parametrize(
    "typed", ["18:40", "18h40", "18 h 40", "18H40", "18 : 40", "18.40", "1840", "à 18h40", "18 heures 40", "１８h40"]
)
def test_a_time_is_understood_in_every_usual_form(typed: str) -> None:
    """Every usual form is the same time of day, and read back where it was typed in another form than it is kept."""
    verdict = read_time(typed, NOW)
    assert isinstance(verdict, Accepted)
    assert verdict.value == "18:40"
    assert said(verdict) == ("" if typed == "18:40" else "Compris : 18:40.")


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("8h", "08:00"),
        ("8h5", "08:05"),
        ("840", "08:40"),
        ("midi", "12:00"),
        ("Minuit", "00:00"),
        ("19:05", "19:05"),
        ("aujourd’hui 8h", "08:00"),
        ("28/11 8h", "08:00"),
        ("hier 19:30", "27/11 19:30"),
        ("hier à 19h30", "27/11 19:30"),
        ("hier, 1930", "27/11 19:30"),
        ("hier minuit", "27/11 00:00"),
        ("avant-hier 8h", "26/11 08:00"),
        ("27/11 19:30", "27/11 19:30"),
        ("27 novembre 2026 à 19h30", "27/11 19:30"),
        ("27 novembre 1840", "27/11 18:40"),
        ("31/12 8h", "31/12/2025 08:00"),
        ("29/11 8h", "29/11/2025 08:00"),
    ],
)
def test_a_time_of_another_day_keeps_its_day(typed: str, value: str) -> None:
    """A time of today is kept alone, one of another day with its day, one of another year with its year."""
    verdict = read_time(typed, NOW)
    assert isinstance(verdict, Accepted)
    assert verdict.value == value


def test_a_time_of_another_day_is_read_back() -> None:
    """The day that "hier" was is read back in words."""
    assert said(read_time("hier 8h", NOW)) == "Compris : vendredi 27 novembre 2026 à 08:00."


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("19:06", "« 19:06 » est à venir : il est 19:05. Relisez l’heure ; pour la veille, écrivez : hier 19:06."),
        ("23h", "écrivez : hier 23:00."),
        ("demain 8h", "est à venir"),
        ("29/11/2026 8h", "est à venir"),
        ("25:10", "« 25:10 » n’est pas une heure. Écrivez-la ainsi : 14:30."),
        ("8h60", "n’est pas une heure"),
        ("24h", "n’est pas une heure"),
        ("8", "n’est pas une heure"),
        ("hier soir", "n’est pas une heure"),
        ("tantôt 8h", "« tantôt 8h » n’est pas une heure. Écrivez-la ainsi : 14:30."),
        ("31 nivôse 8h", "n’est pas un mois"),
        ("31/02 8h", "sans jour 31"),
        ("hier", "il manque l’heure. Écrivez-la ainsi : hier 14:30."),
        ("27/11/2026", "il manque l’heure"),
        ("27 novembre 2026", "il manque l’heure"),
        ("28 novembre 2027", "il manque l’heure"),
        ("", "Rien n’a été lu"),
        ("8" * 301, "301 caractères lus"),
    ],
)
def test_what_is_no_time_is_refused_with_the_reason(typed: str, words: str) -> None:
    """A time to come, one that there is not, a day without a time: the refusal says which, and how to write it."""
    verdict = read_time(typed, NOW)
    assert isinstance(verdict, Rejected)
    assert words in said(verdict)


@given(now=moments, at=moments)
def test_a_time_is_a_fixed_point_and_never_to_come(now: datetime, at: datetime) -> None:
    """A moment that has been is taken, and what is kept of it is read as itself; one to come is refused."""
    verdict = read_time(f"{at:%d/%m/%Y} {at:%H:%M}", now)
    assert isinstance(verdict, Rejected) == (at.replace(second=0, microsecond=0) > now)
    if isinstance(verdict, Accepted):
        assert read_time(verdict.value, now) == Accepted(verdict.value)


@given(text=st.text(max_size=40) | st.text(alphabet="0123456789 :hH./-ahier", max_size=16), now=moments)
def test_any_text_is_a_time_or_a_sentence(text: str, now: datetime) -> None:
    """No text makes the reading raise, and every refusal is a sentence of two lines at most."""
    verdict = read_time(text, now)
    if isinstance(verdict, Accepted):
        assert read_time(verdict.value, now) == Accepted(verdict.value)
    else:
        assert verdict.message.endswith(".")
        assert len(wrap(verdict.message, 80)) <= 2
