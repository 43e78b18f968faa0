"""A PostgreSQL server of the tests' own: Debian's package, a temporary folder, a local socket."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

APT = "apt-get install -y postgresql"


@dataclass
class Postgres:
    folder: Path
    programs: Path
    user: str
    made: int = field(default=0)
    durable: bool = False

    def new_database(self) -> str:
        """The URL of a new, empty database."""
        self.made += 1
        name = f"test_{self.made}"
        with psycopg.connect(
            host=str(self.folder), user=self.user, dbname="postgres", autocommit=True
        ) as admin:
            admin.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        return f"postgresql://{self.user}@/{name}?host={self.folder}"

    def start(self) -> None:
        # Only the socket in the folder; without syncing, unless it is what is measured: no test pulls the plug.
        syncs = "on" if self.durable else "off"
        options = f"-c listen_addresses='' -c unix_socket_directories='{self.folder}' -c fsync={syncs}"
        self._control("start", "-w", "-l", str(self.folder / "log"), "-o", options)

    def stop(self) -> None:
        self._control("stop", "-m", "immediate")

    def _control(self, *arguments: str) -> None:
        self._run("pg_ctl", "-D", str(self.folder / "data"), *arguments)

    def _run(self, program: str, *arguments: str) -> None:
        # The server refuses to run as root. Output to a file: the server keeps what it inherits.
        other = {"user": self.user, "group": self.user, "extra_groups": []} if os.getuid() == 0 else {}
        said = self.folder / "output"
        with said.open("w") as output:
            done = subprocess.run(
                [self.programs / program, *arguments], stdout=output, stderr=output, cwd=self.folder, **other
            )
        assert done.returncode == 0, said.read_text()


@contextmanager
def postgres(*, durable: bool = False) -> Iterator[Postgres]:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    if not found and not on_path:
        pytest.fail(f"These tests start a PostgreSQL of their own. Install it with: {APT}", pytrace=False)
    programs = found[-1].parent if found else Path(on_path or "").parent
    user = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
    # Not pytest's own folder: that is closed to others, and the path of a socket must be short.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    if os.getuid() == 0:
        shutil.chown(folder, user, user)
    server = Postgres(folder=folder, programs=programs, user=user, durable=durable)
    try:
        server._run(
            "initdb", "-D", str(folder / "data"), "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"
        )
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)
