"""What each validator takes, doubts and refuses, and what it says then."""

from __future__ import annotations

import re
import subprocess
import sys
import time
import unicodedata
from datetime import date
from textwrap import wrap

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecps_cli.core.rpps import read_rpps
from ecps_cli.core.validators import VALIDATORS, Validator
from ecps_cli.core.verdicts import Accepted, Doubtful, Rejected, Verdict, quote

# None of these is the number of a person; in order: documentation and test cards.
VALID = ["99700218896", "99700427885", "99700366240", "99900007776", "10000000009", "10999999997"]
WRONG_KEY = ["10003461033", "10005678901"]

AZERTY_PC = dict(zip("1234567890", "&é\"'(-è_çà", strict=True))
AZERTY_MAC = AZERTY_PC | {"6": "§", "8": "!"}
SEPARATORS = " \u00a0\u202f\u2009\u3000\t.-\u2010\u2011\u2013\u2014\u2212\uff0d\uff0e\u200b\u2060\ufeff\u00ad\ufe0f"
ZEROS = "0\uff10\u0660\u0966\U0001d7ce"  # a digit of the same script is so many code points further

RPPS = VALIDATORS["rpps"]
TODAY = date(2026, 11, 28)

validators = pytest.mark.parametrize("validator", VALIDATORS.values(), ids=list(VALIDATORS))


def check(name: str, text: str) -> Verdict:
    return VALIDATORS[name].check(text, TODAY)


def said(verdict: Verdict) -> str:
    """Return what the person reads, with ordinary spaces."""
    return (verdict.note if isinstance(verdict, Accepted) else verdict.message).replace("\u00a0", " ")


def example(region: str, kind: int) -> str:
    """Return the number that the numbering library keeps as an example, in international form."""
    number = phonenumbers.example_number_for_type(region, kind)
    assert number is not None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


# --- every validator


@validators
@settings(deadline=None)  # the first example imports a library
@given(text=st.text(max_size=40) | st.text(alphabet="0123456789 +-./@é&lO'\"(_\x1b", max_size=20))
def test_any_text_gets_a_verdict_that_can_be_printed(validator: Validator, text: str) -> None:
    """No text makes a check raise, brings a control character onto the screen, or gets more than two lines there."""
    verdict = validator.check(text, TODAY)
    message = verdict.note if isinstance(verdict, Accepted) else verdict.message
    assert not [char for char in message if unicodedata.category(char)[0] == "C"]
    assert len(wrap(message, 80)) <= 2
    assert not re.search(r"(?<!·) [:;!?»]|« ", message)  # what stands behind · is read as a key
    if not isinstance(verdict, Accepted):
        assert message.endswith(".")


@validators
@settings(deadline=None)  # the first example imports a library
@given(text=st.text(max_size=30) | st.emails() | st.dates().map(str) | st.from_regex("[0-9]{1,15}", fullmatch=True))
def test_a_canonical_value_is_a_fixed_point(validator: Validator, text: str) -> None:
    """Checking a canonical value again gives the same value, and never refuses what was taken."""
    verdict = validator.check(text, TODAY)
    if not isinstance(verdict, Rejected):
        again = validator.check(verdict.value, TODAY)
        assert not isinstance(again, Rejected)
        assert again.value == verdict.value
        assert isinstance(again, Accepted) or not isinstance(verdict, Accepted)


def test_a_number_of_zeros_is_no_phone_number() -> None:
    """No French number begins by 00: taken as a doubt, it would be refused when it is read again."""
    assert isinstance(check("phone-fr", "000000000"), Rejected)
    assert isinstance(check("phone-fr", "00 00 00 00 00"), Rejected)


@validators
def test_a_megabyte_is_refused_at_once(validator: Validator) -> None:
    """A wrong paste of any size is refused without being read, and is not repeated on the screen."""
    verdict = validator.check("a\u0301\u0316" * 400_000, TODAY)
    assert isinstance(verdict, Rejected)
    assert "1200000 caractères lus" in verdict.message


