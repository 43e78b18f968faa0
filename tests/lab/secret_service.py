"""A Secret Service with an open keyring, for a computer without a desktop.

GNOME Keyring's daemon on a D-Bus of its own, with its own home: whoever runs the tests has another bus and
other keyrings, and nothing is started there or asked there.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from jeepney import DBusAddress, MatchRule, message_bus, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

SERVICE_NAME = "org.freedesktop.secrets"
PROMPTER_NAME = "org.gnome.keyring.SystemPrompter"
_SERVICE = DBusAddress("/org/freedesktop/secrets", SERVICE_NAME, "org.freedesktop.Secret.Service")
_LOGIN = "/org/freedesktop/secrets/collection/login"
_BUS = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
_PATIENCE_SECONDS = 20.0


class Bus:
    """A session bus that starts no services by itself. Made by `session_bus`."""

    def __init__(self, folder: Path, process: subprocess.Popen[str], address: str) -> None:
        self.folder = folder
        self._process = process
        self.address = address
        self.environment = {
            "DBUS_SESSION_BUS_ADDRESS": address,
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder),
            "XDG_DATA_HOME": str(folder / "data"),
        }
        """What a program needs in its environment to be on this bus and no other."""

    @contextlib.contextmanager
    def connected(self) -> Iterator[DBusConnection]:
        """A connection to the bus."""
        connection = open_dbus_connection(bus=self.address)
        try:
            yield connection
        finally:
            connection.close()

    @contextlib.contextmanager
    def secret_service(self) -> Iterator[None]:
        """GNOME Keyring on the bus meanwhile; its keyring "login", the default, is new and open."""
        rule = MatchRule(type="signal", sender="org.freedesktop.DBus", member="NameOwnerChanged")
        rule.add_arg_condition(0, SERVICE_NAME)
        command = ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"]
        with self.connected() as connection, connection.filter(rule) as matches:
            connection.send_and_get_reply(message_bus.AddMatch(rule))
            daemon = subprocess.Popen(
                command,
                env={**os.environ, **self.environment},
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            try:
                assert daemon.stdin is not None
                daemon.stdin.write(b"the password of a test")
                daemon.stdin.close()
                connection.recv_until_filtered(matches, timeout=_PATIENCE_SECONDS)
                yield
            finally:
                daemon.terminate()
                daemon.wait()

    def lock(self) -> None:
        """Lock the keyring, as a desktop does after a while where it is told to."""
        with self.connected() as connection:
            connection.send_and_get_reply(new_method_call(_SERVICE, "Lock", "ao", ([_LOGIN],)))

    @contextlib.contextmanager
    def nobody_answering(self) -> Iterator[None]:
        """The program that asks for a keyring's password is there meanwhile, but no person."""
        with self.connected() as connection:
            connection.send_and_get_reply(message_bus.RequestName(PROMPTER_NAME))
            yield

    def end(self) -> None:
        """End the bus, as with a session."""
        self._process.terminate()
        self._process.wait()


@contextlib.contextmanager
def session_bus() -> Iterator[Bus]:
    """A bus of its own, with a home of its own."""
    for program in ("dbus-daemon", "gnome-keyring-daemon"):
        assert shutil.which(program), f"{program} is missing; installer/test.py names its package"
    with tempfile.TemporaryDirectory(prefix="motesklar-bus-") as name:  # short: a socket's path is
        folder = Path(name)
        settings = folder / "bus.conf"
        settings.write_text(_BUS.format(socket=folder / "socket"))
        command = ["dbus-daemon", f"--config-file={settings}", "--nofork", "--nopidfile", "--print-address"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                yield Bus(folder, process, process.stdout.readline().strip())
            finally:
                process.terminate()
