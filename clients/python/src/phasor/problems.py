"""What a call raises. All of it is a :class:`PhasorError`."""

from __future__ import annotations

import json
from email.message import Message


class PhasorError(Exception):
    """A call that brought no answer."""


class Problem(PhasorError):
    """The service refused a request or failed at it, and says why.

    ``status``: of HTTP. ``code``: stable, one of those in docs/api.md; empty where something before the service
    answered. ``detail``: field, rule and value. ``request_id``: as in the service's log. ``retry_after``: seconds, or
    None.
    """

    def __init__(self, status: int, code: str, detail: str, request_id: str = "", retry_after: float | None = None):
        super().__init__(status, code, detail, request_id, retry_after)
        self.status = status
        self.code = code
        self.detail = detail
        self.request_id = request_id
        self.retry_after = retry_after

    def __str__(self) -> str:
        return f"{self.code or self.status}: {self.detail}"

    @property
    def transient(self) -> bool:
        """Whether the same request may be answered a little later. One that took too long would take as long again."""
        return self.status in (429, 503) and self.code != "timeout"


class BadRequest(Problem, ValueError):
    """4xx: what was sent is not what the operation takes."""


class TooLarge(BadRequest):
    """413: more bytes, values or memory than one request may take."""


class Unprocessable(BadRequest):
    """422: non-finite or negative values, shapes that do not fit, a window that has no inverse, an anomaly."""


class NotFound(BadRequest):
    """404: the service does not have the operation; it may be an older one."""


class Unauthorized(Problem, PermissionError):
    """401, 403: no key, a wrong key, or a Host that the service does not answer."""

    __str__ = Problem.__str__  # an OSError has its own


class TooManyRequests(Problem):
    """429: more than the key may ask for, and it stayed so for all retries."""


class Unavailable(Problem):
    """503: busy, out of time or out of disk, and it stayed so for all retries."""


class Unreachable(PhasorError, ConnectionError):
    """No connection came about: nothing was computed."""


class ConnectionLost(PhasorError, ConnectionError):
    """The connection ended after the request and before the whole answer: the service ended, or something between."""


class TimedOut(PhasorError, TimeoutError):
    """No byte came for ``timeout`` seconds. The connection is closed, with which the service's work ends too."""


_KINDS: dict[int, type[Problem]] = {
    401: Unauthorized,
    403: Unauthorized,
    404: NotFound,
    413: TooLarge,
    422: Unprocessable,
    429: TooManyRequests,
    503: Unavailable,
}


def problem(status: int, reason: str, headers: Message, body: bytes) -> Problem:
    """That of an answer of 300 and more. What is no problem+json, such as a proxy's page, is told by its beginning."""
    try:
        told = json.loads(body)
        code, detail = str(told["code"]), str(told["detail"])
    except (ValueError, TypeError, KeyError):
        code, detail = "", f"{status} {reason} {body[:200].decode('utf-8', 'replace')}".strip()
    kind = _KINDS.get(status, BadRequest if 400 <= status < 500 else Problem)
    return kind(status, code, detail, headers.get("X-Request-Id", ""), _seconds(headers.get("Retry-After")))


def _seconds(text: str | None) -> float | None:
    """The service sends seconds; a date, which HTTP allows too, is taken as none."""
    try:
        return max(0.0, float(text)) if text else None
    except ValueError:
        return None