@validators
@pytest.mark.parametrize(
    "unit", ["1", " ", "-", "1 ", "a", "é", "@", "a@a.", "l", "h ", "27/11 ", "(", "0033", "\u0316"]
)
def test_the_longest_text_that_is_read_is_read_at_once(validator: Validator, unit: str) -> None:
    """No repetition makes a rule try again and again: the longest text that is read takes no time to speak of."""
    validator.check("0", TODAY)  # imports what it needs
    began = time.process_time()
    validator.check((unit * 300)[:299] + "x", TODAY)
    assert time.process_time() - began < 0.2


@pytest.mark.parametrize("lead", ["", "Docteure Marie-Antoinette de la "])
@pytest.mark.parametrize("digits", ["0" * 11, "89970021889", "10003461033", *("9" * size for size in range(1, 18))])
@pytest.mark.parametrize("row", [{}, AZERTY_PC])
def test_no_sentence_about_a_number_is_over_two_lines(digits: str, row: dict[str, str], lead: str) -> None:
    """However much there is to say (what was left aside, what the number is, how to insist), two lines hold it."""
    for first in "0134568":
        typed = "".join(row.get(digit, digit) for digit in first + digits[1:])
        assert len(wrap(said(check("rpps", f"{lead}{typed}")), 80)) <= 2


@validators
@pytest.mark.parametrize("text", ["", " \u00a0 ", "\x00\x1b\u200b", "\ud800"])
def test_nothing_is_refused_with_what_to_give(validator: Validator, text: str) -> None:
    """An answer without a visible character is refused, and the sentence says what is expected."""
    verdict = validator.check(text, TODAY)
    assert isinstance(verdict, Rejected)
    assert said(verdict).startswith("Rien n’a été lu")
    assert validator.hint in said(verdict)


def test_each_validator_goes_by_its_name() -> None:
    """The names that guides may use are these six, each with an example of its own that it takes."""
    assert list(VALIDATORS) == ["rpps", "phone-fr", "mobile-fr", "email", "date", "department"]
    for name, validator in VALIDATORS.items():
        assert validator.name == name
        shown = re.split("exemples? : ", validator.hint)[1].split(",")[0]
        assert isinstance(validator.check(shown, TODAY), Accepted)


@pytest.mark.parametrize("text", ["x", "x ·", "« x", "x ?", "x :"])
def test_no_line_ends_between_a_typed_text_and_its_quotation_marks(text: str) -> None:
    """Whatever was typed, « and » stay with it: what stands before them may be a sign that has rules of its own."""
    assert f"«\u00a0{text}\u00a0»" in quote(text)


def test_a_long_text_is_quoted_shortened() -> None:
    """A refusal quotes the first characters of what was read, never the whole of a long text."""
    message = said(check("date", "x" * 200))
    assert f"« {'x' * 29}… »" in message


