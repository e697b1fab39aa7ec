"""What the system is asked, on systems that are played: files, commands, the Windows registry and services, sockets."""

from __future__ import annotations

import ctypes
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest

from ecps_cli.installation import how_to_add
from ecps_cli.preflight import machine, network, pcsc, windows
from ecps_cli.preflight.checks import Answer, Service
from ecps_cli.preflight.sensing import sense

Registry = dict[tuple[str, str, str], object]


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Registry:
    """Play Windows, with this registry: (root, key, name) → value; a key may begin with "32:"."""
    values: Registry = {}
    winreg: Any = ModuleType("winreg")
    winreg.HKEY_LOCAL_MACHINE, winreg.HKEY_CURRENT_USER = "machine", "user"
    winreg.KEY_READ, winreg.KEY_WOW64_64KEY, winreg.KEY_WOW64_32KEY = 1, 0x100, 0x200

    class Key:
        def __init__(self, root: str, key: str, reserved: int, access: int) -> None:
            self.place = root, f"{'32:' if access & 0x200 else ''}{key}"
            if not any(place[:2] == self.place for place in values):
                raise FileNotFoundError

        def __enter__(self) -> Key:
            return self

        def __exit__(self, *error: object) -> None: ...

    def value(key: Key, name: str) -> tuple[object, int]:
        if (*key.place, name) not in values:
            raise FileNotFoundError
        return values[(*key.place, name)], 1

    winreg.OpenKey, winreg.QueryValueEx = Key, value
    monkeypatch.setitem(sys.modules, "winreg", winreg)
    monkeypatch.setattr(sys, "platform", "win32")
    return values


# ------------------------------------------------------------------------------------------------------------- Windows

VERSION = ("machine", machine.VERSION_KEY, "Version")


@pytest.mark.parametrize(
    ("values", "version"),
    [
        ({VERSION: " 5.2.6 "}, "5.2.6"),
        ({("machine", f"32:{machine.VERSION_KEY}", "Version"): "5.1"}, "5.1"),
        ({VERSION: b"5.2"}, ""),
        ({VERSION: 5}, ""),
        ({}, ""),
    ],
)
def test_the_version_is_the_one_in_the_registry(registry: Registry, values: Registry, version: str) -> None:
    """Both parts of the registry are read; what is no text is no version."""
    registry.update(values)
    assert machine.cryptolib().version == version


