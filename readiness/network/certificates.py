"""Whom an encrypted connection trusts: the public roots, or only what this system adds to them."""

from __future__ import annotations

import functools
import ssl

_ORGANISATION = bytes.fromhex("55040a")  # 2.5.4.10, X.520
_COMMON_NAME = bytes.fromhex("550403")  # 2.5.4.3


@functools.cache
def public_roots() -> ssl.SSLContext:
    """Trusts the roots that every browser trusts, and nothing that was added to this computer."""
    import certifi

    return ssl.create_default_context(cafile=certifi.where())


def system_roots() -> ssl.SSLContext:
    """Trusts what this system trusts: the organisation may have added roots of its own."""
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def issuer_of(certificate: bytes) -> str | None:
    """The issuer's organisation, else its common name, from a certificate in DER (RFC 5280, 4.1).

    Read here because Python decodes only certificates that it has verified itself. None where the
    bytes are no certificate.
    """
    try:
        _, outer, _ = _element(certificate)
        _, inner, _ = _element(outer)
        tag, _, rest = _element(inner)
        if tag == 0xA0:  # the version, which old certificates lack
            _, _, rest = _element(rest)
        _, _, rest = _element(rest)  # past the signature algorithm
        _, issuer, _ = _element(rest)
        names = _names(issuer)
    except (IndexError, ValueError):
        return None
    return (names.get(_ORGANISATION) or names.get(_COMMON_NAME) or "")[:100] or None


def _names(issuer: bytes) -> dict[bytes, str]:
    names: dict[bytes, str] = {}
    while issuer:
        _, relative, issuer = _element(issuer)
        _, pair, _ = _element(relative)
        _, identifier, value = _element(pair)
        tag, text, _ = _element(value)
        names.setdefault(identifier, text.decode("utf-16-be" if tag == 0x1E else "utf-8", "replace"))
    return names


def _element(data: bytes) -> tuple[int, bytes, bytes]:
    """Tag, content and what follows of the first element. Raises IndexError or ValueError."""
    tag, length, begin = data[0], data[1], 2
    if length & 0x80:
        size = length & 0x7F
        if not 1 <= size <= 4:
            raise ValueError("no length that a certificate has")
        begin += size
        length = int.from_bytes(data[2:begin], "big")
    end = begin + length
    if end > len(data):
        raise ValueError("truncated")
    return tag, data[begin:end], data[end:]