def test_the_libraries_are_not_imported_before_they_are_needed() -> None:
    """Importing the validators and checking an RPPS loads neither of the two libraries."""
    code = (
        "import sys, ecps_cli.core.validators; from ecps_cli.core.rpps import read_rpps; read_rpps('99700218896');"
        "print({'phonenumbers', 'email_validator', 'calendar'} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30)
    assert ran.stdout.strip() == "set()"


# --- rpps: what is taken


@pytest.mark.parametrize("number", VALID)
def test_the_8_is_added_when_it_is_missing(number: str) -> None:
    """11 digits and 12 beginning with 8 are the same number; adding the 8 is said."""
    short, whole = check("rpps", number), check("rpps", f"8{number}")
    assert isinstance(short, Accepted)
    assert isinstance(whole, Accepted)
    assert short.value == whole.value == f"8{number}"
    assert "sans le 8 du début, je l’ajoute" in said(short)
    assert "sans le 8" not in said(whole)


def test_a_number_that_needs_no_word_gets_none() -> None:
    """12 digits with a right key that are no test number are taken without a note."""
    assert check("rpps", "8 100 0000 0009") == Accepted("810000000009")


@pytest.mark.parametrize("number", VALID)
def test_test_numbers_are_called_so(number: str) -> None:
    """A number that begins 997 or 999 is said to be a test number, and no other is."""
    assert ("c’est un numéro de test" in said(check("rpps", f"8{number}"))) == number.startswith("99")


@given(st.data())
def test_any_spacing_and_any_digits_give_the_same_number(data: st.DataObject) -> None:
    """Separators, invisible characters and digits of other scripts never change what is read."""
    number = data.draw(st.sampled_from([*VALID, *("8" + each for each in VALID)]))
    gap = st.text(alphabet=SEPARATORS, max_size=3)
    zero = st.sampled_from(ZEROS)
    typed = "".join(data.draw(gap) + chr(ord(data.draw(zero)) + int(digit)) for digit in number) + data.draw(gap)
    assert check("rpps", typed) == check("rpps", number)
    assert isinstance(check("rpps", typed), Accepted)


def test_it_is_shown_grouped_and_masked_to_its_end() -> None:
    """The number is read aloud as 8 then 3, 4 and 4 digits; a record shows the last four only."""
    assert RPPS.show("899700218896") == "8 997 0021 8896"
    assert RPPS.mask("899700218896") == "8 *** **** 8896"


# --- rpps: what is doubted


@pytest.mark.parametrize("number", VALID)
def test_every_single_digit_error_is_caught(number: str) -> None:
    """Whichever of the 11 digits is mistyped, the key is wrong, the number is doubted and not offered."""
    for at, right in enumerate(number):
        for wrong in set("0123456789") - {right}:
            typed = number[:at] + wrong + number[at + 1 :]
            verdict = check("rpps", f"8{typed}")
            assert isinstance(verdict, Doubtful)
            assert (verdict.value, verdict.verified, verdict.offer) == (f"8{typed}", False, "")
            assert "très probablement une faute de frappe" in said(verdict)


@pytest.mark.parametrize("number", VALID)
def test_swapped_neighbours_are_caught_but_for_0_and_9(number: str) -> None:
    """Two neighbours swapped make a wrong key, except 09 and 90, which Luhn's sum cannot tell apart."""
    for at in range(10):
        pair = number[at : at + 2]
        swapped = number[:at] + pair[::-1] + number[at + 2 :]
        caught = isinstance(check("rpps", swapped), Doubtful)
        assert caught == (pair[0] != pair[1] and set(pair) != {"0", "9"})


@pytest.mark.parametrize("number", [*WRONG_KEY, *("8" + each for each in WRONG_KEY)])
def test_a_wrong_key_is_no_dead_end(number: str) -> None:
    """A wrong key asks for the same number again, and says that it will then be kept as unverified."""
    verdict = check("rpps", number)
    assert isinstance(verdict, Doubtful)
    assert verdict.value == f"8{number[-11:]}"
    assert "comme non vérifiée" in said(verdict)
    assert check("rpps", RPPS.show(verdict.value)) == check("rpps", f"8{number[-11:]}")


@pytest.mark.parametrize("typed", ["0" * 11, "8" + "0" * 11, "8 000 0000 0000", "n° 00000000000", "àààààààààààà"[:11]])
def test_nothing_but_zeros_is_asked_about(typed: str) -> None:
    """The key of eleven zeros is right, and the number is nobody's: it is doubted, and not offered."""
    verdict = check("rpps", typed)
    assert isinstance(verdict, Doubtful)
    assert (verdict.value, verdict.verified, verdict.offer) == ("800000000000", False, "")
    assert "que des zéros" in said(verdict)
    assert not read_rpps(typed).valid


@pytest.mark.parametrize("typed", ["hello", "ll", "O", "Il", "lol 9", "Il 9970021889", "OOOOOOOOOOO", "Li 0 9"])
def test_letters_of_a_word_are_no_digits(typed: str) -> None:
    """l, I and O are taken for digits only where they touch one: a word made of them is a word."""
    assert "il faut 11 chiffres" in said(check("rpps", typed))


def test_a_word_of_such_letters_is_left_aside_like_another() -> None:
    """A right number behind "Il" is understood, since the word is no part of it."""
    verdict = check("rpps", "Il 99700218896")
    assert isinstance(verdict, Doubtful)
    assert verdict.value == "899700218896"


def test_12_digits_short_of_one_are_seen() -> None:
    """11 digits that begin with 8 may be the 12 of the card short of one: it is said."""
    assert "il manque un chiffre" in said(check("rpps", "89970021889"))


@given(
    number=st.sampled_from([*VALID, *("8" + each for each in VALID)]),
    row=st.sampled_from([AZERTY_PC, AZERTY_MAC]),
    every=st.integers(2, 6),
    upper=st.booleans(),
)
def test_the_unshifted_digit_row_is_understood_but_never_silently(
    number: str, row: dict[str, str], every: int, upper: bool
) -> None:
    """A valid number typed on a French digit row without Shift is understood, shown grouped, and offered."""
    typed = "".join(row[digit] + " " * (at % every == 0) for at, digit in enumerate(number))
    verdict = check("rpps", typed.upper() if upper else typed)
    assert isinstance(verdict, Doubtful)
    assert (verdict.value, verdict.verified, verdict.offer) == (f"8{number[-11:]}", True, f"8{number[-11:]}")
    assert RPPS.show(verdict.value) in said(verdict)
    assert "AZERTY" in said(verdict)
    assert not read_rpps(typed).valid


@pytest.mark.parametrize("typed", ["çèàà", "çç èàà é&__ ç", "-'"])
def test_a_row_that_makes_no_number_is_refused_with_what_was_read(typed: str) -> None:
    """A digit row without Shift that is no number is refused by its count of digits, as digits would be."""
    verdict = check("rpps", typed)
    assert isinstance(verdict, Rejected)
    assert "AZERTY" in said(verdict)
    assert "chiffres attendus" in said(verdict)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("ççèàà-é&__ç(", "899700218895"),  # wrong key whatever the hyphen is
        ("9970é21889-", "899702218896"),  # digits and row mixed: the hyphen is the 6
        ("&à-ààà-àààà-àç", "810000000009"),  # hyphens between: with them as 6 there would be 14
        ("&à–ààà–àààà’àç", ""),  # one too many, however it is read
        ("997”02é8897", "899730228897"),  # the quote of the 3, autocorrected
    ],
)
def test_hyphens_and_mixtures_are_read_by_the_key(typed: str, value: str) -> None:
    """A hyphen among row characters is the 6 or a separator: whichever makes a number, best with a right key."""
    verdict = check("rpps", typed)
    assert not isinstance(verdict, Accepted)
    assert (verdict.value if isinstance(verdict, Doubtful) else "") == value


