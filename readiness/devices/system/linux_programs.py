"""Linux: which meeting programs and browsers are installed, and their versions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from readiness.core.demands import version_key
from readiness.devices.system.reading import Run, entries_of, text_of

_MOST_STATUS_BYTES = 32 * 1024 * 1024
_PACKAGES = {
    "google-chrome-stable": "chrome", "google-chrome-beta": "chrome", "google-chrome": "chrome",
    "chromium": "chromium",
    "microsoft-edge-stable": "edge", "microsoft-edge": "edge",
    "firefox": "firefox", "firefox-esr": "firefox", "MozillaFirefox": "firefox",
    "zoom": "zoom", "zoom-client": "zoom", "webex": "webex",
    "teams": "teams_classic", "teams-for-linux": "teams",
}  # fmt: skip
"""Packages of Debian and Red Hat, and snaps, by name."""
_FLATPAKS = {
    "com.google.Chrome": "chrome", "org.chromium.Chromium": "chromium", "com.microsoft.Edge": "edge",
    "org.mozilla.firefox": "firefox", "us.zoom.Zoom": "zoom", "com.cisco.webex": "webex",
    "com.github.IsmaelMartinez.teams_for_linux": "teams",
}  # fmt: skip
_FOLDERS = ("opt/firefox", "usr/lib/firefox", "usr/lib/firefox-esr", "usr/lib64/firefox", "usr/local/firefox")
"""Where Firefox lies that no package manager brought; its application.ini has the version."""
_BINARIES = {
    "opt/google/chrome/chrome": "chrome", "opt/microsoft/msedge/msedge": "edge",
    "opt/zoom/zoom": "zoom", "opt/Webex/bin/CiscoCollabHost": "webex",
}  # fmt: skip
"""Programs that keep to their place, whoever brought them; their version is not asked of them."""
_DESKTOP_FILES = {
    "google-chrome": "chrome", "com.google.chrome": "chrome", "chromium": "chromium",
    "microsoft-edge": "edge", "com.microsoft.edge": "edge", "firefox": "firefox",
}  # fmt: skip
_MIME_FILES = ("etc/xdg/mimeapps.list", "usr/share/applications/mimeapps.list")


def installed(root: Path, home: Path, run: Run) -> Mapping[str, str | None]:
    """Program to version; the newest where there are several of the same."""
    found: dict[str, str | None] = {}
    for program, version in (
        *_debian(root),
        *_red_hat(root, run),
        *_arch(root / "var/lib/pacman/local"),
        *_flatpaks(root / "var/lib/flatpak/app"),
        *_flatpaks(home / ".local/share/flatpak/app"),
        *_snaps(root),
        *(
            (program, _firefox_version(root / folder))
            for folder, program in ((f, "firefox") for f in _FOLDERS)
        ),
    ):
        if version and version_key(version) >= version_key(found.get(program) or ""):
            found[program] = version
    for path, program in _BINARIES.items():
        if (root / path).exists():
            found.setdefault(program, None)
    return found


def default_browser(root: Path, home: Path) -> str | None:
    """What opens links: by the person's own choice, the system's, or Debian's alternatives."""
    for file in (home / ".config/mimeapps.list", *(root / name for name in _MIME_FILES)):
        for line in (text_of(file) or "").splitlines():
            name, _, value = line.partition("=")
            if name.strip() == "x-scheme-handler/https":
                return _browser(value)
    try:
        return _browser((root / "etc/alternatives/x-www-browser").readlink().name)
    except OSError:
        return None


def _browser(name: str) -> str | None:
    lowered = name.strip().lower()
    return next((program for start, program in _DESKTOP_FILES.items() if lowered.startswith(start)), None)


def _debian(root: Path) -> list[tuple[str, str | None]]:
    status = text_of(root / "var/lib/dpkg/status", _MOST_STATUS_BYTES)
    if status is None:
        return []
    found: list[tuple[str, str | None]] = []
    for package, program in _PACKAGES.items():
        start = f"\n{status}".find(f"\nPackage: {package}\n")
        if start < 0:
            continue
        fields = dict(re.findall(r"^(Status|Version): (.*)$", status[start:].partition("\n\n")[0], re.M))
        version = fields.get("Version", "")
        # Ubuntu's packages of that kind hold nothing: they point to the snap.
        if fields.get("Status", "").endswith(" installed") and "snap" not in version:
            found.append((program, version))
    return found


def _red_hat(root: Path, run: Run) -> list[tuple[str, str | None]]:
    if not any((root / folder).exists() for folder in ("var/lib/rpm", "usr/lib/sysimage/rpm")):
        return []
    said = run("rpm", "-qa", "--queryformat", "%{NAME} %{VERSION}\n", *_PACKAGES) or ""
    rows = (line.split() for line in said.splitlines())
    return [(_PACKAGES[row[0]], row[1]) for row in rows if len(row) == 2 and row[0] in _PACKAGES]


def _arch(database: Path) -> list[tuple[str, str | None]]:
    """Pacman keeps a folder for each package, called name-version-release."""
    parts = (folder.name.rsplit("-", 2) for folder in entries_of(database))
    return [(_PACKAGES[part[0]], part[1]) for part in parts if len(part) == 3 and part[0] in _PACKAGES]


def _flatpaks(apps: Path) -> list[tuple[str, str | None]]:
    found: list[tuple[str, str | None]] = []
    for name, program in _FLATPAKS.items():
        files = apps / name / "current/active/files/share"
        for path in (files / f"metainfo/{name}.metainfo.xml", files / f"appdata/{name}.appdata.xml"):
            release = re.search(r"<release\b[^>]*\bversion=[\"']([^\"']+)", text_of(path, 1024 * 1024) or "")
            if release:
                found.append((program, release.group(1)))
    return found


def _snaps(root: Path) -> list[tuple[str, str | None]]:
    found: list[tuple[str, str | None]] = []
    for folder in entries_of(root / "snap"):
        if folder.name in _PACKAGES:
            text = text_of(folder / "current/meta/snap.yaml") or ""
            version = re.search(r"^version:\s*[\"']?([^\s\"']+)", text, re.M)
            found.append((_PACKAGES[folder.name], version.group(1) if version else None))
    return found


def _firefox_version(folder: Path) -> str | None:
    version = re.search(r"^Version=(\S+)$", text_of(folder / "application.ini") or "", re.M)
    return version.group(1) if version else None
