"""Proxy scripts (PAC): fetched, and evaluated in a process of their own that can be ended.

A script is code from the network, so it gets a process, a few seconds, and no more than names to
look up. The process reads one JSON document on standard input and prints one.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import subprocess
import sys
from collections.abc import Sequence
from urllib.parse import urlsplit

from readiness.core.itself import part_of_itself

PAC_ARGUMENT = "--proxy-script"
"""The hidden argument by which a frozen program starts itself to evaluate a script."""
_LARGEST_SCRIPT_BYTES = 1024 * 1024
_LARGEST_ANSWER_BYTES = 64 * 1024

HELPERS = """
function isPlainHostName(h) { return h.indexOf('.') < 0; }
function dnsDomainIs(h, d) { h = h.toLowerCase(); d = d.toLowerCase();
  return h.length >= d.length && h.substring(h.length - d.length) === d; }
function localHostOrDomainIs(h, f) { return h === f || (isPlainHostName(h) && f.indexOf(h + '.') === 0); }
function dnsDomainLevels(h) { return h.split('.').length - 1; }
function dnsResolve(h) { return call_python('look_up', h); }
function isResolvable(h) { return !!dnsResolve(h); }
function myIpAddress() { return call_python('own_address'); }
function convert_addr(a) { var p = a.split('.');
  return ((p[0] << 24) | (p[1] << 16) | (p[2] << 8) | p[3]) >>> 0; }
function isInNet(h, n, m) {
  var a = /^\\d+\\.\\d+\\.\\d+\\.\\d+$/.test(h) ? h : dnsResolve(h);
  return !!a && (convert_addr(a) & convert_addr(m)) === (convert_addr(n) & convert_addr(m)); }
function shExpMatch(s, e) {
  var r = e.replace(/[.+^${}()|\\[\\]\\\\]/g, '\\\\$&').replace(/\\*/g, '.*').replace(/\\?/g, '.');
  return new RegExp('^' + r + '$').test(s); }
function _now(a) { var u = a.length && a[a.length - 1] === 'GMT'; var d = new Date();
  return { n: u ? a.slice(0, -1) : a, day: u ? d.getUTCDay() : d.getDay(),
    date: u ? d.getUTCDate() : d.getDate(), month: u ? d.getUTCMonth() : d.getMonth(),
    year: u ? d.getUTCFullYear() : d.getFullYear(),
    s: u ? d.getUTCHours() * 3600 + d.getUTCMinutes() * 60 + d.getUTCSeconds()
         : d.getHours() * 3600 + d.getMinutes() * 60 + d.getSeconds() }; }
function _between(x, a, b) { return a <= b ? a <= x && x <= b : x >= a || x <= b; }
var _days = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
var _months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
function weekdayRange() { var t = _now([].slice.call(arguments)), a = _days.indexOf(t.n[0]);
  return _between(t.day, a, t.n.length > 1 ? _days.indexOf(t.n[1]) : a); }
function _part(v) { return typeof v === 'string' ? _months.indexOf(v) * 100 : v > 31 ? v * 10000 : v; }
function dateRange() { var t = _now([].slice.call(arguments)), n = t.n, k = n.length;
  if (k === 1) { n = [n[0], n[0]]; k = 2; }
  var a = 0, b = 0, x = 0, i, v;
  for (i = 0; i < k; i++) { v = _part(n[i]); if (i < k / 2) { a += v;
    x += typeof n[i] === 'string' ? t.month * 100 : n[i] > 31 ? t.year * 10000 : t.date; } else { b += v; } }
  return _between(x, a, b); }
function timeRange() { var t = _now([].slice.call(arguments)), n = t.n, k = n.length, h = Math.floor(t.s / 3600);
  if (k === 1) { return h === n[0]; }
  if (k === 2) { return n[0] <= n[1] ? n[0] <= h && h < n[1] : h >= n[0] || h < n[1]; }
  if (k === 4) { return _between(t.s, n[0] * 3600 + n[1] * 60, n[2] * 3600 + n[3] * 60); }
  return _between(t.s, n[0] * 3600 + n[1] * 60 + n[2], n[3] * 3600 + n[4] * 60 + n[5]); }
function alert() {}
"""
"""What every script may call: Netscape's "Navigator Proxy Auto-Config File Format", 1996."""


class ScriptError(OSError):
    """The script could not be fetched or understood, or it did not end."""


async def fetch(url: str, timeout_seconds: float) -> str:
    """The script at `url`. Raises ScriptError."""
    import httpx

    if urlsplit(url).scheme not in ("http", "https"):
        raise ScriptError("the script's address is no web address")
    body = bytearray()
    try:
        async with (
            asyncio.timeout(timeout_seconds),
            httpx.AsyncClient(trust_env=False, timeout=timeout_seconds, follow_redirects=True) as client,
            client.stream("GET", url) as answer,
        ):
            if answer.status_code != 200:
                raise ScriptError(f"the script's server answers {answer.status_code}")
            async for part in answer.aiter_bytes():
                body += part
                if len(body) > _LARGEST_SCRIPT_BYTES:
                    raise ScriptError("the script is larger than 1 MiB")
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as error:
        raise ScriptError(f"{type(error).__name__}: {error}"[:200]) from error
    return body.decode("utf-8", "replace")


async def evaluate(script: str, urls: Sequence[str], timeout_seconds: float) -> tuple[str, ...]:
    """What the script says of each address (`PROXY a:8080; DIRECT`). Raises ScriptError."""
    question = json.dumps({"script": script, "urls": list(urls)}).encode()
    process = await asyncio.create_subprocess_exec(
        *part_of_itself("readiness.network.pac", PAC_ARGUMENT),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    try:
        async with asyncio.timeout(timeout_seconds):
            answer, _ = await process.communicate(question)
        said = json.loads(answer[:_LARGEST_ANSWER_BYTES])
        if "answers" in said:
            return tuple(str(part)[:1000] for part in said["answers"])
        raise ScriptError(str(said["error"])[:200])
    except TimeoutError as error:
        raise ScriptError("the script did not end") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ScriptError("the script could not be evaluated") from error
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def main() -> None:
    """The process: evaluate what standard input asks for."""
    question = json.loads(sys.stdin.buffer.read())
    try:
        answer: dict[str, object] = {"answers": _evaluated(question["script"], question["urls"])}
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"[:200]}
    sys.stdout.write(json.dumps(answer))


def _evaluated(script: str, urls: Sequence[str]) -> list[str]:
    import dukpy

    interpreter = dukpy.JSInterpreter()
    interpreter.export_function("look_up", _look_up)
    interpreter.export_function("own_address", _own_address)
    interpreter.evaljs([HELPERS, script])
    asked = [[url, urlsplit(url).hostname or ""] for url in urls]
    call = "dukpy.asked.map(function (a) { return String(FindProxyForURL(a[0], a[1])); })"
    answers: list[str] = interpreter.evaljs(call, asked=asked)
    return answers


def _look_up(host: str) -> str | None:
    try:
        return str(socket.getaddrinfo(host, None, socket.AF_INET, socket.SOCK_STREAM)[0][4][0])
    except (OSError, UnicodeError):
        return None


def _own_address() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as unsent:
        try:
            unsent.connect(("192.0.2.1", 9))  # documentation address; nothing is sent
            return str(unsent.getsockname()[0])
        except OSError:
            return "127.0.0.1"


if __name__ == "__main__":
    main()