@pytest.mark.parametrize(
    "typed",
    [
        "RPPS : 99700218896",
        "n° 8 997 0021 8896",
        "(997) 0021-8896",
        "997'0021'8896",
        "8 + 99700218896",
        "'99700218896",
        "²99700218896",
        "997_0021_8896",
    ],
)
def test_what_stands_around_a_number_is_left_aside_but_said(typed: str) -> None:
    """A right number among other characters is understood, and offered with what was left aside."""
    verdict = check("rpps", typed)
    assert isinstance(verdict, Doubtful)
    assert (verdict.value, verdict.verified, verdict.offer) == ("899700218896", True, "899700218896")
    assert "Lu sans «" in said(verdict)


# --- rpps: what is refused


@pytest.mark.parametrize(
    ("typed", "kind", "words"),
    [
        ("997002188", "adeli", "ancien numéro ADELI, ou RPPS incomplet"),
        ("0997002188", "adeli", "cherchez le RPPS sur annuaire.sante.fr"),
        ("3997002188", "finess", "FINESS"),
        ("4997002188", "siren", "SIREN"),
        ("199700218896", "cabinet-adeli", "un chiffre de trop"),
        ("997002188961", "unknown", "le premier devrait être 8"),
        ("99700218896012", "rpps-rang", "pas une personne"),
        ("599700218896012", "siret", "SIRET"),
        ("699700218896012", "cabinet-rpps", "cabinet"),
        ("9", "unknown", "11 chiffres attendus, 1 lu : il en manque 10"),
        ("9970021889", "unknown", "11 chiffres attendus, 10 lus : il en manque 1"),
        ("8997002188", "unknown", "12 chiffres attendus, 10 lus : il en manque 2"),
        ("8997002188961", "unknown", "12 chiffres attendus, 13 lus : il y en a 1 de trop"),
        ("999999999999999", "unknown", "11 chiffres attendus, 15 lus : il y en a 4 de trop"),
        ("9970O218896", "unknown", "O et l sont des lettres"),
        ("l0000000009", "unknown", "O et l sont des lettres"),
        ("899700218896O", "unknown", "O et l sont des lettres"),
        ("Dr 9970021889", "unknown", "il faut 11 chiffres, ou 12 en commençant par 8"),
        ("---", "unknown", "il faut 11 chiffres"),
        ("\x1b[31m9", "unknown", "« [31m9 »"),
        ("", "unknown", "Rien n’a été lu"),
    ],
)
def test_what_is_no_rpps_is_called_by_its_name(typed: str, kind: str, words: str) -> None:
    """A number of another kind, or none at all, is refused with what it is and what is missing."""
    reading = read_rpps(typed)
    assert (reading.kind, reading.valid, reading.rpps, reading.key_ok) == (kind, False, None, None)
    assert words in said(check("rpps", typed))
    assert check("rpps", typed) == Rejected(reading.message)


