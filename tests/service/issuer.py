"""The maker's accounts on loopback: an issuer of OpenID Connect, its keys, and what may fail."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.service.caller import JANE
from tests.service.fake_cloud import WAIT

AUDIENCE = "setup-wizard"
KEYS = "/keys"
DISCOVERY = "/.well-known/openid-configuration"
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@cache
def _usual_keys() -> Mapping[str, PrivateKey]:
    """Made once: it takes a moment."""
    return {"rsa-1": rsa_key(), "ec-1": ec_key()}


def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


class Issuer:
    """`with Issuer() as issuer:` then use `issuer.url`; `keys` are what it publishes."""

    def __init__(self) -> None:
        self.keys = dict(_usual_keys())
        self.asked: list[str] = []
        self.cookies: list[str | None] = []
        """What came along with each question."""
        self.broken: dict[str, tuple[int, bytes]] = {}
        """By path: a status and a body in place of the honest answer."""
        self.others: list[dict[str, Any]] = []
        """Keys in the set that are for something else."""
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.asked.append(self.path)
                issuer.cookies.append(self.headers["Cookie"])
                status, body = issuer.answer(self.path)
                self.send_response(status)
                self.send_header("Location", f"{issuer.url}{KEYS}")
                self.send_header("Set-Cookie", "seen=before; Path=/")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(WAIT)

    def answer(self, path: str) -> tuple[int, bytes]:
        if path in self.broken:
            return self.broken[path]
        if path == DISCOVERY:
            return 200, json.dumps({"issuer": self.url, "jwks_uri": self.url + KEYS}).encode()
        if path == KEYS:
            return 200, json.dumps({"keys": [*self.others, *self.published()]}).encode()
        return 404, b"{}"

    def published(self) -> list[dict[str, Any]]:
        return [_as_jwk(name, key) for name, key in self.keys.items()]

    def token(
        self, key_id: str = "rsa-1", *, key: PrivateKey | None = None, **changed: object
    ) -> str:
        """A token of Jane's, with other claims where a test wants them: None leaves one out,
        and a time is counted from now.
        """
        signer = key or self.keys[key_id]
        algorithm = "RS256" if isinstance(signer, rsa.RSAPrivateKey) else "ES256"
        claims = self.claims(**changed)
        return jwt.encode(claims, signer, algorithm=algorithm, headers={"kid": key_id})

    def claims(self, **changed: object) -> dict[str, object]:
        now = int(time.time())
        claims: dict[str, object] = {
            "iss": self.url,
            "aud": AUDIENCE,
            "sub": "user-4711",
            "iat": now,
            "exp": now + 300,
            "email": JANE,
            "email_verified": True,
        }
        for name, claim in changed.items():
            claims[name] = now + claim.total_seconds() if isinstance(claim, timedelta) else claim
        return {name: claim for name, claim in claims.items() if claim is not None}


def without_signature(claims: dict[str, object], **header: object) -> str:
    """As somebody writes it who has no key."""
    parts = ({"typ": "JWT", **header}, claims)
    return ".".join(_quoted(json.dumps(part).encode()) for part in parts) + "."


def _quoted(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _as_jwk(name: str, key: PrivateKey) -> dict[str, Any]:
    if isinstance(key, rsa.RSAPrivateKey):
        public = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
        return {**public, "kid": name, "use": "sig", "alg": "RS256"}
    public = jwt.algorithms.ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {**public, "kid": name, "use": "sig", "alg": "ES256"}