@pytest.mark.parametrize(
    "file",
    [
        "System32/cps3_pkcs11_w64.dll",
        "Sysnative/cps3_pkcs11_w64.dll",
        "SysWOW64/cps3_pkcs11_w32.dll",
        "System32/cps3_pkcs11_w32.dll",
    ],
)
@pytest.mark.usefixtures("registry")
def test_the_cryptolib_is_found_where_windows_has_it(
    file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Either library will do, in the folders of either kind of program; without one there is no Cryptolib."""
    monkeypatch.setenv("SYSTEMROOT", str(tmp_path))
    assert machine.cryptolib() == ("", True, "")
    (tmp_path / file).parent.mkdir()
    (tmp_path / file).touch()
    assert machine.cryptolib().file == str(tmp_path / file)


def test_browsers_are_those_that_the_registry_names_and_that_are_there(registry: Registry, tmp_path: Path) -> None:
    """A key that an uninstalled browser left behind is none; quotes and the user's own part are understood."""
    for name in ("msedge.exe", "firefox.exe"):
        (tmp_path / name).touch()
    registry |= {
        ("machine", rf"{machine.APP_PATHS}\chrome.exe", ""): str(tmp_path / "chrome.exe"),
        ("machine", rf"{machine.APP_PATHS}\firefox.exe", ""): str(tmp_path / "firefox.exe"),
        ("user", rf"{machine.APP_PATHS}\msedge.exe", ""): f'"{tmp_path / "msedge.exe"}"',
    }
    assert machine.browsers() == ("Edge", "Firefox")


class FakeServices:
    """The service manager: what it answers at each call."""

    def __init__(self, manager: int = 1, service: int = 2, told: int = 1, state: int = 4) -> None:
        self.closed: list[int] = []
        self.OpenSCManagerW = Mock(return_value=manager)
        self.OpenServiceW = Mock(return_value=service)
        self.CloseServiceHandle = lambda handle: self.closed.append(handle.value)
        self.told, self.state = told, state

    def QueryServiceStatus(self, handle: object, status: Any) -> int:  # noqa: N802
        status._obj[1] = self.state
        return self.told


@pytest.mark.parametrize(
    ("services", "error", "running", "closed"),
    [
        (FakeServices(), 0, True, [2, 1]),
        (FakeServices(state=1), 0, False, [2, 1]),
        (FakeServices(state=2), 0, False, [2, 1]),
        (FakeServices(told=0), 0, None, [2, 1]),
        (FakeServices(service=0), 1060, False, [1]),
        (FakeServices(service=0), 5, None, [1]),
        (FakeServices(manager=0), 5, None, []),
    ],
)
def test_the_service_is_as_windows_says(
    registry: Registry,
    monkeypatch: pytest.MonkeyPatch,
    services: FakeServices,
    error: int,
    running: bool | None,
    closed: list[int],
) -> None:
    """Running, stopped, absent, or not for this user to know; handles are closed; how it starts is in the registry."""
    registry["machine", rf"SYSTEM\CurrentControlSet\Services\{windows.SERVICE}", "Start"] = 3
    monkeypatch.setattr(ctypes, "WinDLL", lambda name, use_last_error: services, raising=False)
    monkeypatch.setattr(ctypes, "get_last_error", lambda: error, raising=False)
    assert machine.card_service() == Service(running, 3)
    assert services.closed == closed


# ----------------------------------------------------------------------------------------------------- macOS and Linux


@pytest.fixture
def linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")


@pytest.fixture
def socket_folder() -> Iterator[Path]:
    """Return a folder whose path is short enough for a socket."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="there are no local sockets")
@pytest.mark.usefixtures("linux")
def test_the_daemon_runs_when_it_takes_a_connection(socket_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A socket left behind by a daemon that is gone is no service; one that is out of reach says nothing."""
    path = socket_folder / "comm"
    monkeypatch.setenv("PCSCLITE_CSOCK_NAME", str(path))
    assert machine.card_service().running is False
    with socket.socket(socket.AF_UNIX) as daemon:
        daemon.bind(str(path))
        daemon.listen()
        assert machine.card_service().running is True
    assert machine.card_service().running is False

    def refuse(*asked: object) -> None:
        raise PermissionError

    client = nullcontext(SimpleNamespace(settimeout=lambda seconds: None, connect=refuse))
    monkeypatch.setattr(machine, "socket", SimpleNamespace(AF_UNIX=1, socket=lambda kind: client))
    assert machine.card_service().running is None


@pytest.mark.usefixtures("linux")
def test_on_linux_a_cryptolib_that_is_not_found_may_be_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No source says where it is there: not found is not "no"."""
    monkeypatch.setattr(machine, "LIBRARIES", (str(tmp_path),))
    assert machine.cryptolib() == ("", False, "")
    (tmp_path / machine.LINUX_CRYPTOLIB).touch()
    assert machine.cryptolib().file == str(tmp_path / machine.LINUX_CRYPTOLIB)


@pytest.mark.skipif(os.name == "nt", reason="commands are found otherwise there")
@pytest.mark.usefixtures("linux")
def test_on_linux_browsers_are_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser is a command that can be run, on the path or among the Flatpaks; those for the card come first."""
    path, flatpaks = tmp_path / "bin", tmp_path / "flatpaks"
    monkeypatch.setenv("PATH", str(path))
    monkeypatch.setattr(machine, "FLATPAKS", (str(flatpaks),))
    for file in (path / "firefox-esr", flatpaks / "com.google.Chrome", path / "microsoft-edge"):
        file.parent.mkdir(exist_ok=True)
        file.touch(0o755)
    (path / "microsoft-edge").chmod(0o644)
    assert machine.browsers() == ("Chrome", "Firefox")


def test_on_macos_files_and_applications_are_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The service is not asked there; the Cryptolib has one place, and a browser may be the user's own."""
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(machine, "MACOS_CRYPTOLIB", str(tmp_path / "lib.dylib"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert machine.card_service() == Service(None)
    assert machine.cryptolib() == ("", True, "")
    (tmp_path / "lib.dylib").touch()
    (tmp_path / "Applications" / "Google Chrome.app").mkdir(parents=True)
    assert machine.cryptolib().file == str(tmp_path / "lib.dylib")
    assert "Chrome" in machine.browsers()


@pytest.mark.usefixtures("linux")
def test_without_pyscard_the_files_are_still_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra that is missing is named with how to get it; what needs no card is told as ever."""
    monkeypatch.setitem(sys.modules, "smartcard", None)
    monkeypatch.setattr(machine, "LIBRARIES", (str(tmp_path),))
    monkeypatch.setattr(machine, "card_service", lambda: Service(None))
    (tmp_path / machine.LINUX_CRYPTOLIB).touch()
    found = {each.id: each for each in sense()}
    assert found["reader"].answer is Answer.UNSEEN
    assert how_to_add("card") in found["reader"].remedy
    assert found["cryptolib"].answer is Answer.YES


def test_where_the_system_does_not_say_readers_that_are_told_prove_the_service(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On macOS the service is known by its answer."""
    monkeypatch.setattr(machine, "card_service", lambda: Service(None))
    for slots, answer in ((pcsc.Slots(), Answer.YES), (pcsc.SILENT, Answer.UNSEEN)):
        monkeypatch.setattr(pcsc, "read_slots", lambda running, slots=slots: slots)
        assert sense()[0].answer is answer


# --------------------------------------------------------------------------------------------------------- the network


@pytest.fixture
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Take this machine's own proxies away."""
    import urllib.request

    monkeypatch.setattr(urllib.request, "getproxies", lambda: {})
    return monkeypatch


@pytest.mark.usefixtures("no_proxy")
def test_a_host_is_reached_when_it_takes_a_connection() -> None:
    """One that listens, one that refuses, one whose name is none: each has its own answer."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert network.reach(["127.0.0.1", "127.0.0.2", "a" * 70], port) == [True, False, False]


def test_hosts_that_do_not_answer_cost_three_seconds_in_all(no_proxy: pytest.MonkeyPatch) -> None:
    """They are asked at once, and a name server that hangs is not waited for."""
    no_proxy.setattr(network, "PATIENCE", 0.3)
    answered = threading.Event()

    def hang(address: object, timeout: float) -> None:
        answered.wait(20)
        raise OSError

    no_proxy.setattr(network.socket, "create_connection", hang)
    start = time.monotonic()
    try:
        assert network.reach(["a", "b", "c"]) == [False, False, False]
        assert time.monotonic() - start < 2
    finally:
        answered.set()


def test_behind_a_proxy_nothing_is_tried(no_proxy: pytest.MonkeyPatch, registry: Registry) -> None:
    """The browser goes another way then: what a connection of ours would do says nothing; exceptions are heeded."""
    import urllib.request

    def never(*asked: object) -> None:
        raise AssertionError("tried")

    no_proxy.setattr(network.socket, "create_connection", never)
    no_proxy.setattr(urllib.request, "proxy_bypass", lambda host: host == "direct")
    no_proxy.setattr(urllib.request, "getproxies", lambda: {"https": "http://proxy"})
    assert network.reach(["a", "b"]) == [None, None]
    assert network._through_proxy("direct") is False
    no_proxy.setattr(urllib.request, "getproxies", lambda: {"ftp": "x"})
    assert network._through_proxy("a") is False
    registry["user", network.INTERNET_SETTINGS, "AutoConfigURL"] = "http://wpad/wpad.dat"
    assert network.reach(["a"]) == [None]
