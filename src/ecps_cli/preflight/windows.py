"""Windows asked: its registry, its services. Elsewhere, and where it does not say, nothing is known."""

from __future__ import annotations

import sys
from typing import Literal

from ecps_cli.preflight.checks import Service

SERVICE = "SCardSvr"

# https://learn.microsoft.com/windows/win32/api/winsvc/
SC_MANAGER_CONNECT, SERVICE_QUERY_STATUS, SERVICE_RUNNING = 0x0001, 0x0004, 4
ERROR_SERVICE_DOES_NOT_EXIST = 1060


def registry_value(root: Literal["machine", "user"], key: str, name: str) -> str | int | None:
    """Value in the registry, in the part for 64-bit programs or else in the one for 32-bit ones."""
    if sys.platform != "win32":
        return None
    import winreg

    hive = {"machine": winreg.HKEY_LOCAL_MACHINE, "user": winreg.HKEY_CURRENT_USER}[root]
    for part in (winreg.KEY_WOW64_64KEY, winreg.KEY_WOW64_32KEY):
        try:
            with winreg.OpenKey(hive, key, 0, winreg.KEY_READ | part) as opened:
                value, _ = winreg.QueryValueEx(opened, name)
        except OSError:
            continue
        if isinstance(value, str | int):
            return value
    return None


def card_service() -> Service:
    """Whether the service « Carte à puce » runs, and how it starts."""
    start = registry_value("machine", rf"SYSTEM\CurrentControlSet\Services\{SERVICE}", "Start")
    return Service(_is_running(SERVICE), start if isinstance(start, int) else None)


def _is_running(name: str) -> bool | None:
    """Whether a service runs; None where Windows does not say."""
    if sys.platform != "win32":
        return None
    import ctypes
    from ctypes import wintypes

    services = ctypes.WinDLL("advapi32", use_last_error=True)
    for function in (services.OpenSCManagerW, services.OpenServiceW):
        function.restype = wintypes.SC_HANDLE
    manager = services.OpenSCManagerW(None, None, SC_MANAGER_CONNECT)
    if not manager:
        return None
    try:
        service = services.OpenServiceW(wintypes.SC_HANDLE(manager), name, SERVICE_QUERY_STATUS)
        if not service:
            return False if ctypes.get_last_error() == ERROR_SERVICE_DOES_NOT_EXIST else None
        status = (wintypes.DWORD * 7)()  # a SERVICE_STATUS; its second field is the state
        told = services.QueryServiceStatus(wintypes.SC_HANDLE(service), ctypes.byref(status))
        services.CloseServiceHandle(wintypes.SC_HANDLE(service))
        return bool(status[1] == SERVICE_RUNNING) if told else None
    finally:
        services.CloseServiceHandle(wintypes.SC_HANDLE(manager))
