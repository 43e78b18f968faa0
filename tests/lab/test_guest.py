from pathlib import Path
from types import ModuleType

import pytest

pytestmark = pytest.mark.device


def test_the_guest_has_cameras_and_sound_cards(guest: ModuleType):
    ran = guest.run(["sh", "-c", "v4l2-ctl --list-devices && aplay -l && arecord -l"])
    assert ran.status == 0
    for name in ("/dev/video0", "/dev/video2", "/dev/video4", "Loopback PCM", "Dummy PCM"):
        assert name in ran.output


def test_status_output_and_surroundings_come_through(guest: ModuleType, tmp_path: Path):
    ran = guest.run(
        ["sh", "-c", 'printf "%s in %s" "$WORD" "$PWD"; exit 7'],
        environment={"WORD": 'it\'s å "quoted" $word'},
        folder=tmp_path,
    )
    assert ran.status == 7
    assert ran.output == f'it\'s å "quoted" $word in {tmp_path}'


def test_what_the_guest_writes_stays_in_the_guest(guest: ModuleType, tmp_path: Path):
    (tmp_path / "kept").write_text("before")
    ran = guest.run(["sh", "-c", "echo after >kept; rm -f kept; touch new; ls"], folder=tmp_path)
    assert ran.output.split() == ["new"]
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    assert (tmp_path / "kept").read_text() == "before"


def test_a_command_that_hangs_is_ended(guest: ModuleType):
    with pytest.raises(guest.GuestError, match="at most 6 s"):
        guest.run(["sleep", "600"], timeout_seconds=6)
