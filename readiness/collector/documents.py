"""Reports as the database keeps them: their JSON as received, compressed."""

from __future__ import annotations

import json
import zlib
from typing import Any

from readiness.core.report import ReportError

_ZLIB = b"\x78"
"""What compressed data begins with (RFC 1950) and JSON does not."""
_LEVEL = 3
"""Half the time of zlib's usual 6, for a fourteenth more bytes (the reports of `tests/golden`)."""


def packed(body: bytes) -> bytes:
    """`body` as it is kept."""
    return zlib.compress(body, _LEVEL)


def unpacked(document: bytes) -> bytes:
    """The JSON of a report; those of early versions were kept as they came."""
    return zlib.decompress(document) if document.startswith(_ZLIB) else document


def parsed(body: bytes) -> Any:
    """The JSON in `body`, which must be UTF-8. Raises ReportError.

    A number too large to be one is read as infinite; `from_document` refuses it.
    """
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise ReportError("not JSON: it is not UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise ReportError(f"not JSON: {error}") from error


def same(one: bytes, other: bytes) -> bool:
    """Whether two reports say the same: another order of keys or other spaces is no other content."""
    return one == other or _canonical(one) == _canonical(other)


def _canonical(body: bytes) -> str:
    return json.dumps(parsed(body), sort_keys=True, separators=(",", ":"))


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")
