"""The client for asyncio."""

from __future__ import annotations

import asyncio
import functools
import ssl
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, TypeVar

from .client import Client
from .jobs import ENDS, Job, Jobs
from .transport import Flight, current_flight

_P = ParamSpec("_P")
_T = TypeVar("_T")


class _Twin:
    """What has awaitable methods, and the object whose methods they are."""

    def __init__(self, twin: Any, threads: ThreadPoolExecutor) -> None:
        self._twin = twin
        self._threads = threads


def _awaited(
    method: Callable[Concatenate[Any, _P], _T],
) -> Callable[Concatenate[Any, _P], Coroutine[Any, Any, _T]]:
    @functools.wraps(method)
    async def call(self: _Twin, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        flight = Flight()

        def run() -> _T:
            token = current_flight.set(flight)
            try:
                return method(self._twin, *args, **kwargs)
            finally:
                current_flight.reset(token)

        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, run)
        except asyncio.CancelledError:
            flight.abandon()
            raise

    return call


class AsyncJob(_Twin):
    """:class:`Job` with awaitable methods. None of them keeps a thread while the job goes on."""

    status = _awaited(Job.status)
    cancel = _awaited(Job.cancel)
    forget = _awaited(Job.forget)
    _result = _awaited(Job.result)
    _results = _awaited(Job.results)
    _save = _awaited(Job.save)

    @property
    def id(self) -> str:
        id: str = self._twin.id
        return id

    def __repr__(self) -> str:
        return f"AsyncJob({self.id!r})"

    async def wait(self, timeout: float | None = None, pause: float = 0.5) -> dict[str, Any]:
        """The status when it has ended. TimeoutError where it has not after so many seconds."""
        end = None if timeout is None else time.monotonic() + timeout
        while True:
            status: dict[str, Any] = await self.status()
            if status["state"] in ENDS:
                return status
            if end is not None and time.monotonic() > end:
                raise TimeoutError(f"job {self.id} has not ended in {timeout} s: it is {status['state']}")
            await asyncio.sleep(pause)

    async def result(self, timeout: float | None = None) -> Any:
        """:meth:`Job.result`."""
        await self.wait(timeout)
        return await self._result()

    async def results(self, timeout: float | None = None) -> Any:
        """:meth:`Job.results`."""
        await self.wait(timeout)
        return await self._results()

    async def save(self, sink: Any, timeout: float | None = None) -> None:
        """:meth:`Job.save`."""
        await self.wait(timeout)
        await self._save(sink)


class AsyncJobs(_Twin):
    """:class:`Jobs` with awaitable methods: ``client.jobs``."""

    list = _awaited(Jobs.list)
    _submit = _awaited(Jobs.submit)

    async def submit(self, *values: Any, **parameters: Any) -> AsyncJob:
        """:meth:`Jobs.submit`."""
        return AsyncJob(await self._submit(*values, **parameters), self._threads)

    def get(self, id: str) -> AsyncJob:
        """A job by its id. It is not asked for yet."""
        return AsyncJob(self._twin.get(id), self._threads)


class AsyncClient(_Twin):
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
        client = Client(url, key, timeout=timeout, retries=retries, longest_pause=longest_pause, context=context)
        super().__init__(client, ThreadPoolExecutor(concurrency, thread_name_prefix="phasor"))
        self.jobs = AsyncJobs(client.jobs, self._threads)

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
        url: str = self._twin.url
        return url

    async def aclose(self) -> None:
        """Waits for no call: what is under way ends by itself."""
        self._threads.shutdown(wait=False)
        self._twin.close()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"phasor.AsyncClient({self.url!r})"
