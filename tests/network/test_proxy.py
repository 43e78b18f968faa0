from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from readiness.network import pac
from readiness.network.proxy import first_of, proxies_for, without_login
from readiness.network.system_proxy import ProxySettings, matches, proxy_settings
from tests.submission.servers import reply, serving

SCRIPT = """
function FindProxyForURL(url, host) {
  if (isPlainHostName(host) || dnsDomainIs(host, '.kommun.se')) return 'DIRECT';
  if (shExpMatch(url, '*zoom*')) return 'PROXY zoom-proxy:3128; DIRECT';
  if (isInNet(host, '10.0.0.0', '255.0.0.0')) return 'DIRECT';
  if (localHostOrDomainIs(host, 'www.example.se')) return 'PROXY www:1';
  return 'PROXY proxy.kommun.se:8080; PROXY other:8080';
}
"""
SCUTIL = """<dictionary> {
  ExceptionsList : <array> {
    0 : *.local
    1 : 169.254/16
  }
  FTPPassive : 1
  HTTPEnable : 0
  HTTPSEnable : 1
  HTTPSPort : 8443
  HTTPSProxy : proxy.kommun.se
  ProxyAutoConfigEnable : 1
  ProxyAutoConfigURLString : http://wpad.kommun.se/proxy.pac
}
"""
GSETTINGS = """org.gnome.system.proxy autoconfig-url ''
org.gnome.system.proxy ignore-hosts ['localhost', '127.0.0.0/8', '*.kommun.se']
org.gnome.system.proxy mode 'manual'
org.gnome.system.proxy.https host 'proxy.kommun.se'
org.gnome.system.proxy.https port 3128
org.gnome.system.proxy.http host ''
org.gnome.system.proxy.http port 8080
"""


@pytest.fixture(autouse=True)
def no_proxy_around(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "no_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def says(*answers: str) -> object:
    left = list(answers)

    def run(_command: Sequence[str]) -> str:
        return left.pop(0)

    return run


def test_a_script_is_evaluated_in_its_own_process() -> None:
    urls = [
        "https://intra/",
        "https://a.kommun.se/",
        "https://zoom.us/",
        "https://10.1.2.3/",
        "https://x.se/",
    ]
    assert asyncio.run(pac.evaluate(SCRIPT, urls, 20)) == (
        "DIRECT",
        "DIRECT",
        "PROXY zoom-proxy:3128; DIRECT",
        "DIRECT",
        "PROXY proxy.kommun.se:8080; PROXY other:8080",
    )


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("dnsDomainLevels('a.b.c')", "2"),
        ("isResolvable('no-such-host.invalid')", "false"),
        ("isResolvable('localhost')", "true"),
        ("dnsResolve('localhost')", "127.0.0.1"),
        ("/^\\d+\\.\\d+\\.\\d+\\.\\d+$/.test(myIpAddress())", "true"),
        ("weekdayRange('SUN', 'SAT')", "true"),
        ("timeRange(0, 0, 0, 23, 59, 59)", "true"),
        ("dateRange('JAN', 'DEC')", "true"),
        ("dateRange(1, 31)", "true"),
        ("dateRange(1999)", "false"),
        ("shExpMatch('http://a.se/b', '*a?se/*')", "true"),
        ("shExpMatch('axse', 'a.se')", "false"),
        ("isInNet('192.168.7.9', '192.168.7.0', '255.255.255.0')", "true"),
        ("isInNet('192.168.8.9', '192.168.7.0', '255.255.255.0')", "false"),
    ],
)
def test_what_a_script_may_call_is_there(expression: str, expected: str) -> None:
    script = f"function FindProxyForURL(u, h) {{ return {expression}; }}"
    assert asyncio.run(pac.evaluate(script, ["http://a.se/"], 20)) == (expected,)


@pytest.mark.parametrize("script", ["", "function FindProxyForURL(", "<html>", "throw 'x'"])
def test_a_script_that_is_wrong_is_an_error(script: str) -> None:
    with pytest.raises(pac.ScriptError):
        asyncio.run(pac.evaluate(script, ["http://a.se/"], 20))


def test_a_script_that_does_not_end_is_ended() -> None:
    with pytest.raises(pac.ScriptError, match="did not end"):
        asyncio.run(pac.evaluate("while (true) {}", ["http://a.se/"], 1))


def test_the_systems_script_decides() -> None:
    with serving(reply(200, SCRIPT.encode())) as server:
        found = asyncio.run(
            proxies_for(
                ["https://zoom.us/", "https://intra/", "http://127.0.0.1:8470"],
                20,
                lambda: ProxySettings(source="windows", script=server.url),
            )
        )
    assert found.source == "pac"
    assert found.of == {"https://zoom.us/": "http://zoom-proxy:3128"}


@pytest.mark.parametrize("answer", [reply(404, b""), reply(200, b"<html>"), reply(200, b"x" * 1_100_000)])
def test_a_script_that_cannot_be_had_is_told(answer: object) -> None:
    with serving(answer) as server:  # type: ignore[arg-type]
        found = asyncio.run(proxies_for(["https://zoom.us/"], 20, lambda: ProxySettings(script=server.url)))
    assert found.source == "pac"
    assert found.error
    assert found.of == {}


def test_the_environment_stands_before_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "proxy:3128")
    monkeypatch.setenv("no_proxy", "kommun.se")
    found = asyncio.run(proxies_for(["https://zoom.us/", "https://a.kommun.se/", "http://x.se/"], 5))
    assert found.source == "environment"
    assert found.of == {"https://zoom.us/": "http://proxy:3128"}


def test_macos_is_read_from_scutil() -> None:
    found = proxy_settings(says(SCUTIL), "darwin")  # type: ignore[arg-type]
    assert found.fixed == {"https": "http://proxy.kommun.se:8443"}
    assert found.script == "http://wpad.kommun.se/proxy.pac"
    assert found.passes_by("printer.local")
    assert not found.passes_by("zoom.us")


def test_a_linux_desktop_is_read_from_gsettings() -> None:
    found = proxy_settings(says(GSETTINGS), "linux")  # type: ignore[arg-type]
    assert found.fixed == {"https": "http://proxy.kommun.se:3128"}
    assert found.script is None
    assert found.passes_by("a.kommun.se")
    assert found.source == "desktop"


@pytest.mark.parametrize("platform", ["linux", "darwin"])
@pytest.mark.parametrize("output", ["", "garbage", "a : b : c\n}\n{", "x y z'"])
def test_a_system_that_says_nothing_has_no_proxy(platform: str, output: str) -> None:
    found = proxy_settings(says(output), platform)  # type: ignore[arg-type]
    assert found.fixed == {}
    assert found.script is None


def test_ways_and_addresses_are_read() -> None:
    assert first_of("PROXY a:80; DIRECT") == "http://a:80"
    assert first_of("SOCKS5 a:1080") == "socks5://a:1080"
    for direct in ("DIRECT", "", "null", "PROXY", "nonsense a:80"):
        assert first_of(direct) is None
    assert without_login("http://anna:x@proxy:80") == "http://proxy:80"
    assert matches("A.Kommun.se", ["kommun.se"])
    assert not matches("akommun.se", ["kommun.se"])
