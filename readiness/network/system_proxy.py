"""Where the system says that a proxy is: the environment, Windows, macOS, a Linux desktop."""

from __future__ import annotations

import ast
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_COMMAND_SECONDS = 2.0
_DESKTOP = "org.gnome.system.proxy"
_WINDOWS_KEY = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings"

Command = Callable[[Sequence[str]], str]


@dataclass(frozen=True, kw_only=True)
class ProxySettings:
    """What the system says. `fixed` maps a scheme to a proxy's address; `script` is where the PAC is.

    `source`: environment, windows, macos or desktop. `passes_by` tells whether a host needs no proxy.
    """

    source: str = ""
    fixed: Mapping[str, str] = field(default_factory=dict)
    script: str | None = None
    passes_by: Callable[[str], bool] = lambda _host: False


def proxy_settings(command: Command | None = None, platform: str = sys.platform) -> ProxySettings:
    """The settings in force, the environment before the system's own. Calls the system: use a thread."""
    library: Any = urllib.request
    fixed = _usable(urllib.request.getproxies_environment())
    if fixed:
        return ProxySettings(
            source="environment",
            fixed=fixed,
            passes_by=lambda host: bool(library.proxy_bypass_environment(host)),
        )
    run = command or output_of
    if platform == "win32":
        return _windows()
    if platform == "darwin":
        return _macos(run)
    return _desktop(run)


def output_of(command: Sequence[str]) -> str:
    """What a command of the system prints; nothing where it is absent, fails or hangs."""
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            timeout=_COMMAND_SECONDS,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


def _usable(proxies: Mapping[str, str]) -> dict[str, str]:
    found = {scheme: proxies[scheme] for scheme in ("http", "https") if proxies.get(scheme)}
    return {scheme: url if "://" in url else f"http://{url}" for scheme, url in found.items()}


def _windows() -> ProxySettings:
    request: Any = urllib.request  # these names exist on Windows alone
    registry: Any = __import__("winreg")
    script = None
    try:
        with registry.OpenKey(registry.HKEY_CURRENT_USER, _WINDOWS_KEY) as key:
            script = str(registry.QueryValueEx(key, "AutoConfigURL")[0]) or None
    except OSError:
        pass
    return ProxySettings(
        source="windows",
        fixed=_usable(request.getproxies_registry()),
        script=script,
        passes_by=lambda host: bool(request.proxy_bypass_registry(host)),
    )


def _macos(run: Command) -> ProxySettings:
    """By `scutil --proxy`, which prints SystemConfiguration's dictionary of proxies."""
    said: dict[str, str] = {}
    exceptions: list[str] = []
    in_exceptions = False
    for line in run(["/usr/sbin/scutil", "--proxy"]).splitlines():
        name, colon, value = (part.strip() for part in line.partition(" : "))
        if name == "ExceptionsList":
            in_exceptions = True
        elif name == "}":
            in_exceptions = False
        elif colon and in_exceptions:
            exceptions.append(value)
        elif colon:
            said[name] = value
    fixed = {
        scheme: f"http://{said[f'{name}Proxy']}:{said.get(f'{name}Port', '80')}"
        for scheme, name in (("http", "HTTP"), ("https", "HTTPS"))
        if said.get(f"{name}Enable") == "1" and said.get(f"{name}Proxy")
    }
    return ProxySettings(
        source="macos",
        fixed=fixed,
        script=said.get("ProxyAutoConfigURLString") if said.get("ProxyAutoConfigEnable") == "1" else None,
        passes_by=lambda host: matches(host, exceptions),
    )


def _desktop(run: Command) -> ProxySettings:
    """By gsettings, as GNOME and what follows it (Cinnamon, MATE, Chromium, GLib) read it."""
    lines = run(["gsettings", "list-recursively", _DESKTOP]).splitlines()
    said: dict[tuple[str, str], Any] = {}
    for line in lines:
        schema, _, rest = line.partition(" ")
        name, _, value = rest.partition(" ")
        try:
            said[schema, name] = ast.literal_eval(value.removeprefix("@as "))
        except (ValueError, SyntaxError):
            continue
    mode = said.get((_DESKTOP, "mode"))
    fixed = {}
    if mode == "manual":
        for scheme in ("http", "https"):
            host, port = (said.get((f"{_DESKTOP}.{scheme}", name)) for name in ("host", "port"))
            if host and port:
                fixed[scheme] = f"http://{host}:{port}"
    ignored = said.get((_DESKTOP, "ignore-hosts"))
    exceptions = [str(part) for part in ignored] if isinstance(ignored, list) else []
    script = said.get((_DESKTOP, "autoconfig-url")) if mode == "auto" else None
    return ProxySettings(
        source="desktop" if mode in ("manual", "auto") else "",
        fixed=fixed,
        script=script if isinstance(script, str) and script else None,
        passes_by=lambda host: matches(host, exceptions),
    )


def matches(host: str, patterns: Sequence[str]) -> bool:
    """Whether `host` is one of those that need no proxy (`*.example.se`, `.local`, a bare name)."""
    import fnmatch

    name = host.lower()
    return any(
        fnmatch.fnmatchcase(name, pattern.lower()) or name.endswith(f".{pattern.lower().lstrip('.')}")
        for pattern in patterns
        if pattern
    )
