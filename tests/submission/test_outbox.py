"""The outbox on a real disk; kills are real ends of real processes."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from readiness.core.report import from_document
from readiness.core.text import Text
from readiness.submission import files
from readiness.submission.outbox import DELIVERED_KEPT, Entry, Outbox, OutboxError, State
from tests.submission.samples import a_report

REASON = Text(sv="Nätet är borta.", en="The network is away.")
needs_posix = pytest.mark.skipif(os.name != "posix", reason="modes, limits and symbolic links of POSIX")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "outbox"


@pytest.fixture
def outbox(folder: Path) -> Outbox:
    return Outbox(folder)


def test_nothing_yet(outbox: Outbox, folder: Path) -> None:
    assert outbox.entries() == outbox.waiting() == ()
    assert not folder.exists()


def test_a_report_is_on_the_disk_when_add_returns(outbox: Outbox, folder: Path) -> None:
    report = a_report()
    entry = outbox.add(report)
    assert (entry.state, entry.attempts, entry.reason, entry.receipt) == (State.WAITING, 0, None, None)
    again = Outbox(folder).waiting()
    assert again == (entry,)
    assert from_document(dict(again[0].document)) == report
    assert sorted(path.name for path in folder.iterdir()) == [".lock", f"{report.id}.json"]


@needs_posix
def test_nobody_else_on_the_computer_can_read_it(outbox: Outbox, folder: Path) -> None:
    outbox.add(a_report())
    for path in (folder, *folder.glob("*.json")):
        assert path.stat().st_mode & 0o077 == 0


def test_the_oldest_is_first(outbox: Outbox) -> None:
    reports = [a_report(number) for number in (3, 1, 2)]
    for report in reports:
        outbox.add(report)
    assert [entry.created_utc[-3:] for entry in outbox.waiting()] == ["01Z", "02Z", "03Z"]


def test_adding_again_changes_nothing(outbox: Outbox) -> None:
    report = a_report()
    entry = outbox.delivered(outbox.add(report), "K7M-4PQ2")
    assert outbox.add(report) == entry
    assert outbox.entries() == (entry,)


def test_another_report_under_the_same_id_is_refused_and_the_first_is_kept(outbox: Outbox) -> None:
    first = outbox.add(a_report())
    with pytest.raises(OutboxError):
        outbox.add(a_report(1, report_id=first.report_id))
    assert outbox.entries() == (first,)


def test_an_id_cannot_be_a_path(outbox: Outbox, folder: Path) -> None:
    for report_id in ("../x", "URN:UUID:0b8f3c52-6c5d-4c55-9d0a-3f5f6d2b7a10", ""):
        report = a_report(report_id=report_id or " ")
        with pytest.raises(ValueError, match="UUID"):
            outbox.add(report)
    assert not folder.exists()


def test_a_delivered_report_stays_with_its_receipt(outbox: Outbox, folder: Path) -> None:
    entry = outbox.failed(outbox.add(a_report()), REASON, final=False)
    outbox.delivered(entry, "K7M-4PQ2")
    kept = Outbox(folder).entries()[0]
    assert (kept.state, kept.receipt, kept.reason, kept.attempts) == (State.DELIVERED, "K7M-4PQ2", None, 2)
    assert kept.document == entry.document
    assert outbox.waiting() == ()


def test_a_failed_report_waits_with_its_reason(outbox: Outbox, folder: Path) -> None:
    entry = outbox.add(a_report())
    outbox.failed(entry, REASON, final=False)
    outbox.failed(entry, REASON, final=False)
    kept = Outbox(folder).waiting()[0]
    assert (kept.state, kept.reason, kept.attempts) == (State.WAITING, REASON, 2)


def test_a_refused_report_is_kept_and_not_sent(outbox: Outbox, folder: Path) -> None:
    outbox.failed(outbox.add(a_report()), REASON, final=True)
    assert Outbox(folder).entries()[0].state is State.REFUSED
    assert outbox.waiting() == ()


def test_what_another_process_delivered_meanwhile_stays_delivered(folder: Path) -> None:
    one, other = Outbox(folder), Outbox(folder)
    entry = one.add(a_report())
    other.delivered(entry, "K7M-4PQ2")
    assert one.failed(entry, REASON, final=True).state is State.DELIVERED
    assert one.entries()[0].receipt == "K7M-4PQ2"


def test_the_history_is_bounded_and_what_waits_is_not(outbox: Outbox, folder: Path) -> None:
    waiting = [outbox.add(a_report(number)) for number in range(5)]
    done: list[Entry] = []
    for number in range(DELIVERED_KEPT + 3):
        done.append(outbox.delivered(outbox.add(a_report(10 + number)), "K7M-4PQ2"))
    kept = [entry for entry in outbox.entries() if entry.state is State.DELIVERED]
    assert [entry.report_id for entry in kept] == [entry.report_id for entry in done[3:]]
    assert [entry.report_id for entry in outbox.waiting()] == [entry.report_id for entry in waiting]
    assert len(list(folder.glob("*.json"))) == DELIVERED_KEPT + 5


def as_written(folder: Path, entry: Entry) -> bytes:
    return (folder / f"{entry.report_id}.json").read_bytes()


DAMAGED: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _whole: b"",
    "cut off": lambda whole: whole[: len(whole) // 2],
    "noise": lambda _whole: bytes(range(256)),
    "zeros, as a power cut leaves them": lambda whole: bytes(len(whole)),
    "other JSON": lambda _whole: b"[]",
    "no report": lambda _whole: b'{"outbox": 1, "report": null}',
    "deep": lambda _whole: b"[" * 200_000,
    "of another report": lambda whole: json.dumps(
        json.loads(whole) | {"report": json.loads(whole)["report"] | {"id": a_report().id}}
    ).encode(),
    "a state that is none": lambda whole: whole.replace(b'"waiting"', b'"lost"'),
    "delivered without a receipt": lambda whole: whole.replace(b'"waiting"', b'"delivered"'),
    "attempts in words": lambda whole: whole.replace(b'"attempts": 0', b'"attempts": "many"'),
}


@pytest.mark.parametrize("damage", sorted(DAMAGED))
def test_a_damaged_file_is_set_aside_and_told_and_the_others_go_on(
    damage: str, outbox: Outbox, folder: Path
) -> None:
    bad, good = outbox.add(a_report(1)), outbox.add(a_report(2))
    path = folder / f"{bad.report_id}.json"
    content = DAMAGED[damage](path.read_bytes())
    path.write_bytes(content)
    for _ in range(2):  # it is told until somebody has taken it away
        entries = {entry.state: entry for entry in outbox.entries()}
        assert set(entries) == {State.CORRUPT, State.WAITING}
        assert entries[State.WAITING] == good
        reason = entries[State.CORRUPT].reason
        assert reason is not None
        assert f"{bad.report_id}.corrupt" in reason.sv
    assert outbox.waiting() == (good,)
    assert (folder / f"{bad.report_id}.corrupt").read_bytes() == content


def test_the_same_report_can_be_added_after_its_file_was_damaged(outbox: Outbox, folder: Path) -> None:
    report = a_report()
    for number in ("", ".2"):
        outbox.add(report)
        (folder / f"{report.id}.json").write_bytes(b"")
        assert outbox.waiting() == ()
        assert (folder / f"{report.id}{number}.corrupt").exists()
    assert outbox.add(report).state is State.WAITING
    assert len(outbox.entries()) == 3


@needs_posix
def test_a_file_that_cannot_be_read_is_told_and_left(outbox: Outbox, folder: Path) -> None:
    good = outbox.add(a_report())
    loop = folder / f"{a_report().id}.json"
    loop.symlink_to(loop)
    unreadable = [entry for entry in outbox.entries() if entry.state is State.CORRUPT]
    assert len(unreadable) == 1
    assert unreadable[0].reason is not None
    assert "cannot be read" in unreadable[0].reason.en
    assert loop.is_symlink()
    assert outbox.waiting() == (good,)


def full_disk(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_told_and_leaves_nothing_half(
    outbox: Outbox, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = outbox.add(a_report(1))
    with monkeypatch.context() as patched:
        patched.setattr(files, "_sync", full_disk)
        with pytest.raises(OutboxError) as caught:
            outbox.add(a_report(2))
        assert "Disken är full" in caught.value.text.sv
        assert "save the report somewhere else" in caught.value.text.en
        with pytest.raises(OutboxError):
            outbox.delivered(before, "K7M-4PQ2")
    assert outbox.entries() == (before,)
    assert not list(folder.glob("*.tmp"))


@needs_posix
def test_a_file_that_the_system_cuts_off() -> None:
    """A real short write, by the limit that the system sets on a file's size."""
    script = """
import pathlib, resource, signal, sys, tempfile
from readiness.submission.outbox import Outbox, OutboxError
from tests.submission.samples import a_report
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with tempfile.TemporaryDirectory() as place:
    outbox = Outbox(pathlib.Path(place) / "outbox")
    small = outbox.add(a_report(1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, resource.RLIM_INFINITY))
    try:
        outbox.add(a_report(2, padding="x" * 100_000))
    except OutboxError as error:
        assert "full" in error.text.en, error.text.en
        assert outbox.entries() == (small,)
        assert not list(pathlib.Path(place).rglob("*.tmp"))
        sys.exit(7)
"""
    assert run_python(script).returncode == 7


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(OutboxError) as caught:
        Outbox(tmp_path / "data" / "outbox").add(a_report())
    assert "could not be saved" in caught.value.text.en
    assert str(tmp_path) in caught.value.text.sv


