"""Bodies of notifications (RFC 4235), as a telephone system writes them."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

CALLER = "sip:02079460123@pbx.example"
WITHHELD = "sip:anonymous@anonymous.invalid"


def dialog(
    identity: str,
    state: str,
    way: str = "",
    remote: str = "",
    *,
    local: str = "",
    name: str = "",
    call_id: str = "",
    how: str = "",
    code: str = "",
    rendering: str = "",
) -> str:
    """Return one dialog; what is empty is left out."""
    attributes = {"id": identity, "direction": way, "call-id": call_id}
    said = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items() if value)
    shown = f" display={quoteattr(name)}" if name else ""
    how_said = "".join(f" {key}={quoteattr(value)}" for key, value in {"event": how, "code": code}.items() if value)
    param = f'<param pname="+sip.rendering" pvalue={quoteattr(rendering)}/>' if rendering else ""
    target = f'<target uri="sip:x@pbx.example">{param}</target>'
    sides = f"<remote><identity{shown}>{remote}</identity></remote>" if remote else ""
    sides += f"<local><identity>{local}</identity>{target}</local>" if local or rendering else ""
    return f"<dialog{said}>{sides}<state{how_said}>{state}</state></dialog>"


def document(version: int, *dialogs: str, state: str = "full", owner: str = "1001") -> bytes:
    """Return a whole body."""
    head = f'version="{version}" state="{state}" entity="sip:{owner}@pbx.example"'
    inside = "".join(dialogs)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" {head}>{inside}</dialog-info>\n'
    ).encode()


def early(remote: str = CALLER, owner: str = "1001", **more: str) -> str:
    """Return the dialog of a telephone that rings, as Asterisk tells it: its id is only the extension."""
    return dialog(owner, "early", "recipient", remote, **more)


def confirmed(owner: str = "1001", **more: str) -> str:
    """Return that of a telephone in use, as Asterisk tells it: nothing says with whom."""
    return dialog(owner, "confirmed", **more)


def terminated(owner: str = "1001", **more: str) -> str:
    """Return that of a telephone on its hook."""
    return dialog(owner, "terminated", **more)