def test_an_adeli_number_has_its_national_id() -> None:
    """The national id of an ADELI number is 0 and its nine digits, however it was typed; no other has one."""
    assert read_rpps("997002188").national_id == read_rpps("0997002188").national_id == "0997002188"
    assert read_rpps("3997002188").national_id is None


@pytest.mark.parametrize(
    ("typed", "valid", "key_ok"),
    [("99700218896", True, True), ("10003461033", False, False), ("ççèààé&__ç-", False, True)],
)
def test_a_reading_says_all_that_the_command_prints(typed: str, valid: bool, key_ok: bool) -> None:
    """A reading carries the text as typed, both forms of the number, its key, and a sentence in every case."""
    reading = read_rpps(typed)
    assert reading.input == typed
    assert reading.kind == "rpps"
    assert reading.national_id == f"8{reading.rpps}"
    assert (reading.valid, reading.key_ok) == (valid, key_ok)
    assert reading.message.endswith(".")
    assert RPPS.show(reading.national_id) in reading.message


# --- telephone: the numbers are those that Arcep keeps for fiction, or the library's examples

FICTION = ["0199001234", "0261911234", "0353011234", "0465711234", "0536491234", "0639981234"]
FIXED, MOBILE = phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE


@pytest.mark.parametrize("number", FICTION)
@pytest.mark.parametrize("form", ["{0}", "+33 {1}", "0033{1}", "+33 (0){1}", "{1}", " {0}\u202f", "\u200e{0}"])
def test_a_french_number_is_taken_in_every_usual_form(number: str, form: str) -> None:
    """National, international and spaced forms are the same number; one kept for fiction is said to be so."""
    verdict = check("phone-fr", form.format(number, number[1:]))
    assert isinstance(verdict, Accepted)
    assert verdict.value == f"+33{number[1:]}"
    assert "fiction" in said(verdict)


@pytest.mark.parametrize("typed", ["06.39.98.12.34", "06-39-98-12-34", "06/39/98/12/34", "０６ 39 98 12 34"])
def test_a_mobile_is_taken_where_the_sms_goes(typed: str) -> None:
    """A mobile number is taken, whatever separates its digits, and shown in pairs."""
    verdict = check("mobile-fr", typed)
    assert isinstance(verdict, Accepted)
    assert VALIDATORS["mobile-fr"].show(verdict.value) == "06 39 98 12 34"


def test_a_real_mobile_needs_no_word() -> None:
    """An assigned mobile number of mainland France is taken without a note."""
    mobile = example("FR", MOBILE)
    assert check("mobile-fr", mobile) == Accepted(mobile)


@pytest.mark.parametrize("region", ["RE", "YT", "GP", "MQ", "GF"])
@pytest.mark.parametrize("kind", [FIXED, MOBILE])
def test_an_overseas_number_dialled_with_0_is_not_taken_for_a_mainland_one(region: str, kind: int) -> None:
    """0692… is Réunion: the overseas departments dial 0 and nine digits, and keep their own country code."""
    international = example(region, kind)
    national = f"0{international[4:]}"
    verdict = check("phone-fr", national)
    assert verdict == check("phone-fr", international)
    assert isinstance(verdict, Accepted)
    assert verdict.value == international
    assert international[:4] in said(verdict)
    assert VALIDATORS["phone-fr"].show(international).replace(" ", "") == national
    assert isinstance(check("mobile-fr", national), Accepted) == (kind == MOBILE)


@pytest.mark.parametrize("region", ["PM", "WF", "NC", "PF"])
def test_an_overseas_collectivity_keeps_its_prefix(region: str) -> None:
    """Numbers of the collectivities are taken with their prefix, and shown with it."""
    number = example(region, MOBILE)
    assert isinstance(check("phone-fr", number), Accepted)
    shown = VALIDATORS["phone-fr"].show(number)
    assert shown.startswith(f"{number[:4]} ")
    assert check("phone-fr", shown) == check("phone-fr", number)


