"""Whether hosts take a connection on TCP 443, asked at once and within three seconds. Nothing is sent."""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Sequence

from ecps_cli.preflight.windows import registry_value

PATIENCE = 3.0
INTERNET_SETTINGS = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings"


def reach(hosts: Sequence[str], port: int = 443) -> list[bool | None]:
    """Whether each host takes a connection; None for one that this PC goes to through a proxy."""
    reached: dict[str, bool] = {}

    def connect(host: str) -> None:
        try:
            socket.create_connection((host, port), PATIENCE).close()
        except (OSError, UnicodeError):  # a name that is none
            return
        reached[host] = True

    direct = [host for host in hosts if not _through_proxy(host)]
    threads = [threading.Thread(target=connect, args=(host,), daemon=True) for host in direct]
    for thread in threads:
        thread.start()
    end = time.monotonic() + PATIENCE
    for thread in threads:  # a name server that does not answer is waited for no longer
        thread.join(max(end - time.monotonic(), 0))
    return [reached.get(host, False) if host in direct else None for host in hosts]


def _through_proxy(host: str) -> bool:
    """Whether the environment or the system sends this host through a proxy, or lets a script choose."""
    from urllib.request import getproxies, proxy_bypass

    proxies = getproxies()
    if ("https" in proxies or "all" in proxies) and not proxy_bypass(host):
        return True
    return sys.platform == "win32" and bool(registry_value("user", INTERNET_SETTINGS, "AutoConfigURL"))
