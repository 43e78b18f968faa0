"""Where the program stands: a home on a full disk, without rights, with å and spaces in its name."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from readiness.core.reasons import is_full, reason_of
from readiness.submission.files import write_where_asked
from tests.gui.recordings import film, voice

ROOT = Path(__file__).resolve().parent.parent
COMPUTER = ("check", "--unattended", "--only", "computer")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="homes and rights as Linux has them")


def environment(home: Path, more: Mapping[str, str] | None = None) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "READINESS_"))}
    keyring = {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    return {**kept, **keyring, "PYTHONPATH": str(ROOT), "HOME": str(home), **(more or {})}


def readiness(
    home: Path, *arguments: str, user: int | None = None, more: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """The program with `home`; as another user where the tests run as root."""
    command = [sys.executable, "-B", "-m", "readiness", *arguments]
    if user is not None and os.geteuid() == 0:
        command = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", *command]
    return subprocess.run(
        command,
        env=environment(home, more),
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )


FULL = """
set -e
mount -t tmpfs -o size=1m tmpfs "$HOME"
mkdir -p "$HOME/.local/share/motesklar" "$HOME/.config/motesklar"
echo 'unit = "Skolan"' > "$HOME/.config/motesklar/settings.toml"
say() { echo "== $1"; shift; status=0; "$@" 2>&1 || status=$?; echo "== status $status"; }
run() { "$PYTHON" -B -m readiness "$@" < /dev/null; }
kept() { cd "$HOME" && find .config/motesklar .local/share/motesklar report.json -type f ! -size 0 -exec sha256sum {} + | sort; }
NOWHERE="--collector http://127.0.0.1:9"
say earlier run check --unattended --summary --only computer --submit --save "$HOME/report.json" $NOWHERE
dd if=/dev/zero of="$HOME/much" bs=512 2> /dev/null || true
before=$(kept)
say submit run check --unattended --summary --only computer --submit $NOWHERE
say told run check --unattended --only computer --submit $NOWHERE --lang sv
say again run recheck --summary
say save run check --unattended --only computer --save "$HOME/report.json"
say new run check --unattended --only computer --save "$HOME/other.json"
say outbox run outbox
say settings run settings
after=$(kept)
if [ "$before" = "$after" ]; then echo "== as before"; else echo "== other: $before / $after"; fi
[ -e "$HOME/other.json" ] || echo "== nothing half"
find "$HOME" -name '*.tmp' -o -name '*.part'
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting takes root")
def test_a_home_on_a_full_disk_costs_what_would_be_kept_and_never_the_verdict(tmp_path: Path) -> None:
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", FULL],
        env=environment(tmp_path, {"PYTHON": sys.executable, "READINESS_ENROLMENT_KEY": "mk_none"}),
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said = {part.partition("\n")[0]: part for part in done.stdout.split("== ")}
    status = [int(part.split()[1]) for part in said if part.startswith("status")]
    assert set(status) <= {0, 2, 3, 10}, done.stdout
    assert "report=waiting" in said["earlier"]
    assert "disk är nästan full" in said["told"], "the check still gives its verdict"
    assert "overall=LIMITED" in said["submit"]
    assert "report=not_kept" in said["submit"], "a report that the disk did not take does not wait"
    assert "Disken är full, så rapporten kunde inte sparas" in said["told"]
    for told in ("again", "save", "new"):
        assert "disken är full" in said[told], said[told]
    assert said["outbox"].count("WAITING") + said["outbox"].count("waiting") == 1, said["outbox"]
    assert "Skolan" in said["settings"]
    assert "as before" in said, done.stdout
    assert "nothing half" in said
    assert ".tmp" not in done.stdout
    assert ".part" not in done.stdout
    assert "Traceback" not in done.stdout
    assert "No space left" not in done.stdout, "words of the system, in English alone"


