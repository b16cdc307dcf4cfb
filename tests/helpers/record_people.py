"""The invented workers of tests of the record."""

from __future__ import annotations

from console.domain.record import Identity, Role

PRIYA = Identity("priya.raman", "Priya Raman", Role.SOCIAL_WORKER_ADULTS, "desk-1")
TOM = Identity("tom.ashdown", "Tom Ashdown", Role.SUPPORT_WORKER, "desk-2")
ADVISER = Identity("ada.lunn", "Ada Lunn", Role.SERVICE_ADVISER, "desk-3")
MANAGER = Identity("dilys.marsh", "Dilys Marsh", Role.DUTY_MANAGER, "desk-4")
ADMIN = Identity("alex.dunn", "Alex Dunn", Role.ADMINISTRATOR, "office")
AUDITOR = Identity("ines.calder", "Ines Calder", Role.AUDITOR, "office")
WITNESS = Identity("witness", "Witness", Role.WITNESS, "rack")
PEOPLE = (
    *(PRIYA, TOM, ADVISER, MANAGER, ADMIN, AUDITOR, WITNESS),
    *(Identity(f"worker.{number}", f"Worker {number}", PRIYA.role, "desk-1") for number in range(8)),
)
"""Everybody with a log-in of a team's record."""
