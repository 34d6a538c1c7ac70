"""HTTP: connections that are kept, requests that are asked again, refusals that are seen."""

from __future__ import annotations

import collections
import http.client
import os
import random
import selectors
import socket
import ssl
import threading
import time
import uuid
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import IO, Any
from urllib.parse import urlsplit

from .bodies import Body
from .problems import ConnectionLost, PhasorError, Problem, TimedOut, Unreachable, problem

_CONNECT_SECONDS = 10.0

# The service closes a connection that was idle for 60 s (server.tomcat.keep-alive-timeout).
_IDLE_SECONDS = 50.0

# Connections that are kept: the threads of one client that ask at once, beyond which opening is no great loss.
_IDLE_CONNECTIONS = 64

# Bodies above it are announced, as curl announces them. The service reads a smaller one even where it refuses it.
_ANNOUNCED_BYTES = 1 << 20

# A proxy may not know Expect; then the body goes. curl waits as long.
_ANNOUNCED_SECONDS = 1.0

_ANSWER_BLOCK = 1 << 20

# The pause where no Retry-After is given doubles from here.
_FIRST_PAUSE = 0.1


@dataclass(frozen=True)
class Answer:
    headers: http.client.HTTPMessage
    body: bytes


class Flight:
    """A call under way, which another thread may abandon: its connection is closed, and the service stops the work."""

    def __init__(self) -> None:
        self.abandoned = threading.Event()
        self.connection: http.client.HTTPConnection | None = None

    def abandon(self) -> None:
        self.abandoned.set()
        connection = self.connection
        if connection is not None and connection.sock is not None:
            try:
                connection.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # it is closed already


current_flight: ContextVar[Flight | None] = ContextVar("phasor flight", default=None)


class _Unwritable(Exception):
    """The answer came, and its file does not take it."""

    def __init__(self, error: OSError) -> None:
        super().__init__(str(error))
        self.error = error


class _Unanswered(Exception):
    """The connection ended before the first byte of an answer."""


