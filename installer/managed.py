"""Writes what is made from the settings' schema and a report's types: templates, profile, IT's tables.

    .venv/bin/python -m installer.managed

The files are kept in the repository; `tests/installer/test_managed.py` fails where one is behind.
"""

from __future__ import annotations

import json
from pathlib import Path

from installer import privacy
from installer.macos import preferences
from installer.windows import templates
from readiness.core.text import Language, Text
from readiness.settings.schema import SETTINGS, Kind, Setting

ROOT = Path(__file__).resolve().parent.parent

_HEADING = Text(sv="# Inställningar", en="# Settings")
_MADE = "<!-- Made by `python -m installer.managed` from readiness/settings/schema.py. -->"
_SOURCES = Text(
    sv="""Det starkaste först. Ett värde som inte går att använda sägs till om, och nästa källas gäller.

| | Windows | Linux | macOS |
| --- | --- | --- | --- |
| 1 policy | `HKLM\\Software\\Policies\\Motesklar` (ADMX) | `/etc/motesklar/policy.toml` | konfigurationsprofil för `se.motesklar.Motesklar` |
| 2 kommandoraden | `--collector` med flera | samma | samma |
| 3 miljön | `READINESS_…` | samma | samma |
| 4 datorn | `HKLM\\Software\\Motesklar` (MSI skriver där) | `/etc/motesklar/secrets.toml`, sedan `settings.toml` | `/Library/Application Support/Motesklar/`, samma två filer |
| 5 användaren | `%LOCALAPPDATA%\\motesklar\\settings.toml` | `~/.config/motesklar/settings.toml` | `~/Library/Application Support/motesklar/settings.toml` |
| 6 förval | | | |

`readiness settings` visar varje värde och varifrån det kommer (`--json` för program; utgångskod 2 om något
inte går att använda). I TOML heter en inställning som i första kolumnen, i registret och i profiler som i den
andra. En policy kan läsas av alla konton, så ingen hemlighet kan stå i den.""",
    en="""The strongest first. A value that cannot be used is told, and the next source's holds.

| | Windows | Linux | macOS |
| --- | --- | --- | --- |
| 1 policy | `HKLM\\Software\\Policies\\Motesklar` (ADMX) | `/etc/motesklar/policy.toml` | configuration profile for `se.motesklar.Motesklar` |
| 2 command line | `--collector` and others | the same | the same |
| 3 environment | `READINESS_…` | the same | the same |
| 4 machine | `HKLM\\Software\\Motesklar` (written by the MSI) | `/etc/motesklar/secrets.toml`, then `settings.toml` | `/Library/Application Support/Motesklar/`, the same two files |
| 5 user | `%LOCALAPPDATA%\\motesklar\\settings.toml` | `~/.config/motesklar/settings.toml` | `~/Library/Application Support/motesklar/settings.toml` |
| 6 default | | | |

`readiness settings` shows each value and where it comes from (`--json` for programs; exit status 2 where
something cannot be used). In TOML a setting is named as in the first column, in the registry and in profiles
as in the second. A policy can be read by every account, so no secret may stand in it.""",
)
_HEAD = Text(
    sv="| Namn | Registret, profil | Typ | Förval | Policy | Hemlig | Miljövariabel | Vad |",
    en="| Name | Registry, profile | Type | Default | Policy | Secret | Environment | What |",
)
_KIND = {
    Kind.TEXT: Text(sv="text (REG_SZ)", en="text (REG_SZ)"),
    Kind.ADDRESS: Text(sv="adress (REG_SZ)", en="address (REG_SZ)"),
    Kind.CHOICE: Text(sv="val (REG_SZ)", en="choice (REG_SZ)"),
    Kind.TRUTH: Text(sv="ja/nej (REG_DWORD)", en="yes/no (REG_DWORD)"),
}
_YES, _NO = Text(sv="ja", en="yes"), Text(sv="nej", en="no")


def files() -> dict[str, bytes]:
    """What is made, by its path in the repository."""
    made = {
        "installer/windows/policies/Motesklar.admx": templates.admx().encode(),
        "installer/macos/se.motesklar.Motesklar.plist": preferences.manifest(),
        "installer/macos/example.mobileconfig": preferences.example(),
        "resources/docs/settings.md": f"{_MADE}\n{table('sv')}\n\n---\n\n{table('en')}\n".encode(),
        "resources/docs/settings.json": document().encode(),
        "resources/docs/report-fields.md": privacy.page().encode(),
    }
    for language, folder in templates.FOLDERS.items():
        made[f"installer/windows/policies/{folder}/Motesklar.adml"] = templates.adml(language).encode()
    return made


def table(language: Language) -> str:
    """All settings, as Markdown."""
    lines = [_HEADING.say(language), "", _SOURCES.say(language), "", _HEAD.say(language), "| --- " * 8 + "|"]
    return "\n".join([*lines, *(_row(setting, language) for setting in SETTINGS)])


def document() -> str:
    """All settings, as JSON."""
    rows = [
        {
            "name": setting.name,
            "key": setting.key,
            "kind": setting.kind.value,
            "default": setting.default,
            "allowed": list(setting.allowed),
            "longest": None if setting.kind is Kind.TRUTH else setting.longest,
            "by_policy": setting.by_policy,
            "secret": setting.secret,
            "variable": setting.variable,
            "title": {"sv": setting.title.sv, "en": setting.title.en},
            "help": {"sv": setting.help.sv, "en": setting.help.en},
        }
        for setting in SETTINGS
    ]
    return json.dumps({"settings": rows}, ensure_ascii=False, indent=1) + "\n"


def _row(setting: Setting, language: Language) -> str:
    default: object = "–" if setting.default is None else f"`{setting.default}`"
    if isinstance(setting.default, bool):
        default = _YES if setting.default else _NO
    cells = (
        f"`{setting.name}`",
        f"`{setting.key}`",
        _KIND[setting.kind],
        default,
        _YES if setting.by_policy else _NO,
        _YES if setting.secret else _NO,
        f"`{setting.variable}`" if setting.variable else "–",
        setting.help,
    )
    said = (cell.say(language) if isinstance(cell, Text) else str(cell) for cell in cells)
    return f"| {' | '.join(said)} |"


def main() -> None:
    """Write them all."""
    for name, content in files().items():
        file = ROOT / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        print(name)


if __name__ == "__main__":
    main()
