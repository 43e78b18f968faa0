"""The meeting services as a computer on an emulated link sees them: names that are answered, and TLS behind them.

Every name leads to one address on the link's far side. There it is greeted with a chain of certificates as long
as the services' own; nobody's root has signed it, so that it is tried twice, which is more than a real one asks.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from tests.lab.link import SERVER, Link, do

ROOT = Path(__file__).parents[2]
HOST = "10.78.0.3"
_NAMES = [f"a-name-of-many-behind-one-address-{number}.services.example" for number in range(15)]


@contextlib.contextmanager
def services(up: Link) -> Iterator[None]:
    """Names and services on the far side of `up`; gone when the block ends."""
    client, server = (side("true")[3] for side in (up.client, up.server))
    resolver = Path("/etc/netns") / client / "resolv.conf"
    do("ip", "-n", server, "address", "add", f"{HOST}/32", "dev", "lo")
    resolver.parent.mkdir(parents=True)
    resolver.write_text(f"nameserver {SERVER}\n", "utf-8")
    serving = subprocess.Popen(
        up.server(sys.executable, "-m", "tests.lab.services"), stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert serving.stdout is not None
    try:
        assert serving.stdout.readline() == "ready\n"
        yield
    finally:
        serving.terminate()
        serving.wait(15)
        serving.stdout.close()
        resolver.unlink()
        resolver.parent.rmdir()


class _Names(asyncio.DatagramProtocol):
    """Any name has the address; IPv6 it has none."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        import dns.message
        import dns.rdatatype
        import dns.rrset

        question = dns.message.from_wire(data)
        answer = dns.message.make_response(question)
        asked = question.question[0]
        if asked.rdtype == dns.rdatatype.A:
            answer.answer.append(dns.rrset.from_text(asked.name, 60, "IN", "A", HOST))
        self._transport.sendto(answer.to_wire(), address)


async def _greet(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, TimeoutError):
        async with asyncio.timeout(10):
            await _reader.read(1)
    writer.close()


async def _page(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, asyncio.IncompleteReadError):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nsuccess\n")
        await writer.drain()
    writer.close()


def _certificates(folder: Path) -> Path:
    """A key, a server's certificate with many names, and one that signed it: some four kilobytes together."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    now = datetime.datetime.now(datetime.UTC)
    keys = [rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2)]
    issuer = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Nobody's root")])
    chain = [
        x509.CertificateBuilder()
        .subject_name(issuer)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in _NAMES]), critical=False)
        .sign(keys[1], hashes.SHA256())
        for key in keys
    ]
    pem = serialization.Encoding.PEM
    made = folder / "service.pem"
    made.write_bytes(
        keys[0].private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + b"".join(one.public_bytes(pem) for one in chain)
    )
    return made


async def _serve() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        context.load_cert_chain(_certificates(Path(folder)))
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(_Names, local_addr=(SERVER, 53))
    async with (
        await asyncio.start_server(_greet, HOST, 443, ssl=context),
        await asyncio.start_server(_page, HOST, 80),
    ):
        print("ready", flush=True)
        await loop.create_future()


if __name__ == "__main__":
    asyncio.run(_serve())
