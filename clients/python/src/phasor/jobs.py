"""Long work: requests that become jobs of the service, which survive the end of its process."""

from __future__ import annotations

import io
import json
import time
import uuid
from collections.abc import Mapping
from typing import IO, TYPE_CHECKING, Any, Union
from urllib.parse import quote, urlencode

import numpy as np

from .answers import Array, Audio, with_report
from .bodies import Value, body

if TYPE_CHECKING:
    from .client import Client, Parameter

_JSON = "application/json"
_ENDS = ("done", "failed", "cancelled")


class Job:
    """One job. ``id`` finds it again from another program: ``client.jobs.get(id)``."""

    def __init__(self, client: Client, id: str) -> None:
        self._client = client
        self.id = id

    def __repr__(self) -> str:
        return f"Job({self.id!r})"

    def _ask(self, method: str, rest: str = "", sink: IO[bytes] | None = None) -> Any:
        return self._client._transport.ask(method, f"/v1/jobs/{quote(self.id)}{rest}", {"Accept": "*/*"}, None, sink)

    def status(self) -> dict[str, Any]:
        """What the service says of it: ``state``, ``done`` in 0..1, ``seconds_left``, and more where it iterates."""
        status: dict[str, Any] = json.loads(self._ask("GET").body)
        return status

    def wait(self, timeout: float | None = None, pause: float = 0.5) -> dict[str, Any]:
        """The status when it has ended. TimeoutError where it has not after so many seconds."""
        end = None if timeout is None else time.monotonic() + timeout
        while True:
            status = self.status()
            if status["state"] in _ENDS:
                return status
            if end is not None and time.monotonic() > end:
                raise TimeoutError(f"job {self.id} has not ended in {timeout} s: it is {status['state']}")
            time.sleep(pause)

    def result(self, timeout: float | None = None) -> Array:
        """Waits, and returns the array that the operation answers, with its ``report``.

        Raises what the operation raises, such as :class:`BadRequest`.
        """
        self.wait(timeout)
        answer = self._ask("GET", "/result")
        report = json.loads(answer.headers.get("Phasor-Report", "{}"))
        kind = Audio if 'filename="audio.' in answer.headers.get("Content-Disposition", "") else Array
        array: Array = with_report(kind, np.load(io.BytesIO(answer.body), allow_pickle=False), report)
        return array

    def save(self, sink: IO[bytes], timeout: float | None = None) -> None:
        """Waits, and writes the answer as it is into a file opened for bytes: that of a batch is a ZIP."""
        self.wait(timeout)
        self._ask("GET", "/result", sink)

    def cancel(self) -> None:
        """Ends it. What iterations have reached becomes its result."""
        self._ask("DELETE")

    def forget(self) -> None:
        """Removes it and its result, when it has ended."""
        self._ask("DELETE", "?forget=true")


class Jobs:
    """The jobs of a client: ``client.jobs``.

    >>> job = client.jobs.submit("reconstruct", magnitude, n_iter=200, hop_length=256, sample_rate=16000)
    >>> job.result().save("found.wav")
    """

    def __init__(self, client: Client) -> None:
        self._client = client

    def submit(
        self,
        operation: str,
        values: Union[Value, Mapping[str, Value]],
        /,
        *,
        accept: str = "application/x-npy",
        idempotency_key: str | None = None,
        **parameters: Parameter,
    ) -> Job:
        """Sends a request whose answer is fetched later.

        ``values``: one value, or several by their names in docs/api.md. A request that is sent twice, since the first
        answer was lost, is one job: it has a key of its own unless one is given. A file ``….zip`` is a batch: each of
        its files has the same parameters, and :meth:`Job.save` writes the ZIP of the answers.
        """
        from .client import _text

        named = values if isinstance(values, Mapping) else {"file": values}
        query = urlencode({name: _text(value) for name, value in parameters.items() if value is not None})
        target = f"/v1/{quote(operation)}" + (f"?{query}" if query else "")
        headers = {
            "Accept": accept,
            "Prefer": "respond-async",
            "Idempotency-Key": idempotency_key or uuid.uuid4().hex,
        }
        answer = self._client._transport.ask("POST", target, headers, body(dict(named)))
        return self.get(json.loads(answer.body)["id"])

    def get(self, id: str) -> Job:
        """A job by its id. It is not asked for yet."""
        return Job(self._client, id)

    def list(self) -> Any:
        """The newest jobs of the key, as :meth:`Job.status` has them; none where the service has no keys."""
        return json.loads(self._client._transport.ask("GET", "/v1/jobs", {"Accept": _JSON}, None).body)["jobs"]
