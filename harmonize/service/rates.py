"""How often somebody may try: the limits of the package `limits`, counted in memory."""

from __future__ import annotations

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from harmonize.service.problems import Problem

_FROM_ONE_ADDRESS = 3
"""So many times a name's tries to log in are allowed from one address, behind which several people may sit."""


class Rates:
    """The limits of logins and of requests."""

    def __init__(self, login: str, request: str) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._login, self._request = parse(login), parse(request)
        self._address = type(self._login)(self._login.amount * _FROM_ONE_ADDRESS, self._login.multiples)

    def check_login(self, name: str, address: str) -> None:
        """Raises Problem where a name, or an address, was tried too often."""
        self._check(self._login, "login", name.strip().lower()[:200])
        self._check(self._address, "address", address)

    def check_request(self, who: str) -> None:
        """Raises Problem for too many requests."""
        self._check(self._request, "request", who)

    def _check(self, item: RateLimitItem, *key: str) -> None:
        if not self._limiter.hit(item, *key):
            wait = str(item.get_expiry())
            raise Problem(429, "That was too often. Wait, and try again.", kind="rate", headers={"Retry-After": wait})
