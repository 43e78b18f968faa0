"""Signing in by the organisation's own accounts: OpenID Connect, authorization code with PKCE.

Authlib speaks the protocol, joserfc checks the signatures. Who is away at the provider is kept in the
database, by the hash of `state` and bound to the browser that left, so any collector process can take
them back. Nothing of the provider's tokens is kept: the session afterwards is our own.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import anyio.to_thread
import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import get_well_known_url
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlalchemy import delete, insert, select

from readiness.collector.access import LONGEST_NAME, Reader, Role
from readiness.collector.database import Database
from readiness.collector.sign_in_settings import SignInError, SignInFault, SignInSettings
from readiness.collector.tables import clean, sign_in
from readiness.core.loopback import is_own

AWAY_LASTS = timedelta(minutes=10)
_KNOWN_SECONDS = 600.0
_SECONDS = 6.0
_LARGEST_ANSWER_BYTES = 512 * 1024
_LEEWAY_SECONDS = 120
_SIGNATURES = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519")
"""No shared secrets and no `none`: a key that the provider publishes checks each of these."""
_NAMES = ("preferred_username", "email", "name", "sub")
_STRONGEST = (Role.ADMIN, Role.SUPPORT, Role.READER)


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """Where the browser is sent, and what it has to bring back in its cookie."""

    url: str
    browser: str = field(repr=False)


class SignIn:
    """The way to one provider and back."""

    def __init__(
        self,
        settings: SignInSettings,
        database: Database,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.settings = settings
        self._database = database
        self._clock = clock
        self._trusted = ssl.create_default_context()  # the system's: a municipality has roots of its own
        self._provider: tuple[float, dict[str, Any]] | None = None

    async def leave(self, target: str) -> Leaving:
        """Begin; `target` is the page to open afterwards. Raises SignInError."""
        provider = await self._known_provider()
        state, nonce, browser = (secrets.token_urlsafe(32) for _ in range(3))
        verifier, now = secrets.token_urlsafe(64), self._clock()

        def remember() -> None:
            with self._database.writing() as connection:
                connection.execute(delete(sign_in).where(sign_in.c.expires_at <= now))
                connection.execute(
                    insert(sign_in).values(
                        state_hash=_hash(state),
                        browser_hash=_hash(browser),
                        nonce=nonce,
                        verifier=verifier,
                        target=target,
                        expires_at=now + AWAY_LASTS,
                    )
                )

        await anyio.to_thread.run_sync(remember)
        url = prepare_grant_uri(
            provider["authorization_endpoint"],
            self.settings.client_id,
            "code",
            redirect_uri=self.settings.redirect_uri,
            scope=self.settings.scope,
            state=state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
        )
        return Leaving(url=str(url), browser=browser)

    async def come_back(self, query: Mapping[str, str], browser: str) -> tuple[Reader, str]:
        """Who came back from the provider, and the page to open. Raises SignInError."""
        away = await anyio.to_thread.run_sync(self._taken, query.get("state", ""), browser)
        if away is None:
            raise SignInError(SignInFault.TOO_LATE, "nobody is away with this state")
        nonce, verifier, target = away
        if query.get("error") or not query.get("code"):
            raise SignInError(
                SignInFault.REFUSED, f"the provider says {query.get('error', 'nothing')[:60]!r}"
            )
        if query.get("iss", self.settings.issuer) != self.settings.issuer:  # RFC 9207
            raise SignInError(SignInFault.NOT_TRUE, "the answer is another issuer's")
        provider = await self._known_provider()
        tokens = await self._exchanged(provider, query["code"], verifier)
        claims = await self._checked(provider, tokens, nonce)
        groups = _at(claims, self.settings.claim)
        if (
            groups is None
            and provider.get("userinfo_endpoint")
            and isinstance(tokens.get("access_token"), str)
        ):
            bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
            more = await self._ask("GET", str(provider["userinfo_endpoint"]), headers=bearer)
            groups = _at(more, self.settings.claim) if more.get("sub") == claims["sub"] else None
        return Reader(name=_name(claims), role=self._role(groups)), target

    async def way_out(self) -> str | None:
        """Where to sign out from the provider too, if it has such a page and answers."""
        try:
            address = (await self._known_provider()).get("end_session_endpoint")
        except SignInError:
            return None
        if not isinstance(address, str) or not _usable(address):
            return None
        back = {"client_id": self.settings.client_id, "post_logout_redirect_uri": self.settings.login_uri}
        return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(back)}"

    def _taken(self, state: str, browser: str) -> tuple[str, str, str] | None:
        """Nonce, verifier and target of who left with `state`; nobody comes back with it again."""
        condition = sign_in.c.state_hash == _hash(state)
        with self._database.writing() as connection:
            found = connection.execute(select(sign_in).where(condition)).first()
            if not connection.execute(delete(sign_in).where(condition)).rowcount or found is None:
                return None
        same = secrets.compare_digest(bytes(found.browser_hash), _hash(browser))
        if not same or found.expires_at <= self._clock():
            return None
        return found.nonce, found.verifier, found.target

    async def _known_provider(self) -> dict[str, Any]:
        """What the provider tells of itself (OpenID Connect Discovery 1.0, section 4)."""
        if self._provider is not None and time.monotonic() - self._provider[0] < _KNOWN_SECONDS:
            return self._provider[1]
        document = await self._ask("GET", get_well_known_url(self.settings.issuer, external=True))
        if document.get("issuer") != self.settings.issuer:
            raise SignInError(SignInFault.NOT_TRUE, "the provider says it is another issuer")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not isinstance(document.get(name), str) or not _usable(document[name]):
                raise SignInError(SignInFault.PROVIDER_DOWN, f"the provider tells no usable {name}")
        self._provider = (time.monotonic(), document)
        return document

    async def _exchanged(self, provider: dict[str, Any], code: str, verifier: str) -> dict[str, Any]:
        ours = self.settings
        body = prepare_token_request(
            "authorization_code", code=code, redirect_uri=ours.redirect_uri, code_verifier=verifier
        )
        ways = provider.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        basic: httpx.BasicAuth | None = None
        if ours.client_secret and "client_secret_basic" in ways:
            basic = httpx.BasicAuth(ours.client_id, ours.client_secret)
        else:
            named = {"client_id": ours.client_id}
            body += "&" + urlencode(
                named | ({"client_secret": ours.client_secret} if ours.client_secret else {})
            )
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return await self._ask("POST", provider["token_endpoint"], content=body, headers=headers, auth=basic)

    async def _checked(self, provider: dict[str, Any], tokens: dict[str, Any], nonce: str) -> dict[str, Any]:
        """The claims of the ID token (OpenID Connect Core 1.0, section 3.1.3.7)."""
        keys = await self._ask("GET", provider["jwks_uri"])
        ours = self.settings
        try:
            token = jwt.decode(str(tokens["id_token"]), KeySet.import_key_set(keys), algorithms=_SIGNATURES)  # type: ignore[arg-type]
            claims = CodeIDToken(
                token.claims,
                token.header,
                options={
                    "iss": {"essential": True, "value": ours.issuer},
                    "aud": {"essential": True, "value": ours.client_id},
                },
                params={
                    "nonce": nonce,
                    "client_id": ours.client_id,
                    "access_token": tokens.get("access_token"),
                },
            )
            claims.validate(now=int(self._clock().timestamp()), leeway=_LEEWAY_SECONDS)
            if not isinstance(claims["sub"], str):
                raise ValueError("sub is no text")
        except (JoseError, LookupError, ValueError, TypeError, AttributeError) as error:
            # The kind of fault alone: the message may hold what the token says.
            words = f"{type(error).__name__} {getattr(error, 'claim', '') or ''}".strip()
            raise SignInError(SignInFault.NOT_TRUE, f"the ID token does not hold: {words}") from error
        return dict(claims)

    async def _ask(self, method: str, url: str, **options: Any) -> dict[str, Any]:
        """A JSON object from the provider. Raises SignInError."""
        try:
            async with (
                httpx.AsyncClient(
                    verify=self._trusted, timeout=_SECONDS, trust_env=not is_own(urlsplit(url).hostname)
                ) as client,
                client.stream(method, url, **options) as answer,
            ):
                body = b""
                async for part in answer.aiter_bytes():
                    body += part
                    if len(body) > _LARGEST_ANSWER_BYTES:
                        raise SignInError(SignInFault.PROVIDER_DOWN, "an answer without end")
            document = json.loads(body)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, RecursionError) as error:
            raise SignInError(
                SignInFault.PROVIDER_DOWN, f"{type(error).__name__} from the provider"
            ) from error
        if answer.status_code >= 500 or not isinstance(document, dict):
            raise SignInError(SignInFault.PROVIDER_DOWN, f"status {answer.status_code} from the provider")
        if answer.status_code != 200:
            said = str(document.get("error", ""))[:60]
            raise SignInError(
                SignInFault.NOT_TRUE, f"status {answer.status_code} from the provider: {said!r}"
            )
        return document

    def _role(self, groups: Any) -> Role:
        theirs = {groups} if isinstance(groups, str) else set()
        if isinstance(groups, list):
            theirs = {group for group in groups if isinstance(group, str)}
        for role in _STRONGEST:
            if theirs & set(self.settings.roles.get(role, ())):
                return role
        raise SignInError(SignInFault.NO_ROLE, "no group of theirs has a role")


def _at(claims: Mapping[str, Any], path: str) -> Any:
    """The claim at a path with dots, where it is not a claim with dots in its name."""
    if path in claims:
        return claims[path]
    value: Any = claims
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _name(claims: Mapping[str, Any]) -> str:
    said = next(claims[name] for name in _NAMES if isinstance(claims.get(name), str) and claims[name].strip())
    return clean("".join(letter if letter.isprintable() else " " for letter in said).strip(), LONGEST_NAME)


def _usable(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and is_own(parts.hostname))


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()
