"""The one reading of a link: a typed value, or nothing."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecps_cli.core.link import Link, parse_link
from ecps_cli.french.words import addresses, links_in, strip_markup
from ecps_cli.loading.problems import LoadError
from support.guide_texts import edited, guide_of


@pytest.mark.parametrize(
    ("text", "scheme", "host"),
    [
        ("https://e.org", "https", "e.org"),
        ("https://www.e-x.org:443/a/b?c=(d)&e=f@g#h", "https", "www.e-x.org"),
        ("https://e.org?a", "https", "e.org"),
        ("https://e.org:65535/", "https", "e.org"),
        ("tel:3608", "tel", ""),
        ("tel:+33153893200", "tel", ""),
    ],
)
def test_a_link_knows_where_it_leads(text: str, scheme: str, host: str) -> None:
    """An https address with a host, or a number to call, is a link, kept as it was written."""
    assert parse_link(text) == Link("tel" if scheme == "tel" else "https", host, text)


BAD = [
    *("https://good.example@bad.example", "https://good.example>@bad.example/x", "https://a:b@e.org", "https://"),
    *("http://e.org", "HTTPS://e.org", "javascript:alert(1)", "file:///etc/passwd", "//e.org", "e.org", "", "tel:"),
    *(f"https://e.org/{sign}" for sign in "<>\"'`\\^{|} \t\n\x00\x1b\x7f\u00a0\u202eé"),
    *("https://localhost", "https://é.org", "https://e.org\n", " https://e.org", "https://e..org", "-x"),
    *("https://e.org:65536", "https://e.org:99999/a", "https://e.org:", "https://e.org:+1", f"https://{'x' * 64}.org"),
]


@pytest.mark.parametrize("text", BAD)
def test_nothing_else_is_a_link(text: str) -> None:
    """A user before the host, brackets, quotes, spaces, controls, another scheme: nothing to follow."""
    assert parse_link(text) is None


@given(text=st.from_regex(r"https://[a-z.@:/?#<>\\\[\] ]{1,40}"))
def test_a_browser_reads_the_same_host(text: str) -> None:
    """What is taken leads, by the rules of URLs, to the host that is named, without a user part."""
    link = parse_link(text)
    if link:
        parts = urlsplit(text)
        assert (parts.hostname, parts.username, parts.password) == (link.host, None, None)


@pytest.mark.parametrize("address", [each for each in BAD if each and each.split() == [each]])
def test_what_the_checker_refuses_is_no_link_of_the_text_either(address: str) -> None:
    """Text and checker share the reading: a target that is refused is neither listed, shown as a link nor opened."""
    text = f"[la page]({address})"
    assert list(links_in(text)) == addresses(text) == []
    assert "[la page](" in strip_markup(text)
    with pytest.raises(LoadError):
        guide_of(edited(("Ouvrir la page", json.dumps(text))))


@pytest.mark.parametrize(
    "address",
    [
        *("https://x@y.org", "https://e.org:99999", "https://é.org/", "https://e.org/x[a](javascript:b)"),
        *("https://e.org/a[^1]", "https://e.org[a]", "https://e.org/a[/b]é"),
    ],
)
def test_a_bare_address_is_read_the_same(address: str) -> None:
    """A terminal makes a link of an address that stands in a text: one that is none of ours is refused there too."""
    with pytest.raises(LoadError):
        guide_of(edited(("Ouvrir la page", f"Ouvrir {address} puis lire")))
    assert guide_of(edited(("Ouvrir la page", "Ouvrir « https://e.org/a », (https://e.org) ou https://e.org.")))


def test_a_target_that_is_taken_is_the_one_that_is_opened() -> None:
    """Of a good link the checker, the list of links and the text on the screen have the same address."""
    text = "Ouvrir [la page](https://e.org/a?b) puis [le 3608](tel:3608)"
    assert guide_of(edited(("Ouvrir la page", json.dumps(text))))
    assert addresses(text) == ["https://e.org/a?b", "tel:3608"]
    assert strip_markup(text) == "Ouvrir la page (https://e.org/a?b) puis le 3608 (tel:3608)"
