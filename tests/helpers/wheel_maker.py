"""Makes a wheel of a pure project out of its pyproject.toml: a build backend for tests, which reach no index.

It knows what our own projects and the example in docs/ use, and no more.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from zipfile import ZipFile

WHEEL = "Wheel-Version: 1.0\nGenerator: nightdesk tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def build_wheel(folder: str, config_settings: object = None, metadata_directory: str | None = None) -> str:
    """Write the wheel of the project in the working directory into ``folder`` and return its name (PEP 517)."""
    told = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
    project = told["project"]
    tag = f"{project['name'].replace('-', '_')}-{project['version']}"
    packages = told.get("tool", {}).get("hatch", {}).get("build", {}).get("targets", {}).get("wheel", {})
    roots = packages.get("packages", [project["name"].replace("-", "_")])
    about = {"METADATA": _metadata(project), "WHEEL": WHEEL, "entry_points.txt": _entry_points(project)}
    with ZipFile(Path(folder) / f"{tag}-py3-none-any.whl", "w") as wheel:
        names = [path.as_posix() for root in roots for path in sorted(Path(root).rglob("*")) if _belongs(path)]
        for name in names:
            wheel.write(name)
        for name, text in about.items():
            wheel.writestr(f"{tag}.dist-info/{name}", text)
        listed = [*names, *(f"{tag}.dist-info/{name}" for name in about), f"{tag}.dist-info/RECORD"]
        wheel.writestr(f"{tag}.dist-info/RECORD", "".join(f"{name},,\n" for name in listed))
    return f"{tag}-py3-none-any.whl"


def _belongs(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts


def _metadata(project: dict[str, str]) -> str:
    told = {"Metadata-Version": "2.4", "Name": project["name"], "Version": project["version"]}
    return "".join(f"{key}: {value}\n" for key, value in {**told, "License-Expression": project["license"]}.items())


def _entry_points(project: dict[str, dict[str, dict[str, str]]]) -> str:
    groups = project.get("entry-points", {}).items()
    return "\n".join(f"[{group}]\n" + "".join(f"{k} = {v}\n" for k, v in points.items()) for group, points in groups)