@pytest.mark.parametrize("number", ["0 806 800 213", "0809400082", "0800 100 000", "+33 806 800 213"])
def test_a_number_of_a_service_is_no_overseas_line(number: str) -> None:
    """A number that France knows as that of a service stays one, though French Guiana could read its digits too."""
    verdict = check("phone-fr", number)
    assert isinstance(verdict, Accepted)
    assert verdict.value.startswith("+33")
    assert verdict.note == ""


@pytest.mark.parametrize("typed", ["07 00 00 00 00", "+33 7 00 00 00 00"])
@pytest.mark.parametrize("name", ["phone-fr", "mobile-fr"])
def test_an_unassigned_number_is_doubted(name: str, typed: str) -> None:
    """A number in no range that the library knows is asked again, since ranges are opened after its release."""
    verdict = check(name, typed)
    assert isinstance(verdict, Doubtful)
    assert (verdict.value, verdict.verified, verdict.offer) == ("+33700000000", False, "")
    assert "07 00 00 00 00 ne semble pas attribué" in said(verdict)


@pytest.mark.parametrize("typed", ["+508 10 01 23", "+689 10 01 23 45", "+262 6 00 00 00 00"])
def test_an_unassigned_number_overseas_may_be_a_mobile(typed: str) -> None:
    """Of a number that no range knows, nobody can say that it is no mobile: it is doubted, not refused."""
    verdict = check("mobile-fr", typed)
    assert isinstance(verdict, Doubtful)
    assert not verdict.verified


@pytest.mark.parametrize("typed", [*FICTION[:5], "0 806 800 213", "01 00 00 00 00"])
def test_a_line_that_gets_no_sms_is_refused_where_one_must_arrive(typed: str) -> None:
    """Where the SMS goes, a landline or a service number is refused with the reason."""
    verdict = check("mobile-fr", typed)
    assert isinstance(verdict, Rejected)
    assert "le SMS doit arriver sur un mobile" in said(verdict)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("06 12 34 56 7", "10 chiffres attendus, 9 lus : il en manque 1"),
        ("06 12 34 56 78 9", "10 chiffres attendus, 11 lus : il y en a 1 de trop"),
        ("01.23.45.67.8", "10 chiffres attendus, 9 lus : il en manque 1"),
        ("0692 12 34 5", "10 chiffres attendus, 9 lus : il en manque 1"),
        ("+33 6 12 34 56 7", "9 chiffres attendus après +33, 8 lus : il en manque 1"),
        ("0033 6 12 34 56 78 9", "9 chiffres attendus après +33, 10 lus : il y en a 1 de trop"),
        ("+33 (0)6 12 34 56 7", "9 chiffres attendus après +33, 8 lus : il en manque 1"),
        ("+33 06 12 34 56 7", "9 chiffres attendus après +33, 8 lus : il en manque 1"),
        ("+262 692 12 34 5", "9 chiffres attendus après +262, 8 lus : il en manque 1"),
        ("+33", "9 chiffres attendus après +33, 0 lu : il en manque 9"),
    ],
)
@pytest.mark.parametrize("name", ["phone-fr", "mobile-fr"])
def test_digits_are_counted_before_another_number_is_read_in_them(name: str, typed: str, words: str) -> None:
    """A digit too few or too many is said as a count, whatever number the library would find in what is left."""
    verdict = check(name, typed)
    assert isinstance(verdict, Rejected)
    assert words in said(verdict)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("06 39 98 12", "10 chiffres attendus, 8 lus : il en manque 2"),
        ("06 39 98 12 34 5", "10 chiffres attendus, 11 lus : il y en a 1 de trop"),
        ("+33 6 39 98 12", "9 chiffres attendus après +33, 7 lus : il en manque 2"),
        ("3608", "10 chiffres en commençant par 0"),
        ("1", "10 chiffres en commençant par 0"),
        ("+0", "ou 9 après +33"),
        ("9" * 30, "10 chiffres en commençant par 0"),
        (example("CH", MOBILE), "un numéro étranger (+41)"),
        ("06 39 98 12 3x", "n’a que des chiffres"),
        ("(+)", "n’a que des chiffres"),
    ],
)
@pytest.mark.parametrize("name", ["phone-fr", "mobile-fr"])
def test_what_is_no_french_number_is_refused_with_the_reason(name: str, typed: str, words: str) -> None:
    """Too short, too long, foreign or no number at all: the refusal says which."""
    verdict = check(name, typed)
    assert isinstance(verdict, Rejected)
    assert words in said(verdict)


