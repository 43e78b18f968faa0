"""The device lab as fixtures. Where a device test cannot run it fails and says why; it never skips."""

from __future__ import annotations

import os
from collections.abc import Iterator
from types import ModuleType

import hypothesis
import pytest

from tests.lab import guest as guest_machine
from tests.lab import sound_server as sound_servers

# No test writes into the keyring of whoever runs it; processes that tests start inherit this.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"

# The same cases on every machine, and none that fails because the machine was busy.
hypothesis.settings.register_profile(
    "project",
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("project")


@pytest.hookimpl(tryfirst=True)  # before pytest chooses by marker
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("guest"):
            item.add_marker("device")


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("guest") and guest_machine.MARK not in os.environ:
        pytest.fail(
            "This test needs the guest's devices. Run it there: "
            "python3 tests/lab/guest.py run .venv/bin/python -m pytest -m guest",
            pytrace=False,
        )


@pytest.fixture
def sound_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[sound_servers.SoundServer]:
    """A speaker and a microphone; processes that the test starts use them."""
    with sound_servers.sound_server() as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        yield server


@pytest.fixture(scope="session")
def guest() -> ModuleType:
    """The guest machine, its kernel built: `guest.run([...])`."""
    guest_machine.prepare()
    return guest_machine
