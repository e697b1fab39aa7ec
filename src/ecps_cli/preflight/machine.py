"""What the system and its files say: the PC/SC service, the Cryptolib, the browsers."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

from ecps_cli.preflight import windows
from ecps_cli.preflight.checks import Cryptolib, Service, System


def system() -> System:
    """System that this runs on, as far as the checks differ."""
    return "windows" if sys.platform == "win32" else "macos" if sys.platform == "darwin" else "other"


# --------------------------------------------------------------------------------------------------------- the service

PCSCD = "/run/pcscd/pcscd.comm"
"""Socket of pcscd; its client library takes the one in `PCSCLITE_CSOCK_NAME` first."""


def card_service() -> Service:
    """PC/SC service: what Windows says of it, or whether pcscd takes a connection."""
    here = system()
    if here == "windows":
        return windows.card_service()
    return Service(None if here == "macos" else _listens(os.environ.get("PCSCLITE_CSOCK_NAME") or PCSCD))


def _listens(path: str) -> bool | None:
    """Whether somebody listens on a local socket; None where this user may not ask."""
    if sys.platform == "win32":
        return None
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        try:
            client.connect(path)
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        except OSError:
            return None
    return True


# ------------------------------------------------------------------------------------------------------- the Cryptolib

VERSION_KEY = r"SOFTWARE\ASIP\Cryptolib CPS"
MACOS_CRYPTOLIB = "/usr/local/lib/libcps3_pkcs11_osx.dylib"
LINUX_CRYPTOLIB = "libcps3_pkcs11_lux.so"
LIBRARIES = ("/usr/local/lib", "/usr/lib", "/usr/lib64", "/usr/lib/x86_64-linux-gnu", "/usr/local/galss")
"""Folders that are searched on Linux. No source names the one, so a file that is in none may be elsewhere."""


def cryptolib() -> Cryptolib:
    """Cryptolib CPS, by its file; on Windows also by the version in the registry."""
    here = system()
    file = next((str(path) for path in _cryptolib_files(here) if path.exists()), "")
    version = windows.registry_value("machine", VERSION_KEY, "Version") if here == "windows" else None
    return Cryptolib(file, here != "other", version.strip() if isinstance(version, str) else "")


def _cryptolib_files(here: System) -> Iterator[Path]:
    if here == "windows":
        root = Path(os.environ.get("SYSTEMROOT") or r"C:\Windows")
        yield root / "System32" / "cps3_pkcs11_w64.dll"
        yield root / "Sysnative" / "cps3_pkcs11_w64.dll"  # how a 32-bit program sees the same folder
        yield root / "SysWOW64" / "cps3_pkcs11_w32.dll"
        yield root / "System32" / "cps3_pkcs11_w32.dll"
    elif here == "macos":
        yield Path(MACOS_CRYPTOLIB)
    else:
        yield from (Path(folder) / LINUX_CRYPTOLIB for folder in LIBRARIES)


# -------------------------------------------------------------------------------------------------------- the browsers

APP_PATHS = r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths"
FLATPAKS = ("/var/lib/flatpak/exports/bin", "~/.local/share/flatpak/exports/bin")
BROWSERS = {
    "Chrome": ("chrome.exe", "Google Chrome.app", ("google-chrome", "google-chrome-stable", "com.google.Chrome")),
    "Edge": ("msedge.exe", "Microsoft Edge.app", ("microsoft-edge", "microsoft-edge-stable", "com.microsoft.Edge")),
    "Firefox": ("firefox.exe", "Firefox.app", ("firefox", "firefox-esr", "org.mozilla.firefox")),
}
"""Name → program on Windows, application on macOS, commands elsewhere; those to prefer for the card come first."""


def browsers() -> tuple[str, ...]:
    """Names of the browsers that are installed, those to prefer first."""
    here = system()
    return tuple(name for name, ways in BROWSERS.items() if _is_installed(here, *ways))


def _is_installed(here: System, program: str, application: str, commands: tuple[str, ...]) -> bool:
    if here == "windows":
        paths = (windows.registry_value(root, rf"{APP_PATHS}\{program}", "") for root in ("machine", "user"))
        return any(Path(path.strip('"')).exists() for path in paths if isinstance(path, str))
    if here == "macos":
        folders = (Path("/Applications"), Path("~/Applications").expanduser())
        return any((folder / application).exists() for folder in folders)
    searched = os.pathsep.join([os.environ.get("PATH", os.defpath), *map(os.path.expanduser, FLATPAKS)])
    return any(shutil.which(command, path=searched) for command in commands)