# --- e-mail


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("prenom.nom@example.org", "prenom.nom@example.org"),
        (" Prenom.Nom@Example.ORG ", "Prenom.Nom@example.org"),
        ("a+b@cabinet.example.com", "a+b@cabinet.example.com"),
        ("nom＠example．org", "nom@example.org"),
        ("nom@hôpital.example.org", "nom@hôpital.example.org"),
        ("nom@mssante.fr.example.org", "nom@mssante.fr.example.org"),
        ("nom@notmssante.example.org", "nom@notmssante.example.org"),
    ],
)
def test_an_address_is_taken_with_its_domain_in_lower_case(typed: str, value: str) -> None:
    """An address is kept as written but for the case of its domain, without asking the network."""
    assert check("email", typed) == Accepted(value)


@pytest.mark.parametrize("domain", ["mssante.fr", "MSSante.fr", "chu.mssante.fr", "ｍssante.fr", "a.mssante。fr"])
def test_an_mssante_address_is_refused_with_the_reason(domain: str) -> None:
    """The contact e-mail must not be an MSSanté address, in whatever letters its domain is typed."""
    verdict = check("email", f"prenom.nom@{domain}")
    assert isinstance(verdict, Rejected)
    assert "est une adresse MSSanté" in said(verdict)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("prenom.nom", "il manque l’arobase"),
        ("a@b@example.org", "il y a deux arobases"),
        ("prenom nom@example.org", "il y a une espace"),
        ("mailto:nom@example.org", "donnez l’adresse seule"),
        ("Nom<nom@example.org>", "donnez l’adresse seule"),
        ("@example.org", "ce qui précède l’arobase"),
        ("nom@", "il manque le domaine"),
        ("pre..nom@example.org", "un point est de trop"),
        ("nom@example.org.", "un point est de trop"),
        ("nom@example", "n’a pas de point"),
        ("prénom@example.org", "une lettre accentuée"),
        ("nom@cabinet.test", "ce domaine est réservé"),
        ("nom@poste.LOCAL", "ce domaine est réservé"),
        ("nom@exa_mple.org", "n’est pas une adresse possible"),
        ("no(m@example.org", "n’est pas une adresse possible"),
    ],
)
def test_what_is_no_address_is_refused_with_the_reason(typed: str, words: str) -> None:
    """Each usual fault of an address has its own sentence; the others are told to read it again."""
    verdict = check("email", typed)
    assert isinstance(verdict, Rejected)
    assert words in said(verdict)


@pytest.mark.parametrize(
    ("domain", "meant"),
    [
        ("gmail.con", "gmail.com"),
        ("gmial.com", "gmail.com"),
        ("GMAIL.CO", "gmail.com"),
        ("gmaill.com", "gmail.com"),
        ("gamil.com", "gmail.com"),
        ("hotmail.fe", "hotmail.fr"),
        ("hotmil.com", "hotmail.com"),
        ("orange.f", "orange.fr"),
        ("orange.frr", "orange.fr"),
        ("wanado.fr", "wanadoo.fr"),
        ("la-poste.net", "laposte.net"),
    ],
)
def test_a_domain_one_slip_away_from_a_well_known_one_is_doubted(domain: str, meant: str) -> None:
    """The domain that was most probably meant is offered; who insists keeps what was typed, as not verified."""
    verdict = check("email", f"Prenom.Nom@{domain}")
    assert isinstance(verdict, Doubtful)
    assert (verdict.value, verdict.verified) == (f"Prenom.Nom@{domain.lower()}", False)
    assert verdict.offer == f"Prenom.Nom@{meant}"
    assert check("email", verdict.offer) == Accepted(verdict.offer)
    assert f"« {domain} » : sans doute {meant}." in said(verdict)


