"""Why a file could not be read or written, in words: the system says it in one language alone."""

from __future__ import annotations

import errno

from readiness.core.text import Text

_FULL = Text(sv="disken är full", en="the disk is full")
_DENIED = Text(sv="behörighet saknas", en="permission is missing")
_READ_ONLY = Text(sv="platsen går bara att läsa", en="the place can only be read")
_ABSENT = Text(sv="den finns inte", en="it does not exist")
_TOO_LARGE = Text(sv="den är för stor", en="it is too large")
_REASONS = {
    errno.ENOSPC: _FULL,
    getattr(errno, "EDQUOT", errno.ENOSPC): _FULL,
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
    errno.EROFS: _READ_ONLY,
    errno.ENOENT: _ABSENT,
    errno.EFBIG: _TOO_LARGE,
    errno.EISDIR: Text(sv="den är en mapp", en="it is a folder"),
    errno.ENOTDIR: Text(sv="en del av sökvägen är ingen mapp", en="a part of the path is no folder"),
    errno.EINVAL: Text(sv="den är ingen vanlig fil", en="it is no ordinary file"),
    errno.EIO: Text(sv="disken svarar med fel", en="the disk answers with a fault"),
    errno.ENAMETOOLONG: Text(sv="namnet är för långt", en="the name is too long"),
}


def reason_of(error: OSError) -> Text:
    """Why, in a few words; those of the system where there are none of ours."""
    said = error.strerror or str(error)
    return _REASONS.get(error.errno or 0, Text(sv=said, en=said))


def is_full(error: OSError) -> bool:
    """Whether there was no room left."""
    return _REASONS.get(error.errno or 0) is _FULL
