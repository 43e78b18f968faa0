from __future__ import annotations

import ssl
from pathlib import Path

import certifi
from hypothesis import given
from hypothesis import strategies as st

from readiness.network.certificates import issuer_of

TLS = Path(__file__).parents[1] / "submission" / "tls"
GOOD = ssl.PEM_cert_to_DER_cert((TLS / "good.pem").read_text())


def test_the_issuers_of_all_public_roots_are_those_that_openssl_reads() -> None:
    context = ssl.create_default_context(cafile=certifi.where())
    expected = []
    for certificate in context.get_ca_certs():
        issuer = {name: value for part in certificate["issuer"] for name, value in part}
        expected.append(issuer.get("organizationName") or issuer.get("commonName"))
    found = [issuer_of(der) for der in context.get_ca_certs(binary_form=True)]
    assert len(found) > 100
    assert found == [name and name[:100] for name in expected]


def test_what_is_no_certificate_has_no_issuer() -> None:
    for garbage in (b"", b"\x30", b"\x30\x80", b"\x30\x03\x02\x01\x01", b"<html>", bytes(1000)):
        assert issuer_of(garbage) is None


@given(st.integers(0, len(GOOD)), st.binary(max_size=4))
def test_damaged_certificates_are_read_or_refused_but_never_crash(place: int, damage: bytes) -> None:
    issuer_of(GOOD[:place] + damage + GOOD[place + len(damage) :])
    issuer_of(GOOD[:place])
