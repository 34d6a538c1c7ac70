"""The client for asyncio."""

from __future__ import annotations

import asyncio
import functools
import ssl
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, TypeVar

from .client import Client
from .transport import Flight, current_flight

_P = ParamSpec("_P")
_T = TypeVar("_T")


def _awaited(
    method: Callable[Concatenate[Client, _P], _T],
) -> Callable[Concatenate[AsyncClient, _P], Coroutine[Any, Any, _T]]:
    @functools.wraps(method)
    async def call(self: AsyncClient, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        flight = Flight()

        def run() -> _T:
            token = current_flight.set(flight)
            try:
                return method(self._client, *args, **kwargs)
            finally:
                current_flight.reset(token)

        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, run)
        except asyncio.CancelledError:
            flight.abandon()
            raise

    return call


class AsyncClient:
    """:class:`Client` with awaitable methods: the same calls, made by threads of its own.

    ``concurrency`` threads ask at once, and further calls wait for one: the loop is free, but ten thousand calls are
    not ten thousand connections. A call that is cancelled closes its connection, with which its work in the service
    ends.
    """

    def __init__(
        self,
        url: str | None = None,
        key: str | None = None,
        *,
        timeout: float = 310.0,
        retries: int = 4,
        longest_pause: float = 30.0,
        context: ssl.SSLContext | None = None,
        concurrency: int = 32,
    ) -> None:
        self._client = Client(
            url, key, timeout=timeout, retries=retries, longest_pause=longest_pause, context=context
        )
        self._threads = ThreadPoolExecutor(concurrency, thread_name_prefix="phasor")

    stft = _awaited(Client.stft)
    istft = _awaited(Client.istft)
    phase = _awaited(Client.phase)
    phase_vjp = _awaited(Client.phase_vjp)
    diagnose = _awaited(Client.diagnose)
    reconstruct = _awaited(Client.reconstruct)
    reconstruct_vjp = _awaited(Client.reconstruct_vjp)
    evaluate = _awaited(Client.evaluate)
    mel = _awaited(Client.mel)
    mel_vjp = _awaited(Client.mel_vjp)
    mels = _awaited(Client.mels)
    stretch = _awaited(Client.stretch)
    separate = _awaited(Client.separate)
    separate_vjp = _awaited(Client.separate_vjp)
    post = _awaited(Client.post)

    @property
    def url(self) -> str:
        return self._client.url

    async def aclose(self) -> None:
        """Waits for no call: what is under way ends by itself."""
        self._threads.shutdown(wait=False)
        self._client.close()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"phasor.AsyncClient({self.url!r})"
