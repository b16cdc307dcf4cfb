"""``nightdesk serve``: a team trial in one command, on a computer without a database."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from console.domain.roles import GUEST_ROLES
from ui.arguments import add_json
from ui.commands import Subparsers
from ui.commands.people import add_import_options
from ui.exits import Exit
from ui.started import as_started, started

if TYPE_CHECKING:
    from console.ports.secrets import Secrets
    from ui.bootstrap.serving import Added, Ready
    from ui.bootstrap.serving_folder import ServeFolder

_ABOUT = """\
Serve a team trial from this computer until Ctrl-C: a PostgreSQL of its own in NIGHTDESK_HOME/serve, made at the
first start, with TLS 1.3 in front.  A trial only: every start says what it is not.  While it runs, `nightdesk serve
add NAME --role ROLE` in a second window prints a join line for one person, who pastes it into `nightdesk console
--join`.  It listens on this computer alone until you say --host 0.0.0.0.  What is not said again stays as it was."""
_ADD = """\
Let one person join the trial that runs: prints one line to hand over, with a password for once.  Hand it over as you
would a key.  For somebody who is there already it makes a new line and a new role; the old password ends.  The role
witness is for the computer that runs `nightdesk witness`: `nightdesk join` takes its line there."""
_IMPORT = """\
Bring people, agencies, relationships or the rota from a CSV file into the trial that runs, as `nightdesk people
import` and `nightdesk rota import` do: by a log-in that may import and do nothing else, made for it.  `nightdesk people
sample FOLDER` and `nightdesk rota sample` write files to try; they, and all files of invented people, need --invented
here, and a trial that was started with --invented."""
_VERIFY = """\
Prove that no entry of the trial that runs was altered, as `nightdesk db verify` does: by a log-in that can read no
words, made for it.  --seen compares with a head that was noted before."""
_REMOVE = "End one person's log-in.  What they wrote stays, and nobody can join with their old line."


def add(subparsers: Subparsers) -> None:
    """Add the command and its branches."""
    parser = subparsers.add_parser("serve", help="serve a team trial from this computer", description=_ABOUT)
    parser.add_argument("--service", metavar="NAME", help="the service's database (default: the settings' or trial)")
    parser.add_argument("--host", metavar="ADDRESS", help="listen here: 0.0.0.0 lets others in (default 127.0.0.1)")
    parser.add_argument("--port", type=int, metavar="PORT", help="listen at this port (default 5433; 0: any)")
    parser.add_argument(
        "--name", action="append", default=[], metavar="HOST", help="another name or address others know us by"
    )
    parser.add_argument("--invented", action="store_true", help="make the record for invented people only")
    add_json(parser)
    parser.set_defaults(act="serve")
    branches = parser.add_subparsers(metavar="WHAT", required=False, title="while it runs")
    joining = branches.add_parser("add", help="print a join line for one person", description=_ADD)
    joining.add_argument("person", metavar="NAME", help="the person's name, such as 'Priya Raman'")
    roles = sorted(role.value for role in GUEST_ROLES)
    joining.add_argument("--role", required=True, choices=roles, metavar="ROLE", help=f"one of: {', '.join(roles)}")
    joining.add_argument("--at", metavar="HOST", help="the name or address for this line (default: the first --name)")
    joining.add_argument("--file", type=Path, metavar="FILE", help="write the line into a new file that only we read")
    leaving = branches.add_parser("remove", help="end one person's log-in", description=_REMOVE)
    leaving.add_argument("person", metavar="NAME", help="the person's name")
    bringing = branches.add_parser("import", help="bring people or the rota in from a CSV file", description=_IMPORT)
    add_import_options(bringing, ("rota",))
    proving = branches.add_parser("verify", help="prove that no entry was altered", description=_VERIFY)
    proving.add_argument("--seen", metavar="SEQ:DIGEST", help="a head that was noted before")
    for act, branch in (("add", joining), ("remove", leaving), ("import", bringing), ("verify", proving)):
        add_json(branch)
        branch.set_defaults(act=act)


def run(args: argparse.Namespace) -> int:
    """Serve, add or remove a person, import, or verify; what that needs is imported only now."""
    import os

    from console.domain.text import BadInput
    from console.machine.paths import home
    from ui.bootstrap.extras import need
    from ui.bootstrap.serving_folder import ServeFolder

    need("serve", "psycopg", "cryptography")
    if getattr(args, "database", None):
        raise BadInput("A trial has a database of its own; --database names another.  Nothing was started.")
    folder = ServeFolder(home(os.environ).serve)
    acts = {"serve": _serve, "add": _add, "remove": _remove, "import": _import, "verify": _verify}
    return acts[args.act](args, folder)


def _serve(args: argparse.Namespace, folder: ServeFolder) -> int:
    import os
    import threading

    from console.machine.clock import SystemClock
    from console.machine.paths import home
    from console.machine.platform import when_told_to_end
    from ui.bootstrap.serving import TrialServer, refuse_root
    from ui.bootstrap.serving_folder import Wanted, service_name
    from ui.settings import Settings
    from ui.settings_file import load

    refuse_root()
    usual = service_name(load(home(os.environ).settings_file).service, Settings().service)
    wanted = Wanted(args.service, args.host, args.port, tuple(args.name), invented=args.invented)
    server = TrialServer(folder, wanted, _keyring(), SystemClock(), usual)
    told = threading.Event()
    when_told_to_end(lambda _: told.set())
    try:
        ready = server.start()
        _say_ready(args, folder, ready)
        server.watch(told, lambda words: print(f"nightdesk: {words}", file=sys.stderr, flush=True))
    finally:
        server.stop()
    print(json.dumps({"event": "stopped"}) if args.json else "Stopped in order.  Start it again any time.", flush=True)
    return Exit.OK


def _say_ready(args: argparse.Namespace, folder: ServeFolder, ready: Ready) -> None:
    from ui.bootstrap.serving import NOT_THIS

    trial = ready.trial
    if args.json:
        said = {
            "event": "ready",
            "service": trial.service,
            "host": trial.host,
            "port": trial.port,
            "join_host": ready.join_host,
            "names": list(ready.names),
            "authority_sha256": ready.fingerprint,
            "postgresql": str(ready.version),
            "folder": str(folder.path),
            "made": ready.made,
            "recovered": ready.recovered,
            "old_doors": ready.old_doors,
            "is_not": list(NOT_THIS),
        }
        print(json.dumps(said), flush=True)
        return
    print(f"A team trial, {trial.service}, is served from this computer (PostgreSQL {ready.version}).")
    print(
        f"  listens     {trial.host}, port {trial.port}, TLS 1.3; the front is called {ready.join_host} in join lines"
    )
    print(f"  kept in     {folder.path}")
    if ready.administrator:
        print(f"  its administrator's password is kept {ready.administrator}.")
    if ready.recovered:
        print("  An earlier start had left its server behind; it was stopped in order first.")
    if ready.old_doors:
        print(f"  {as_started(ready.old_doors)}")
    if trial.host == "127.0.0.1":
        print("  Only this computer can come in.  To let others in, stop it and start it with --host 0.0.0.0.")
    print("\n" + NOT_THIS[0])
    for sentence in NOT_THIS[1:]:
        print(f"  - {sentence}")
    print(f"\nLet somebody join, in a second window:  {started()} serve add 'Priya Raman' --role service_adviser")
    print("Stop it with Ctrl-C.", flush=True)


def _add(args: argparse.Namespace, folder: ServeFolder) -> int:
    from console.domain.roles import Role
    from ui.bootstrap.serving import add_person

    if args.file is not None:
        _refuse_there(args.file)
    added = add_person(folder, _keyring(), args.person, Role(args.role), args.at)
    if args.file is not None:
        _write_private(args.file, added.line)
    if args.json:
        said = {"name": added.name, "role": added.role.value, "login": added.login, "again": added.again}
        print(json.dumps({**said, **({"file": str(args.file)} if args.file else {"line": added.line})}))
        return Exit.OK
    _say_added(added, args.file)
    return Exit.OK


def _say_added(added: Added, file: Path | None) -> None:
    """Say it on stderr, so that `>` takes the line alone."""
    again = "has a new line; the old password has ended" if added.again else "may join"
    print(f"{added.name} ({added.role.value}, log-in {added.login}) {again}.", file=sys.stderr)
    if added.only_here:
        print("The trial listens on this computer alone: the line works here only.", file=sys.stderr)
    how = f"Hand over {file}" if file else "Hand over this line"
    end = "." if file else ":"
    taken = "`nightdesk join`, then run `nightdesk witness`" if added.is_witness else "`nightdesk console --join`"
    print(f"{how} as you would a key; it goes into {as_started(taken)}{end}", file=sys.stderr)
    if file is None:
        print(added.line)


def _refuse_there(file: Path) -> None:
    from console.domain.text import BadInput

    if file.exists():
        message = f"There is already a file at {file}.  It was left as it is, and nobody was added; name another."
        raise BadInput(message)


def _write_private(file: Path, line: str) -> None:
    from console.machine.platform import make_private

    file.touch(0o600, exist_ok=False)
    make_private(file)
    file.write_text(line + "\n", encoding="ascii")


def _import(args: argparse.Namespace, folder: ServeFolder) -> int:
    from ui.bootstrap.serving import program_way
    from ui.commands import _rota_acts
    from ui.commands._people_import import import_into
    from ui.commands._people_into import IntoTeam

    into = IntoTeam("the trial", lambda _: program_way(folder, _keyring(), "import"))
    return _rota_acts.import_into(args, lambda: into) if args.kind == "rota" else import_into(args, into)


def _verify(args: argparse.Namespace, folder: ServeFolder) -> int:
    from ui.bootstrap.serving import program_way
    from ui.commands._db_team_acts import verify_by

    return verify_by(args, lambda: nullcontext(program_way(folder, _keyring(), "verify")))


def _remove(args: argparse.Namespace, folder: ServeFolder) -> int:
    from ui.bootstrap.serving import remove_person

    login = remove_person(folder, _keyring(), args.person)
    print(json.dumps({"removed": login}) if args.json else f"{login} has ended.  What was written stays.")
    return Exit.OK


def _keyring() -> Secrets:
    from console.machine.secrets import KeyringSecrets

    return KeyringSecrets(instead="Whoever has joined works on without it; only this command needs it.")