def test_a_slip_that_makes_no_address_at_all_is_repaired() -> None:
    """Where what was typed can be no address, there is nothing to insist on: the repair alone is offered."""
    verdict = check("email", "nom@g_mail.com")
    assert isinstance(verdict, Doubtful)
    assert (verdict.value, verdict.verified, verdict.offer) == ("nom@gmail.com", True, "nom@gmail.com")


@pytest.mark.parametrize("domain", ["gmail.com", "hotmail.fr", "hotmail.com", "free.fr", "chu-free.fr", "mail.com"])
def test_a_domain_that_is_right_or_far_from_any_is_not_doubted(domain: str) -> None:
    """Neither a well-known domain, though it looks like another, nor one of which two letters differ is asked about."""
    assert check("email", f"nom@{domain}") == Accepted(f"nom@{domain}")


# --- department


@pytest.mark.parametrize(
    ("typed", "value"),
    [("1", "01"), ("01", "01"), ("75", "75"), ("2a", "2A"), ("2 B", "2B"), ("974", "974"), ("９８８", "988")],
)
def test_a_department_is_taken_in_its_canonical_form(typed: str, value: str) -> None:
    """A department is two digits, 2A or 2B, or three digits overseas."""
    assert check("department", typed) == Accepted(value)


def test_there_are_so_many_departments() -> None:
    """The 96 departments of mainland France, the 5 overseas and the 6 other collectivities, and no others."""
    taken = [n for n in range(1000) if isinstance(check("department", f"{n:02}"), Accepted)]
    assert taken == [*(n for n in range(1, 96) if n != 20), *range(971, 979), 986, 987, 988]


@pytest.mark.parametrize(("typed", "value"), [("75001", "75"), ("01 000", "01"), ("97400", "974"), ("98800", "988")])
def test_a_postal_code_offers_its_department(typed: str, value: str) -> None:
    """A postal code is not taken for a department, but its department is offered."""
    verdict = check("department", typed)
    assert isinstance(verdict, Doubtful)
    assert (verdict.value, verdict.verified, verdict.offer) == (value, True, value)
    assert f"est un code postal : le département serait {value}" in said(verdict)


@pytest.mark.parametrize("typed", ["20", "20200"])
def test_corsica_is_two_departments(typed: str) -> None:
    """20 is no longer a department: the refusal gives the two that are."""
    assert "2A (Corse-du-Sud) ou 2B (Haute-Corse)" in said(check("department", typed))


@pytest.mark.parametrize("typed", ["96", "99", "0", "00", "98000", "979", "Paris", "750010"])
def test_what_is_no_department_is_refused(typed: str) -> None:
    """Anything else is refused, with examples."""
    verdict = check("department", typed)
    assert isinstance(verdict, Rejected)
    assert "n’est pas un département" in said(verdict)


# --- masks


@pytest.mark.parametrize(
    ("name", "value", "masked"),
    [
        ("phone-fr", "+33199001234", "** ** ** ** 34"),
        ("mobile-fr", "+33639981234", "** ** ** ** 34"),
        ("phone-fr", example("PF", MOBILE), "+*** ** ** ** " + example("PF", MOBILE)[-2:]),
        ("email", "prenom.nom@example.org", "p***@example.org"),
        ("email", "nom@hôpital.example.org", "n***@h?pital.example.org"),
        ("date", "2026-11-24", "**/**/****"),
        ("department", "2A", "**"),
    ],
)
def test_a_mask_keeps_what_its_rule_says(name: str, value: str, masked: str) -> None:
    """A telephone keeps its last two digits, an address its first letter and domain, the others nothing."""
    assert VALIDATORS[name].mask(value) == masked


@given(rpps=st.sampled_from(VALID + WRONG_KEY), phone=st.sampled_from(FICTION), email=st.emails())
def test_a_mask_never_holds_more_than_its_rule(rpps: str, phone: str, email: str) -> None:
    """A masked number holds its last digits only, a masked address nothing but one letter of who; all are ASCII."""
    assert re.sub("[^0-9]", "", RPPS.mask(f"8{rpps}")) == f"8{rpps[-4:]}"
    assert re.sub("[^0-9]", "", VALIDATORS["phone-fr"].mask(f"+33{phone[1:]}")) == phone[-2:]
    masked = VALIDATORS["email"].mask(email)
    assert masked.isascii()
    assert masked.partition("@")[0] == f"{email[0]}***"
