"""A short notice on the desktop, by the system's own means. Run on Linux alone so far."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence

_SECONDS = 10
_MILLISECONDS = "15000"

_TOAST = """
$ErrorActionPreference = 'Stop'
[Windows.UI.Notifications.ToastNotificationManager, Windows.UI.Notifications, ContentType = WindowsRuntime] | Out-Null
$template = [Windows.UI.Notifications.ToastNotificationManager]::GetTemplateContent([Windows.UI.Notifications.ToastTemplateType]::ToastText02)
$texts = $template.GetElementsByTagName('text')
$texts.Item(0).AppendChild($template.CreateTextNode($env:MOTESKLAR_TITLE)) | Out-Null
$texts.Item(1).AppendChild($template.CreateTextNode($env:MOTESKLAR_TEXT)) | Out-Null
$toast = [Windows.UI.Notifications.ToastNotification]::new($template)
[Windows.UI.Notifications.ToastNotificationManager]::CreateToastNotifier($env:MOTESKLAR_APP).Show($toast)
"""
# Without a shortcut of our own app id Windows shows a notice only for a program that it knows.
_WINDOWS_APP = r"{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}\WindowsPowerShell\v1.0\powershell.exe"
_SCRIPT = (
    'display notification (system attribute "MOTESKLAR_TEXT") with title (system attribute "MOTESKLAR_TITLE")'
)

Start = Callable[[Sequence[str], Mapping[str, str]], bool]


def started(command: Sequence[str], more: Mapping[str, str]) -> bool:
    """Run a command of the system with `more` in its environment; whether it did what it was asked."""
    program = shutil.which(command[0])
    if program is None:
        return False
    try:
        done = subprocess.run(
            [program, *command[1:]],
            env={**os.environ, **more},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def notify(title: str, text: str, *, platform: str = sys.platform, start: Start = started) -> bool:
    """Show a notice; false where the desktop took none. What it says travels as data, never as code."""
    said = {"MOTESKLAR_TITLE": title, "MOTESKLAR_TEXT": text}
    if platform == "win32":
        command = ["powershell.exe", "-NoProfile", "-NonInteractive", "-Command", _TOAST]
        return start(command, {**said, "MOTESKLAR_APP": _WINDOWS_APP})
    if platform == "darwin":
        return start(["osascript", "-e", _SCRIPT], said)
    if start(["notify-send", "--app-name=Mötesklar", "--icon=motesklar", "--", title, text], {}):
        return True
    name = "org.freedesktop.Notifications"
    call = ["gdbus", "call", "--session", f"--dest={name}", "--object-path=/org/freedesktop/Notifications"]
    arguments = [_variant("Mötesklar"), "uint32 0", _variant("motesklar"), _variant(title), _variant(text)]
    return start(
        [*call, f"--method={name}.Notify", "--", *arguments, "@as []", "@a{sv} {}", f"int32 {_MILLISECONDS}"],
        {},
    )


def _variant(text: str) -> str:
    """A string as GVariant's text format has it."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", " ") + "'"
