"""What IT writes about the organisation's own sign-in, in a TOML file; and why somebody was not let in."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from readiness.collector.access import Role
from readiness.collector.problems import StartError
from readiness.core.loopback import is_own
from readiness.core.reasons import reason_of
from readiness.core.text import Text

SECRET_VARIABLE = "READINESS_SIGN_IN_SECRET"
BACK = "/login/organisation/back"


class SignInFault(StrEnum):
    """Why somebody was not let in."""

    PROVIDER_DOWN = "provider_down"
    """It does not answer, or not as a provider does."""
    NOT_TRUE = "not_true"
    """What came back cannot be checked: another issuer, signature, time, nonce or receiver."""
    TOO_LATE = "too_late"
    """Nobody left with that `state` from this browser, or too long ago, or it was used."""
    REFUSED = "refused"
    """The provider did not let them in, or they gave up."""
    NO_ROLE = "no_role"
    """The provider knows them, and none of their groups has a role here."""


class SignInError(Exception):
    """Somebody was not let in; the message is for the log and holds no secret."""

    def __init__(self, fault: SignInFault, message: str) -> None:
        super().__init__(message)
        self.fault = fault


@dataclass(frozen=True, kw_only=True)
class SignInSettings:
    """One provider, and who of its people may what.

    `public_url` is our own address as browsers know it. `claim` names what holds their groups, with
    dots where it lies inside another; `roles` says which groups have a role.
    """

    issuer: str
    client_id: str
    public_url: str
    roles: Mapping[Role, tuple[str, ...]]
    client_secret: str | None = field(default=None, repr=False)
    claim: str = "groups"
    scope: str = "openid profile email"
    local_accounts: bool = True

    @property
    def redirect_uri(self) -> str:
        """Where the provider sends people back to; it has to be told this address."""
        return self.public_url.rstrip("/") + BACK

    @property
    def login_uri(self) -> str:
        """Our page to sign in at."""
        return self.public_url.rstrip("/") + "/login"


def read_settings(file: Path, environment: Mapping[str, str] = os.environ) -> SignInSettings:
    """The settings in `file`; the secret may stand in the environment instead. Raises StartError."""
    try:
        written = tomllib.loads(file.read_text("utf-8-sig"))
    except OSError as error:
        raise _faulty(file, reason_of(error)) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _faulty(file, str(error)) from error
    if secret := environment.get(SECRET_VARIABLE):
        written["client_secret"] = secret
    texts = ("issuer", "client_id", "public_url", "client_secret", "claim", "scope")
    for name, value in written.items():
        kind = (
            str if name in texts else bool if name == "local_accounts" else dict if name == "roles" else None
        )
        if kind is None or type(value) is not kind or value in ("", {}):
            raise _faulty(file, name)
    for name in ("issuer", "client_id", "public_url", "roles"):
        if name not in written:
            raise _faulty(file, name)
    for name in ("issuer", "public_url"):
        try:
            parts = urlsplit(written[name])
            right = parts.scheme == "https" or (parts.scheme == "http" and is_own(parts.hostname))
        except ValueError:
            right = False
        if not right or not parts.hostname:
            raise _faulty(file, f"{name} (https://…)")
    return SignInSettings(**{**written, "roles": _roles(file, written["roles"])})


def _roles(file: Path, written: Mapping[str, Any]) -> dict[Role, tuple[str, ...]]:
    roles: dict[Role, tuple[str, ...]] = {}
    for name, groups in written.items():
        if name not in tuple(Role) or not isinstance(groups, list):
            raise _faulty(file, f"roles.{name}")
        if not groups or not all(isinstance(group, str) and group for group in groups):
            raise _faulty(file, f"roles.{name}")
        roles[Role(name)] = tuple(groups)
    return roles


def _faulty(file: Path, what: str | Text) -> StartError:
    sv, en = (what, what) if isinstance(what, str) else (what.sv, what.en)
    return StartError(
        Text(
            sv=f"Filen {file} om organisationens inloggning går inte att använda. Rätta: {sv}.",
            en=f"The file {file} about the organisation's sign-in cannot be used. Correct: {en}.",
        )
    )
