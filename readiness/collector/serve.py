"""Serves the collector until it is told to stop."""

from __future__ import annotations

import errno
import json
import os
import signal
import socket
import ssl
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from readiness.collector.database import Database
from readiness.collector.limiting import Rates
from readiness.collector.problems import StartError, terminal_language
from readiness.collector.reflector_process import ReflectorProcess
from readiness.collector.sign_in_settings import SignInSettings
from readiness.core.loopback import is_own
from readiness.core.reasons import reason_of
from readiness.core.text import Text

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8470
_WILDCARDS = ("", "0.0.0.0", "::")
_SHUTDOWN_SECONDS = 5


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the collector listens, and with which certificate."""

    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    certificate: Path | None = None
    key: Path | None = None
    allow_insecure: bool = False


def check(place: Place) -> None:
    """Raises StartError where this place must not or cannot be served from."""
    if (place.certificate is None) is not (place.key is None):
        raise StartError(
            Text(
                sv="--tls-certificate och --tls-key hör ihop. Ange båda.",
                en="--tls-certificate and --tls-key belong together. Name both.",
            )
        )
    if place.certificate and place.key:
        _check_certificate(place.certificate, place.key)
    elif not is_own(place.host) and not place.allow_insecure:
        raise StartError(
            Text(
                sv=f"Utan kryptering svarar servern bara på den egna datorn, inte på {place.host or 'alla adresser'}. "
                "Ange --tls-certificate och --tls-key, eller --allow-insecure bakom en proxy som krypterar.",
                en=f"Without encryption the server answers on this computer only, not on {place.host or 'all addresses'}. "
                "Name --tls-certificate and --tls-key, or --allow-insecure behind a proxy that encrypts.",
            )
        )


def listen(place: Place) -> socket.socket:
    """A socket that listens there. Raises StartError."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            place.host or None, place.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except (OSError, UnicodeError, OverflowError) as error:
        raise _no_place(place, error) from error
    try:
        if os.name == "posix":
            # Elsewhere this would let a second server take the same port.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except (OSError, OverflowError) as error:
        listener.close()
        raise _no_place(place, error) from error
    return listener


def serve(
    database: Database,
    place: Place,
    listener: socket.socket,
    reflector: ReflectorProcess,
    rates: Rates,
    organisation: SignInSettings | None = None,
    *,
    announce: bool,
) -> None:
    """Answer until SIGTERM or SIGINT; what is under way is finished first.

    `reflector` was started; it is the caller's to stop.
    """
    import uvicorn

    from readiness.collector import counting
    from readiness.collector.app import create_app
    from readiness.collector.keeping import Housekeeper
    from readiness.collector.rating_process import Rater
    from readiness.collector.remembering import Remembered
    from readiness.collector.slow_clients import PunctualProtocol
    from readiness.collector.webhook import Messenger

    remembered = Remembered(database)
    sign_in = None
    if organisation is not None:
        # Imported here: it takes most of a second, and few need it.
        from readiness.collector.sign_in import SignIn

        sign_in = SignIn(organisation, database)
    config = uvicorn.Config(
        create_app(database, reflector=reflector, remembered=remembered, rates=rates, sign_in=sign_in),
        http=PunctualProtocol,
        ws="none",
        lifespan="off",
        log_level="warning",
        access_log=False,  # addresses hold the tokens of one-time links
        server_header=False,
        timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
        ssl_certfile=place.certificate,
        ssl_keyfile=place.key,
    )
    config.load()
    server = uvicorn.Server(config)

    def stop(_number: int, _frame: FrameType | None) -> None:
        server.should_exit = True

    # uvicorn has handlers of its own while it serves, and raises the signal again afterwards. One that
    # comes before that must count as well, and one that was obeyed is no death: the process ends with 0.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    url = _url(place, listener)
    if announce:
        sys.stdout.write(
            json.dumps({"url": url, "database": database.name, "udp_port": reflector.port}) + "\n"
        )
        sys.stdout.flush()
    else:
        words = Text(
            sv="Mötesklars server svarar på {url}, och på UDP-port {udp_port} när nätet mäts. "
            "Databas: {database}. Avsluta med Ctrl-C.",
            en="Mötesklar's collector answers at {url}, and on UDP port {udp_port} to measure the network. "
            "Database: {database}. Stop it with Ctrl-C.",
        )
        # A port is a name: as text it gets no thousands separator.
        arguments = {"url": url, "database": database.name, "udp_port": str(reflector.port)}
        sys.stderr.write(words.say(terminal_language(), arguments) + "\n")
        _welcome(database, url)
    beside = (Housekeeper(database), Messenger(database), Rater(database))
    for worker in beside:
        worker.start()
    counting.start(remembered, lambda: datetime.now(UTC))
    try:
        server.run(sockets=[listener])
    finally:
        remembered.stop()
        for worker in beside:
            worker.stop()


def _welcome(database: Database, url: str) -> None:
    """On a server without accounts, a link that signs its first administrator in."""
    from readiness.collector.access import Access, Role

    access = Access(database)
    if access.accounts():
        return
    words = Text(
        sv="Det finns inga konton än. Den här länken loggar in en administratör, en gång: {link}",
        en="There are no accounts yet. This link signs an administrator in, once: {link}",
    )
    link = f"{url}/link/{access.new_link('/choices', Role.ADMIN)}"
    sys.stderr.write(words.say(terminal_language(), {"link": link}) + "\n")


def _check_certificate(certificate: Path, key: Path) -> None:
    for file in (certificate, key):
        try:
            file.open("rb").close()
        except OSError as error:
            raise StartError(
                Text(
                    sv=f"TLS-filen {file} går inte att läsa: {reason_of(error).sv}.",
                    en=f"The TLS file {file} cannot be read: {reason_of(error).en}.",
                )
            ) from error
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        # A key with a passphrase is refused, never asked about: nobody may be at the terminal.
        context.load_cert_chain(certificate, key, password=lambda: b"")
    except (OSError, ValueError) as error:
        raise StartError(
            Text(
                sv=f"{certificate} och {key} är inte ett certifikat och dess nyckel i PEM-format utan lösenord.",
                en=f"{certificate} and {key} are not a certificate and its key in PEM format without a passphrase.",
            )
        ) from error


def _no_place(place: Place, error: Exception) -> StartError:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return StartError(
            Text(
                sv=f"Porten {place.port} används redan av ett annat program. Välj en annan med --port.",
                en=f"Port {place.port} is used by another program already. Choose another with --port.",
            )
        )
    reason = getattr(error, "strerror", None) or error
    return StartError(
        Text(
            sv=f"Servern kan inte svara på {place.host}, port {place.port}: {reason}. Kontrollera --host och --port.",
            en=f"The server cannot answer at {place.host}, port {place.port}: {reason}. Check --host and --port.",
        )
    )


def _url(place: Place, listener: socket.socket) -> str:
    scheme = "https" if place.certificate else "http"
    host = "127.0.0.1" if place.host in _WILDCARDS and not place.certificate else place.host
    if place.host in _WILDCARDS and place.certificate:
        host = socket.gethostname()
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"
