"""What can go wrong on the way to the collector, as sentences that say what to do."""

from __future__ import annotations

import datetime
import errno
import socket
import ssl
from collections.abc import Iterator

from readiness.core.text import Text

_UNREACHABLE = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN, 10050, 10051, 10065}
# OpenSSL's X509_V_ERR_...: not yet valid, expired; another name than the address
_WRONG_DATES = {9, 10}
_WRONG_NAME = {62, 64}


class DeliveryError(Exception):
    """A report did not arrive; `text` says why and what to do.

    `retry`: the same report may arrive later; where False the collector will never take it.
    `affects_all`: any other report would have met the same. `soon`: worth a new try at once.
    `wait_seconds`: how long the collector asked to be left alone. `code`: its word for the fault.
    """

    def __init__(
        self,
        text: Text,
        *,
        retry: bool,
        affects_all: bool = False,
        soon: bool = False,
        wait_seconds: float | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(text.en)
        self.text = text
        self.retry = retry
        self.affects_all = affects_all
        self.soon = soon
        self.wait_seconds = wait_seconds
        self.code = code


NO_KEY = Text(
    sv="Den här datorn har ingen giltig nyckel till IT:s server. "
    "Rapporten är sparad. Be IT om en nyckel och lägg in den i inställningarna.",
    en="This computer has no valid key for IT's server. "
    "The report is saved. Ask IT for a key and put it in the settings.",
)


def no_key() -> DeliveryError:
    """There is no enrolment key, or one that cannot be sent."""
    return DeliveryError(NO_KEY, retry=True, affects_all=True)


def bad_address(url: str) -> DeliveryError:
    """The collector's address is none."""
    return DeliveryError(
        Text(
            sv=f"Adressen till IT:s server går inte att använda: {url}. Rapporten är sparad. "
            "Be IT om rätt adress, till exempel https://moten.example.se.",
            en=f"The address of IT's server cannot be used: {url}. The report is saved. "
            "Ask IT for the right one, for example https://meetings.example.org.",
        ),
        retry=True,
        affects_all=True,
    )


def too_large(limit: int) -> DeliveryError:
    """A report above what the collector takes; it is not even sent."""
    return DeliveryError(
        Text(
            sv=f"Rapporten är för stor för IT:s server (mer än {limit // 1024} kB). "
            "Den är sparad. Spara den som fil och lämna den till IT.",
            en=f"The report is too large for IT's server (more than {limit // 1024} kB). "
            "It is saved. Save it as a file and hand it to IT.",
        ),
        retry=False,
    )


def no_answer(host: str) -> DeliveryError:
    """Nothing came in time, or too slowly."""
    return _later(
        f"IT:s server ({host}) svarar inte. Det kan bero på nätverket eller på servern.",
        f"IT's server ({host}) does not answer. It may be the network or the server.",
    )


def not_the_collector(host: str) -> DeliveryError:
    """Something answers, but not as it should."""
    return DeliveryError(
        Text(
            sv=f"Adressen {host} svarar, men inte som Mötesklars server. Rapporten är sparad. Kanske visar "
            "nätverket en inloggningssida: öppna webbläsaren och logga in. Annars har IT angett fel adress.",
            en=f"The address {host} answers, but not as Mötesklar's server. The report is saved. The network "
            "may be showing a login page: open the browser and log in. Otherwise IT gave a wrong address.",
        ),
        retry=True,
        affects_all=True,
    )


def from_exception(error: Exception, host: str) -> DeliveryError:
    """What `httpx` raised, by its causes."""
    import httpx

    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _certificate(cause, host)
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
        return bad_address(host)
    if isinstance(error, httpx.ProxyError):
        return proxy("407" in str(error))
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return fixed(
            f"Den säkra anslutningen till {host} gick inte att skapa. Kanske är adressen fel, "
            "eller så stör något på nätverket. Be IT om hjälp.",
            f"The secure connection to {host} could not be made. The address may be wrong, "
            "or something on the network disturbs it. Ask IT for help.",
        )
    for cause in causes:
        if isinstance(cause, socket.gaierror):
            return _name_not_found(cause, host)
    if any(isinstance(cause, OSError) and cause.errno in _UNREACHABLE for cause in causes):
        return _no_network()
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return _later(
            f"IT:s server ({host}) tar inte emot just nu. Den är kanske avstängd.",
            f"IT's server ({host}) takes nothing at the moment. It may be switched off.",
        )
    if isinstance(error, httpx.TimeoutException):
        return no_answer(host)
    if isinstance(error, httpx.RemoteProtocolError | httpx.DecodingError):
        broken = "disconnected" in str(error) or "closed" in str(error)
        return _interrupted(host) if broken else not_the_collector(host)
    return _interrupted(host)


def redirected(host: str, location: str) -> DeliveryError:
    """The address sends us elsewhere; a key is not carried to where IT did not say."""
    import httpx

    try:
        elsewhere = httpx.URL(location).host or host
    except httpx.InvalidURL:
        elsewhere = "?"
    return fixed(
        f"Adressen {host} skickar vidare till {elsewhere}. Rapporten skickas inte dit. Kanske visar "
        "nätverket en inloggningssida: öppna webbläsaren och logga in. Annars behöver IT ändra adressen.",
        f"The address {host} leads on to {elsewhere}. The report is not sent there. The network may be "
        "showing a login page: open the browser and log in. Otherwise IT has to change the address.",
    )


def clock_warning(seconds: float) -> Text:
    """This computer's clock is `seconds` ahead of the collector's (behind: negative)."""
    minutes = max(1, round(abs(seconds) / 60))
    return Text(
        sv=f"Datorns klocka går {minutes} minuter {'före' if seconds > 0 else 'efter'}. "
        "Ställ in rätt datum och tid, eller be IT om hjälp.",
        en=f"The computer's clock is {minutes} minutes {'fast' if seconds > 0 else 'slow'}. "
        "Set the right date and time, or ask IT for help.",
    )


def _later(sv: str, en: str) -> DeliveryError:
    """A fault that may pass by itself in a moment."""
    return DeliveryError(
        Text(
            sv=f"{sv} Rapporten är sparad och skickas senare.",
            en=f"{en} The report is saved and will be sent later.",
        ),
        retry=True,
        affects_all=True,
        soon=True,
    )


def fixed(sv: str, en: str, code: str | None = None) -> DeliveryError:
    """A fault that somebody has to mend first."""
    text = Text(sv=f"{sv} Rapporten är sparad.", en=f"{en} The report is saved.")
    return DeliveryError(text, retry=True, affects_all=True, code=code)


def _no_network() -> DeliveryError:
    return _later(
        "Datorn når inte nätverket. Kontrollera nätverkskabeln eller Wi-Fi.",
        "The computer does not reach the network. Check the network cable or the Wi-Fi.",
    )


def _name_not_found(cause: socket.gaierror, host: str) -> DeliveryError:
    if cause.errno == getattr(socket, "EAI_AGAIN", None):
        return _no_network()
    return _later(
        f"Adressen {host} hittas inte. Kontrollera nätverket, eller be IT om rätt adress. "
        "Hemifrån kan VPN behövas.",
        f"The address {host} cannot be found. Check the network, or ask IT for the right address. "
        "From home you may need the VPN.",
    )


def _interrupted(host: str) -> DeliveryError:
    return _later(
        f"Anslutningen till IT:s server ({host}) bröts.",
        f"The connection to IT's server ({host}) was broken off.",
    )


def _certificate(cause: ssl.SSLCertVerificationError, host: str) -> DeliveryError:
    # truststore on Windows and macOS gives no number, only a sentence.
    code, said = getattr(cause, "verify_code", None), str(cause).lower()
    if code in _WRONG_DATES or "expired" in said or "not yet valid" in said:
        now = datetime.datetime.now().astimezone().strftime("%Y-%m-%d %H:%M")
        return fixed(
            f"Datorns klocka säger {now}, och då gäller inte intyget för {host}. "
            "Om datum eller tid är fel: ställ in rätt tid. Annars behöver IT förnya serverns intyg.",
            f"The computer's clock says {now}, and the certificate of {host} is not valid then. "
            "If date or time are wrong: set them right. Otherwise IT has to renew the certificate.",
        )
    if code in _WRONG_NAME or "hostname mismatch" in said:
        return fixed(
            f"Servern som svarar på {host} heter något annat. Kontrollera adressen, eller be IT om hjälp.",
            f"The server that answers at {host} has another name. Check the address, or ask IT for help.",
        )
    return fixed(
        f"Datorn litar inte på servern {host}, så inget skickades. "
        "Be IT lägga in serverns utfärdare bland datorns betrodda certifikat.",
        f"The computer does not trust the server {host}, so nothing was sent. "
        "Ask IT to add the server's issuer to the certificates that the computer trusts.",
    )


def proxy(wants_login: bool) -> DeliveryError:
    """The network's proxy does not let it through."""
    if wants_login:
        return fixed(
            "Nätverkets mellanserver (proxy) vill ha en inloggning. Be IT släppa fram Mötesklar.",
            "The network's proxy wants a login. Ask IT to let Mötesklar through.",
        )
    return _later(
        "Nätverkets mellanserver (proxy) släpper inte fram rapporten. Be IT kontrollera den.",
        "The network's proxy does not let the report through. Ask IT to check it.",
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    left = [error]
    while left:
        cause = left.pop(0)
        if cause is None or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        left += [cause.__cause__, cause.__context__]
        if isinstance(cause, BaseExceptionGroup):
            left += cause.exceptions