class Transport:
    """Requests to one service. Threads share it: a connection is one thread's at a time.

    The operations compute and change nothing, so asking again is safe. It is done where no answer can be expected of
    the first time: no connection came about; a connection that was used before ended without an answer, as one does
    that the service closes while it is idle; or the service said 429 or 503.
    """

    def __init__(
        self,
        url: str,
        key: str | None,
        timeout: float,
        retries: int,
        longest_pause: float,
        context: ssl.SSLContext | None,
        named: str = "url",
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{named} must begin with http:// or https:// and name a host, got {url!r}")
        if parts.username is not None or parts.password is not None:
            raise ValueError(f"{named} must hold no user or password, got one before {parts.hostname}; key takes a key")
        if key is not None and not isinstance(key, str):
            raise ValueError(f"key must be a str, got {type(key).__name__}")
        if key is not None and any(ord(letter) < 32 for letter in key.strip()):
            raise ValueError("key must be one line, got control characters in it")
        if not timeout > 0:
            raise ValueError(f"timeout must be above 0 seconds, got {timeout}")
        self.url = url.rstrip("/")
        self._host, self._port, self._prefix = parts.hostname, parts.port, parts.path.rstrip("/")
        self._context = context
        self._secure = parts.scheme == "https"
        # One that was read from a file ends with its line.
        self._key = None if key is None else key.strip()
        self._timeout = timeout
        self._retries = retries
        self._longest_pause = longest_pause
        self._connect()

    def _connect(self) -> None:
        self._tls = (self._context or ssl.create_default_context()) if self._secure else None
        # Taken and given at one end, so that few are kept warm; both are atomic. A child of fork has the numbers of its
        # parent's connections, which it must not use.
        self._idle: collections.deque[tuple[int, float, http.client.HTTPConnection]] = collections.deque()

    def __getstate__(self) -> dict[str, Any]:
        """A copy has no connections, and TLS of its own unless a context was given, which has no copy."""
        return {name: value for name, value in vars(self).items() if name not in ("_idle", "_tls")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._connect()

    def close(self) -> None:
        while self._idle:
            try:
                self._idle.pop()[2].close()
            except IndexError:
                return  # another thread took it

    def ask(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str],
        body: Body | None,
        sink: IO[bytes] | None = None,
    ) -> Answer:
        """The answer to a request, its body in the sink where one is given; a :class:`PhasorError` without one."""
        flight = current_flight.get() or Flight()
        sent = {"X-Request-Id": uuid.uuid4().hex, **headers}
        told = f"{target} (request {sent['X-Request-Id']})"
        lost = False
        attempt = 0
        while True:
            failure: PhasorError
            pause = _FIRST_PAUSE * 2**attempt
            try:
                connection, fresh = self._connection(lost)
            except OSError as error:
                before = "the connection was lost before the answer came, and " if lost else ""
                said = f"{before}{self.url} cannot be reached: {error}"
                failure = Unreachable(said)
                if lost:
                    failure = ConnectionLost(said)
                failure.__cause__ = error
                if not isinstance(error, ConnectionError):
                    raise failure
            else:
                try:
                    return self._exchange(flight, connection, method, target, told, sent, body, sink)
                except _Unanswered as unanswered:
                    if not fresh and not flight.abandoned.is_set():
                        lost = True
                        continue
                    raise ConnectionLost(
                        f"{self.url} ended the connection before it answered {told}"
                    ) from unanswered.__cause__
                except Problem as refusal:
                    if not refusal.transient:
                        raise
                    failure = refusal
                    if refusal.retry_after is not None:
                        pause = refusal.retry_after
            attempt += 1
            if attempt > self._retries or pause > self._longest_pause:
                raise failure
            # Clients that were refused together do not come back together.
            if flight.abandoned.wait(pause * random.uniform(1, 1.25)):
                raise failure

    def _connection(self, fresh: bool) -> tuple[http.client.HTTPConnection, bool]:
        while not fresh:
            try:
                owner, since, idle = self._idle.pop()
            except IndexError:
                break
            if owner == os.getpid() and time.monotonic() - since < _IDLE_SECONDS and not _readable(idle, 0):
                return idle, False
            idle.close()
        if self._tls is None:
            connection = http.client.HTTPConnection(self._host, self._port, timeout=_CONNECT_SECONDS)
        else:
            connection = http.client.HTTPSConnection(
                self._host, self._port, timeout=_CONNECT_SECONDS, context=self._tls
            )
        connection.connect()
        connection.sock.settimeout(self._timeout)
        return connection, True

    def _exchange(
        self,
        flight: Flight,
        connection: http.client.HTTPConnection,
        method: str,
        target: str,
        told: str,
        headers: Mapping[str, str],
        body: Body | None,
        sink: IO[bytes] | None,
    ) -> Answer:
        kept = False
        flight.connection = connection
        try:
            if flight.abandoned.is_set():
                raise ConnectionLost("the call was abandoned")
            whole = self._send(connection, method, target, headers, body)
            try:
                response = connection.getresponse()
            except TimeoutError:
                raise
            except (OSError, http.client.HTTPException) as error:
                raise _Unanswered from error
            try:
                content = _content(response, sink if response.status < 300 else None)
            except _Unwritable as unwritable:
                raise unwritable.error from None
            except TimeoutError:
                raise
            except (OSError, http.client.HTTPException) as error:
                raise ConnectionLost(f"{self.url} ended the connection within its answer to {told}") from error
            kept = whole and not response.will_close
            if response.status >= 300:
                raise problem(response.status, response.reason, response.headers, content)
            return Answer(response.headers, content)
        except TimeoutError as error:
            raise TimedOut(f"{self.url} did nothing for {self._timeout} s about {told}") from error
        finally:
            flight.connection = None
            if kept and len(self._idle) < _IDLE_CONNECTIONS:
                self._idle.append((os.getpid(), time.monotonic(), connection))
            else:
                connection.close()

    def _send(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        target: str,
        headers: Mapping[str, str],
        body: Body | None,
    ) -> bool:
        """Whether all was sent. What was not, was refused, and the answer says why."""
        announced = body is not None and body.length > _ANNOUNCED_BYTES and self._tls is None
        try:
            connection.putrequest(method, self._prefix + target)
            for name, value in headers.items():
                connection.putheader(name, value)
            if self._key:
                # UTF-8, in the encoding that http.client gives to headers.
                connection.putheader("Authorization", "Bearer " + self._key.encode().decode("latin-1"))
            if body is not None:
                connection.putheader("Content-Type", body.content_type)
                connection.putheader("Content-Length", str(body.length))
            if announced:
                connection.putheader("Expect", "100-continue")
            connection.endheaders()
            if announced and _readable(connection, _ANNOUNCED_SECONDS):
                # http.client skips the 100 when it reads the answer.
                if not connection.sock.recv(12, socket.MSG_PEEK).startswith(b"HTTP/1.1 100"):
                    return False
        except TimeoutError:
            raise
        except OSError:
            return False
        if body is None:
            return True
        left = body.length
        for block in body.blocks():
            left -= len(block)
            if left < 0:
                break
            try:
                connection.send(block)
            except TimeoutError:
                raise
            except OSError:
                return False  # the answer may have come before the end of the body
        if left != 0:
            raise OSError("a file changed its length while it was sent")
        return True


def _content(response: http.client.HTTPResponse, sink: IO[bytes] | None) -> bytes:
    if sink is None:
        return response.read()
    while block := response.read(_ANSWER_BLOCK):
        try:
            sink.write(block)
        except OSError as error:
            raise _Unwritable(error) from error
    if response.length:
        raise http.client.IncompleteRead(b"", response.length)
    return b""


def _readable(connection: http.client.HTTPConnection, seconds: float) -> bool:
    """Whether something came within so long: of an idle connection its end."""
    with selectors.DefaultSelector() as selector:
        selector.register(connection.sock, selectors.EVENT_READ)
        return bool(selector.select(seconds))
