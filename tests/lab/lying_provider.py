"""A small OpenID provider that asks nobody, checks PKCE, and lies as its address tells it to.

    python tests/lab/lying_provider.py

prints its address. Its issuer is that address and one word: `/none` is the truth, the other words are
those of `Provider`. It signs with joserfc and shares no code with the collector.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
OTHER = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
codes: dict[str, dict[str, str]] = {}


class Provider(BaseHTTPRequestHandler):
    """One request."""

    def log_message(self, *_: Any) -> None:
        """Quiet."""

    @property
    def _issuer(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/{self._lie}"

    @property
    def _lie(self) -> str:
        return urlsplit(self.path).path.split("/")[1]

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query))
        match parts.path.split("/")[2:]:
            case [".well-known", "openid-configuration"]:
                if self._lie == "garbage":
                    self._answer(200, b"<html>")
                    return
                self._json(
                    200,
                    {
                        "issuer": self._issuer if self._lie != "issuer" else "http://127.0.0.1:1/other",
                        "authorization_endpoint": f"{self._issuer}/authorize",
                        "token_endpoint": f"{self._issuer}/token",
                        "jwks_uri": f"{self._issuer}/keys",
                        "token_endpoint_auth_methods_supported": ["client_secret_post"],
                    },
                )
            case ["keys"]:
                self._json(200, {"keys": [KEY.as_dict(private=False)]})
            case ["authorize"]:
                code = secrets.token_urlsafe(16)
                codes[code] = query
                back = urlencode({"code": code, "state": query["state"]})
                self.send_response(302)
                self.send_header("Location", f"{query['redirect_uri']}?{back}")
                self.end_headers()
            case _:
                self._json(404, {})

    def do_POST(self) -> None:
        form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        asked = codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        right = (
            asked is not None
            and asked["code_challenge_method"] == "S256"
            and secrets.compare_digest(asked["code_challenge"], challenge)
            and form.get("redirect_uri") == asked["redirect_uri"]
            and form.get("client_secret") == "secret-of-the-client"
        )
        if not right or asked is None:
            self._json(400, {"error": "invalid_grant"})
            return
        self._json(200, {"access_token": "a", "token_type": "Bearer", "id_token": self._token(asked)})

    def _token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": self._issuer,
            "sub": "u-1",
            "aud": asked["client_id"],
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "preferred_username": "eva",
            "realm_access": {"roles": ["it"]},
        }
        header, key = {"alg": "RS256", "kid": "one"}, KEY
        match self._lie:
            case "token-issuer":
                claims["iss"] = "http://127.0.0.1:1/other"
            case "expired":
                claims |= {"iat": now - 7200, "exp": now - 3600}
            case "nonce":
                claims["nonce"] = secrets.token_urlsafe(16)
            case "no-nonce":
                del claims["nonce"]
            case "audience":
                claims["aud"] = "another-client"
            case "signature":
                key = OTHER
            case "algorithm":  # the public key as if it were a shared secret
                public = json.dumps(KEY.as_dict(private=False)).encode()
                return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(public), ["HS256"])
            case "unsigned":
                parts = (json.dumps({"alg": "none"}), json.dumps(claims))
                return (
                    ".".join(base64.urlsafe_b64encode(p.encode()).rstrip(b"=").decode() for p in parts) + "."
                )
        return jwt.encode(header, claims, key)

    def _json(self, status: int, document: Any) -> None:
        self._answer(status, json.dumps(document).encode())

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    with ThreadingHTTPServer(("127.0.0.1", 0), Provider) as server:
        sys.stdout.write(f"http://127.0.0.1:{server.server_address[1]}\n")
        sys.stdout.flush()
        server.serve_forever()
