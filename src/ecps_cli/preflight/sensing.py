"""The preflight: this PC asked about the card path, once, and the checks that follow."""

from __future__ import annotations

from collections.abc import Mapping

from ecps_cli.preflight import machine, pcsc
from ecps_cli.preflight.checks import Check, Readings, checks_of


def sense(hosts: Mapping[str, str] | None = None) -> list[Check]:
    """Return the checks on this PC as it is now; with hosts (fact id → host), also whether they take a connection.

    Takes some milliseconds, or three seconds where a service or a host does not answer. No card is connected to.
    """
    service = machine.card_service()
    slots = pcsc.read_slots(service.running)
    if service.running is None and not slots.why_unseen:
        service = service._replace(running=True)  # it has answered
    return checks_of(
        Readings(machine.system(), service, slots, machine.cryptolib(), machine.browsers(), _reached(hosts or {}))
    )


def _reached(hosts: Mapping[str, str]) -> tuple[tuple[str, str, bool | None], ...]:
    if not hosts:
        return ()
    from ecps_cli.preflight.network import reach

    return tuple((*each, told) for each, told in zip(hosts.items(), reach(list(hosts.values())), strict=True))
