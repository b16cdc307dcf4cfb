"""What every command's exit code means: for scripts, and for the technician who reads them."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """One code, one meaning, in every command."""

    OK = 0
    FAULT = 1
    USAGE = 2
    NOT_UNDERSTOOD = 3
    NOT_HONEST = 4
    REFUSED = 5
    CHECK_FAILED = 6
    STOPPED = 130
    READER_GONE = 141


MEANING: dict[Exit, str] = {
    Exit.OK: "done; a search without a hit is done too",
    Exit.FAULT: "a fault inside Nightdesk; the log says where",
    Exit.USAGE: "the command or a file given to it is not right; nothing was changed",
    Exit.NOT_UNDERSTOOD: "what a switchboard sent, or a recording, is not a language or version we know",
    Exit.NOT_HONEST: "`db verify` found an entry that was altered, removed or put in, or the file damaged",
    Exit.REFUSED: "refused or not possible now; the sentence on stderr says why and what is safe",
    Exit.CHECK_FAILED: "a check of `demo`, a line of `rehearse --unattended` or a limit of `bench` did not hold",
    Exit.STOPPED: "stopped from the keyboard",
    Exit.READER_GONE: "the program that read our output went away",
}


def help_text() -> str:
    """Return the table for the end of ``--help``."""
    return "exit codes:\n" + "\n".join(f"  {int(code):>3}  {MEANING[code]}" for code in Exit)
