"""What Wine cannot do, where the tests run on it: the one list, of which docs/windows.md argues each line."""

from __future__ import annotations

import ctypes
import sys

import pytest

LIMITS = {
    "test_links_in_a_circle_are_refused": "Windows cannot resolve such a name; for Wine there is no such file",
}
"""Test → why it fails there, and only there. One that passes after all fails, so that no line outlives its reason."""
ENDS = {
    "test_the_page_has_one_picture": "NumPy calls a function of Windows' C library that Wine lacks",
}
"""Test → why Wine ends the whole process there: it is not run."""


def is_wine() -> bool:
    """Whether this is Windows' CPython under Wine."""
    return sys.platform == "win32" and hasattr(ctypes.WinDLL("ntdll"), "wine_get_version")


def expect_limits(tests: list[pytest.Item]) -> None:
    """Expect the tests of the lists to fail."""
    for test in tests:
        name = getattr(test, "originalname", test.name)
        if reason := LIMITS.get(name) or ENDS.get(name):
            test.add_marker(pytest.mark.xfail(reason=reason, strict=True, run=name not in ENDS))
