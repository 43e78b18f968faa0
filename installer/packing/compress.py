"""Compresses a package of nfpm anew, by xz and its filter for x86 programs: a sixth smaller than nfpm's zstd.

A .deb is an archive (ar) whose member data.tar holds the files. An .rpm is a lead, a header of digests, a
header of facts and an archive; what the headers say of the archive is written anew.
"""

from __future__ import annotations

import gzip
import hashlib
import lzma
import struct
from pathlib import Path

from installer.packing.product import BuildError

AS_NFPM_WRITES = {"deb": "none", "rpm": "gzip:1"}
"""How nfpm is to leave each kind of package. It writes no .rpm without any compression."""
_LONGEST_BACK_BYTES = 64 * 1024 * 1024
"""As much memory is needed to unpack; apt allows half a gigabyte."""
_LEAD_BYTES = 96
_SIZE, _MD5, _SHA1, _SHA256 = 1000, 1004, 269, 273  # in the header of digests
_COMPRESSOR, _LEVEL, _PAYLOAD_SHA256 = 1125, 1126, 5092  # in the header of facts
_NUMBERS, _TEXTS = (
    {3: 2, 4: 4, 5: 8},
    (6, 8, 9),
)  # kinds of values: numbers of so many bytes, texts; else bytes


def again(package: Path, kind: str) -> None:
    """Write `package` smaller. Raises BuildError where it is not laid out as nfpm lays it out."""
    packed = {"deb": _deb, "rpm": _rpm}[kind](package.read_bytes())
    package.write_bytes(packed)


def xz(content: bytes) -> bytes:
    """The content as .xz, the same for the same."""
    back = min(max(len(content), 4096), _LONGEST_BACK_BYTES)
    packed = {"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "dict_size": back}
    return lzma.compress(content, check=lzma.CHECK_CRC64, filters=[{"id": lzma.FILTER_X86}, packed])


def _deb(package: bytes) -> bytes:
    if not package.startswith(b"!<arch>\n"):
        raise BuildError("nfpm wrote a .deb that is no archive.")
    at, made, names = 8, [b"!<arch>\n"], []
    while at < len(package):
        header, size = package[at : at + 60], int(package[at + 48 : at + 58])
        content = package[at + 60 : at + 60 + size]
        at += 60 + size + size % 2
        names.append(header[:16].strip())
        if names[-1].rstrip(b"/") == b"data.tar":
            content = xz(content)
            header = b"data.tar.xz".ljust(16) + header[16:48] + str(len(content)).encode().ljust(10) + b"`\n"
        made += [header, content, b"\n" * (len(content) % 2)]
    if [name.rstrip(b"/") for name in names] != [b"debian-binary", b"control.tar.gz", b"data.tar"]:
        raise BuildError(f"nfpm wrote a .deb of other parts than were known: {names}")
    return b"".join(made)


def _rpm(package: bytes) -> bytes:
    facts_at = _end_of_header(package, _LEAD_BYTES)
    digests = package[_LEAD_BYTES:facts_at]
    facts_at += -facts_at % 8
    payload_at = _end_of_header(package, facts_at)
    payload = xz(gzip.decompress(package[payload_at:]))
    told = {_COMPRESSOR: b"xz\0", _LEVEL: b"9\0", _PAYLOAD_SHA256: _text(hashlib.sha256(payload))}
    facts = _with(package[facts_at:payload_at], told)
    both = facts + payload
    size, md5 = len(both).to_bytes(4, "big"), hashlib.md5(both, usedforsecurity=False).digest()
    sha1, sha256 = hashlib.sha1(facts, usedforsecurity=False), hashlib.sha256(facts)
    digests = _with(digests, {_SIZE: size, _MD5: md5, _SHA1: _text(sha1), _SHA256: _text(sha256)})
    lead = package[:_LEAD_BYTES] + digests
    return lead + b"\0" * (-len(lead) % 8) + both


def _text(digest: hashlib._Hash) -> bytes:
    return digest.hexdigest().encode() + b"\0"


def _end_of_header(package: bytes, at: int) -> int:
    if package[at : at + 3] != b"\x8e\xad\xe8":
        raise BuildError("nfpm wrote an .rpm whose headers are not where they were known to be.")
    entries, stored = (int.from_bytes(package[at + by : at + by + 4], "big") for by in (8, 12))
    return at + 16 + 16 * entries + stored


def _with(header: bytes, values: dict[int, bytes]) -> bytes:
    """A header with other values for some of its tags: an index, and behind it each value in turn, aligned."""
    entries = int.from_bytes(header[8:12], "big")
    index = [struct.unpack_from(">4I", header, 16 + 16 * number) for number in range(entries)]
    stored = header[16 + 16 * entries :]
    if missing := values.keys() - {entry[0] for entry in index}:
        raise BuildError(f"nfpm wrote an .rpm without the tags {sorted(missing)}.")
    made, places = bytearray(), {}
    for tag, kind, place, count in sorted(index, key=lambda entry: entry[2]):
        made += b"\0" * (-len(made) % _NUMBERS.get(kind, 1))
        places[tag] = len(made)
        made += values.get(tag) or _value(stored, kind, place, count)
    lines = [struct.pack(">4I", tag, kind, places[tag], count) for tag, kind, _, count in index]
    return header[:12] + len(made).to_bytes(4, "big") + b"".join(lines) + bytes(made)


def _value(stored: bytes, kind: int, place: int, count: int) -> bytes:
    if kind not in _TEXTS:
        return stored[place : place + count * _NUMBERS.get(kind, 1)]
    end = place
    for _ in range(count):
        end = stored.index(b"\0", end) + 1
    return stored[place:end]
