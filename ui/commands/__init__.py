"""One module for each command of ``nightdesk``, found by its presence here.

A module ``name.py`` offers::

    def add(subparsers: Subparsers) -> None:      # its parser, and nothing slow
    def run(args: argparse.Namespace) -> int:     # an exit code of ui.exits

No command may import Qt, SQL or a switchboard when it is itself imported: ``--help`` reads them
all, and headless commands must run where no window could open.  Import inside ``run``.
"""

from __future__ import annotations

import argparse
from typing import TypeAlias

Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
