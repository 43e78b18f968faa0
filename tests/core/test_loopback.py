"""Which hosts are this computer itself."""

from __future__ import annotations

import pytest

from readiness.core.loopback import is_here, is_own


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_this_computer(host: str) -> None:
    assert is_own(host)
    assert is_here(f"http://[{host}]:8443/" if ":" in host else f"http://{host}:8443/")


@pytest.mark.parametrize("host", ["", "localhost.example.org", "127.0.0.1.example.org", "192.168.0.1", None])
def test_others(host: str | None) -> None:
    assert not is_own(host)
    assert not is_here(f"https://{host}/")
    assert not is_here(None)