@pytest.fixture
def home() -> Iterator[Path]:
    """A home that another user may enter, which pytest's own folders are not."""
    with tempfile.TemporaryDirectory(prefix="motesklar-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "hem"


def test_without_rights_the_check_runs_and_says_what_is_closed(home: Path) -> None:
    settings = home / ".config" / "motesklar"
    settings.mkdir(parents=True)
    (settings / "settings.toml").write_text('unit = "Skolan"\nlanguage = "sv"\n', "utf-8")
    (settings / "settings.toml").chmod(0o644)
    for folder in (settings, home / ".config", home):
        folder.chmod(0o555)
    try:
        done = readiness(home, *COMPUTER, "--json", user=65534)
        assert done.returncode in (0, 10, 20, 30), done.stderr
        assert json.loads(done.stdout)["computer"]["unit"] == "Skolan"
        again = readiness(home, "recheck", "--lang", "sv", user=65534)
        assert again.returncode == 2
        assert "behörighet saknas" in again.stderr
        (settings / "settings.toml").chmod(0)
        closed = readiness(home, *COMPUTER, "--json", user=65534)
        assert closed.returncode == 2, "the person's own file: said before anything is tested"
        assert str(settings / "settings.toml") in closed.stderr
        assert "behörighet saknas. Rätta filen, eller ta bort den." in closed.stderr
    finally:
        for folder in (home, home / ".config", settings):
            folder.chmod(0o755)


def test_a_path_with_letters_and_spaces(tmp_path: Path) -> None:
    home = tmp_path / "Åsa Öberg på jobbet"
    settings = home / ".config" / "motesklar"
    settings.mkdir(parents=True)
    (settings / "settings.toml").write_text('unit = "Vård och omsorg"\n', "utf-8")
    report = home / "min rapport å.json"
    done = readiness(home, *COMPUTER, "--save", str(report), "--submit", "--collector", "http://127.0.0.1:9")
    assert done.returncode == 3, done.stderr
    assert json.loads(report.read_text("utf-8"))["computer"]["unit"] == "Vård och omsorg"
    assert len(list((home / ".local" / "share" / "motesklar" / "outbox").glob("*.json"))) == 1
    assert readiness(home, "outbox").stdout.count("\n") >= 1
    shown = readiness(home, "settings", "--json")
    rows = {row["name"]: row for row in json.loads(shown.stdout)["settings"]}
    assert rows["unit"]["place"] == str(settings / "settings.toml")


def test_what_is_saved_replaces_what_was_there_whole_or_not_at_all(tmp_path: Path) -> None:
    file, link = tmp_path / "Spår å.json", tmp_path / "genväg.json"
    write_where_asked(file, b"first")
    link.symlink_to(file)
    file.chmod(0o640)
    write_where_asked(link, b"second")
    assert (link.is_symlink(), file.read_bytes()) == (True, b"second")
    assert file.stat().st_mode & 0o777 == 0o640
    write_where_asked(Path(os.devnull), b"third")
    assert not Path(os.devnull).is_file()
    with pytest.raises(FileNotFoundError) as caught:
        write_where_asked(tmp_path / "none" / "x.json", b"")
    assert reason_of(caught.value).sv == "den finns inte"
    assert not is_full(caught.value)
    unknown = OSError(71, "Protocol error")
    assert reason_of(unknown).sv == reason_of(unknown).en == "Protocol error"


def test_recordings_and_a_collectors_database_with_letters_and_spaces(tmp_path: Path) -> None:
    place = tmp_path / "Åsas möten å sånt"
    place.mkdir()
    picture = film(place / "min film ö.avi")
    sound = voice(place / "min röst ä.wav")
    done = readiness(
        *(place, "check", "--unattended", "--json", "--only", "camera,microphone"),
        *("--camera-file", str(picture), "--microphone-file", str(sound)),
    )
    results = {result["check_id"]: result for result in json.loads(done.stdout)["results"]}
    assert results["camera"]["evidence"]["frames"], done.stderr
    assert {result["ending"] for result in results.values()} == {"COMPLETED"}

    database = f"sqlite:///{place / 'samlaren å.sqlite3'}"
    command = [sys.executable, "-B", "-m", "readiness.collector", "key"]
    for words in (("new", "--unit", "Vård å omsorg"), ("list",)):
        told = subprocess.run(
            [*command, *words, "--database", database],
            env=environment(place),
            cwd="/",
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert told.returncode == 0, told.stderr
    assert "Vård å omsorg" in told.stdout
    assert (place / "samlaren å.sqlite3").is_file()
