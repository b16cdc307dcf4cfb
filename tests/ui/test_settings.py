"""Settings: declared once, read strictly, refused in sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import timedelta
from pathlib import Path

import pytest

from console.domain.board import BoardLimits
from console.domain.capacity import Assigning, CallOutRule, NightRules
from telephony_adapters.asterisk_ami.presentation import Unmarked
from telephony_adapters.asterisk_ami.settings import AmiSettings
from ui.bootstrap.place import limits_of
from ui.settings import (
    BadSettings,
    Settings,
    Theme,
    check_database,
    describe,
    setting,
    switchboard_table,
)
from ui.settings_file import load, read_table


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def test_without_a_file_the_defaults_hold(file: Path) -> None:
    assert load(file) == Settings()


def test_what_the_file_says_holds(file: Path) -> None:
    file.write_text(
        'service = "Solent Out of Hours"\ntheme = "dark"\ntext_percent = 120\nswitchboard = "asterisk_ami"\n'
        '[switchboards.asterisk_ami]\nhost = "pbx.example"\nport = 5038\n',
        encoding="utf-8",
    )
    settings = load(file)
    assert settings.service == "Solent Out of Hours"
    assert settings.theme is Theme.DARK
    own = switchboard_table(settings, "asterisk_ami", AmiSettings)
    assert {name: own[name] for name in ("host", "port")} == {"host": "pbx.example", "port": 5038}
    assert "host" not in switchboard_table(settings, "simulator", AmiSettings)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("themes = 'dark'", "no setting called themes.*Did you mean theme?"),
        ("qqqq = 1", "no setting called qqqq.*Known are: service, database"),
        ("theme = 'blue'", 'theme must be "system" or "light" or "dark", and is "blue"'),
        ("text_percent = '120'", 'text_percent must be a whole number, and is "120"'),
        ("text_percent = 500", "text_percent is 500; it may be from 80 to 200"),
        ("outside_prefix = '999'", "outside_prefix or withhold_prefix is an emergency number"),
        ("outside_prefix = '+44'", "outside_prefix must be the digits dialled for an outside line"),
        ("speech = 1", "speech must be true or false, and is 1"),
        ("switchboards = 3", "switchboards must be a table"),
        ("[switchboards.asterisk_ami]\nhost = ['x']", "switchboards must be a table"),
        ("service = \nspeech = true", "is not TOML.*line 1"),
        ("database = 'postgresql://nd:hunter2@db.example/nd'", "password may not stand"),
        ("\udcff", "cannot be read"),
    ],
)
def test_a_slip_of_the_pen_is_a_sentence(file: Path, text: str, sentence: str) -> None:
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(BadSettings, match=sentence) as refusal:
        load(file)
    assert "hunter2" not in str(refusal.value)
    assert refusal.value.exit_code == 2


def test_a_folder_in_place_of_the_file_is_a_sentence(file: Path) -> None:
    file.mkdir()
    with pytest.raises(BadSettings, match="cannot be read"):
        load(file)


@dataclass(frozen=True, slots=True)
class Adapter:
    """As an adapter declares its own."""

    host: str = setting("127.0.0.1", "where the switchboard is")
    port: int = setting(5038, "its port")
    password: str = setting("", "of the manager account", secret=True)


def test_an_adapters_table_is_read_the_same_way() -> None:
    assert read_table(Adapter, {"port": 5039}, "settings.toml") == Adapter(port=5039)
    with pytest.raises(BadSettings, match="no setting called prot.*Did you mean port"):
        read_table(Adapter, {"prot": 1}, "settings.toml")


def test_a_secret_may_not_stand_in_the_file() -> None:
    with pytest.raises(BadSettings, match="password is a secret.*keyring") as refusal:
        read_table(Adapter, {"password": "hunter2"}, "settings.toml")
    assert "hunter2" not in str(refusal.value)


def test_settings_of_something_else_is_our_own_mistake() -> None:
    with pytest.raises(TypeError, match="int must be a dataclass"):
        read_table(int, {}, "x")


def test_every_setting_explains_itself() -> None:
    explained = list(describe(Settings))
    assert [one.name for one in explained] == [one.name for one in fields(Settings)]
    for one in explained:
        assert len(one.help) > 10, one.name
        assert one.kind
    secret = {one.name: one.secret for one in describe(Adapter)}
    assert secret == {"host": False, "port": False, "password": True}


def test_the_guide_lists_every_setting_with_its_default() -> None:
    guide = (Path(__file__).resolve().parents[2] / "docs" / "running" / "settings.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]*) \|", guide, flags=re.MULTILINE)
    expected = [(one.name, one.kind, f"`{one.default}`" if one.default else "") for one in describe(Settings)]
    assert [(name, kind.strip(), default.strip()) for name, kind, default in rows] == expected


@pytest.mark.parametrize("url", ["night.db", "/srv/nd/night.db", "sqlite:///night.db", "postgresql://db.example/nd"])
def test_a_database_may_be_named(url: str) -> None:
    assert check_database(url) == url


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "no database was named"),
        ("mysql://db.example/nd", "mysql:// is no database"),
        ("postgresql://nd:hunter2@db.example/nd", "password may not stand"),
        ("postgresql://db.example/nd?user=nd&password=hunter2", "password may not stand"),
    ],
)
def test_a_database_that_may_not(url: str, sentence: str) -> None:
    with pytest.raises(BadSettings, match=sentence):
        check_database(url)


def test_how_a_site_dials_is_said_once_and_a_switchboards_own_table_may_differ(file: Path) -> None:
    own = '[switchboards.asterisk_ami]\narea_code = ""\n'
    file.write_text('outside_prefix = "0"\nunmarked_numbers = "show"\narea_code = "01632"\n' + own)
    chosen = read_table(AmiSettings, switchboard_table(load(file), "asterisk_ami", AmiSettings), "here")
    assert (chosen.outside_prefix, chosen.unmarked_numbers, chosen.area_code) == ("0", Unmarked.SHOW, "")


def test_the_guides_example_can_be_used_as_it_stands(file: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "running" / "settings.md").read_text("utf-8")
    example = re.search(r"```toml\n(.*?)```", page, re.DOTALL)
    assert example is not None
    file.write_text(example[1])
    settings = load(file)
    chosen = read_table(AmiSettings, switchboard_table(settings, settings.switchboard, AmiSettings), "here")
    assert (chosen.host, chosen.user) == ("pbx.example", "nightdesk")


def test_late_means_what_the_settings_say() -> None:
    assert limits_of(Settings()) == BoardLimits()
    soon = limits_of(Settings(late_answer_s=10))
    assert (soon.red_wait, soon.amber_wait) == (timedelta(seconds=10), timedelta(seconds=10))


def test_the_rules_of_the_night_are_the_councils(file: Path) -> None:
    file.write_text(
        'second_worker_s = 45\ncall_out = "dial"\nassigning = "at_once"\ntake_five_min = 20\n'
        'waiting_script = "Please hold on."\n'
    )
    rules = limits_of(load(file)).night
    assert rules == NightRules(
        timedelta(seconds=45), CallOutRule.DIAL, Assigning.AT_ONCE, timedelta(minutes=20), script="Please hold on."
    )
    file.write_text('call_out = "always"\n')
    with pytest.raises(BadSettings, match='"off" or "arm" or "dial"'):
        load(file)