def test_without_a_lock_the_work_goes_on(outbox: Outbox, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / ".lock").mkdir()  # nothing that could be opened as a lock
    entry = outbox.add(a_report())
    assert outbox.delivered(entry, "K7M-4PQ2").state is State.DELIVERED


def test_many_at_once_lose_nothing(folder: Path) -> None:
    def work(first: int) -> None:
        outbox = Outbox(folder)
        for number in range(first, first + 10):
            entry = outbox.add(a_report(number))
            outbox.failed(entry, REASON, final=False)
            outbox.entries()

    threads = [threading.Thread(target=work, args=(number,)) for number in (0, 100, 200, 300)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries = Outbox(folder).entries()
    assert len(entries) == 40
    assert {entry.attempts for entry in entries} == {1}


CALLS = ("open", "write", "fsync", "close", "replace", "mkdir")
KILLED = 9
DYING = f"""
import os, pathlib, sys
from readiness.core.text import Text
from readiness.submission.outbox import Outbox
from tests.submission.samples import a_report

left = int(sys.argv[2])

def dying(real):
    def call(*arguments, **keywords):
        global left
        left -= 1
        if left == 0:
            os._exit({KILLED})  # as kill -9: no clean-up of any kind
        return real(*arguments, **keywords)
    return call

outbox = Outbox(pathlib.Path(sys.argv[1]))
report = a_report(1, report_id=sys.argv[3])
for name in {CALLS}:
    setattr(os, name, dying(getattr(os, name)))
entry = outbox.add(report)
os.write(1, b"added\\n")
outbox.failed(entry, Text(sv="x", en="x"), final=False)
os.write(1, b"failed\\n")
outbox.delivered(entry, "K7M-4PQ2")
os.write(1, b"delivered\\n")
"""


def run_python(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    root = Path(__file__).parents[2]
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_kill_at_any_moment_leaves_the_state_before_or_after(tmp_path: Path) -> None:
    """The process ends at its first call to the file system, at its second, and so on to the last."""
    survived: list[str] = []
    for moment in range(1, 100):
        folder = tmp_path / str(moment)
        bystander = Outbox(folder).add(a_report(0))
        report = a_report(1)
        ended = run_python(DYING, str(folder), str(moment), report.id)
        said = ended.stdout.split()
        entries = {entry.report_id: entry for entry in Outbox(folder).entries()}
        assert entries.pop(bystander.report_id) == bystander
        assert all(entry.state is not State.CORRUPT for entry in entries.values())
        assert not list(folder.glob("*.tmp")), "what was half is taken away"
        if "added" in said:
            entry = entries[report.id]
            assert entry.document["id"] == report.id
            least = {
                "added": (State.WAITING, 0),
                "failed": (State.WAITING, 1),
                "delivered": (State.DELIVERED, 2),
            }
            state, attempts = least[said[-1]]
            assert entry.attempts in (attempts, attempts + 1)
            assert entry.state in (state, State.DELIVERED)
        survived.append(said[-1] if said else "")
        if ended.returncode == 0:
            break
        assert ended.returncode == KILLED, ended.stderr
    assert ended.returncode == 0, "it never came to its end"
    assert {"", "added", "failed", "delivered"} <= set(survived)
    assert len(survived) > 15


def test_what_was_whole_before_the_kill_is_found(outbox: Outbox, folder: Path) -> None:
    """Written and synced, killed before its name was changed: the report is not lost."""
    entry = outbox.add(a_report())
    path = folder / f"{entry.report_id}.json"
    path.rename(folder / f"{entry.report_id}.4711.tmp")
    assert outbox.waiting() == (entry,)
    assert path.exists()
