"""A small provider of OpenID Connect: one person, who always agrees."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "harmonize", "a secret of the tests"
SOON = 4_000_000_000


def provider(person: dict[str, Any]) -> FastAPI:
    """The application; `person` are the claims of who logs in, and may be changed meanwhile."""
    app, key, codes = FastAPI(), RSAKey.generate_key(2048, {"kid": "one"}), dict[str, str]()

    def base(request: Request) -> str:
        return str(request.base_url).rstrip("/")

    @app.get("/.well-known/openid-configuration")
    def told(request: Request) -> dict[str, Any]:
        home = base(request)
        return {
            "issuer": home,
            "authorization_endpoint": f"{home}/authorize",
            "token_endpoint": f"{home}/token",
            "jwks_uri": f"{home}/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    @app.get("/keys")
    def keys() -> dict[str, Any]:
        return {"keys": [key.as_dict(private=False)]}

    @app.get("/authorize")
    def authorize(redirect_uri: str, state: str, nonce: str) -> RedirectResponse:
        codes["code"] = nonce
        return RedirectResponse(f"{redirect_uri}?{urlencode({'code': 'code', 'state': state})}")

    @app.post("/token")
    async def token(request: Request) -> dict[str, Any]:
        form = await request.form()
        claims = {
            "iss": base(request),
            "aud": CLIENT,
            "iat": 1,
            "exp": SOON,
            "nonce": codes.pop(str(form["code"])),
            **person,
        }
        signed = jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)
        return {"access_token": "x", "token_type": "Bearer", "id_token": signed, "expires_in": 60}

    return app
