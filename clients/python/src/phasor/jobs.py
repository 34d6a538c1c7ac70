"""Long work: requests that become jobs of the service, which survive the end of its process."""

from __future__ import annotations

import io
import json
import os
import tempfile
import time
import uuid
import zipfile
from collections.abc import Mapping
from email.message import Message
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Union
from urllib.parse import quote, urlencode

import numpy as np

from .answers import Array, Audio, with_report
from .bodies import Value, body
from .files import whole_file
from .problems import problem

if TYPE_CHECKING:
    from .client import Client, Parameter

_JSON = "application/json"
_ZIP = "application/zip"
_NPY = b"\x93NUMPY"
_SOUND = ("istft", "reconstruct", "separate", "stretch")
ENDS = ("done", "failed", "cancelled")


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
            if status["state"] in ENDS:
                return status
            if end is not None and time.monotonic() > end:
                raise TimeoutError(f"job {self.id} has not ended in {timeout} s: it is {status['state']}")
            time.sleep(pause)

    def result(self, timeout: float | None = None) -> Array:
        """Waits, and returns the array that the operation answers, with its ``report``.

        Raises what the operation raises, such as :class:`BadRequest`; TypeError for a batch, which has :meth:`results`,
        and for another answer than NPY, which :meth:`save` has.
        """
        self.wait(timeout)
        answer = self._ask("GET", "/result")
        if answer.headers.get_content_type() == _ZIP:
            raise TypeError(f"job {self.id} is a batch: results() has what became of its files, save(path) its ZIP")
        if not answer.body.startswith(_NPY):
            told = answer.headers.get_content_type()
            raise TypeError(f"job {self.id} answers {told}: save(path) has it; result() is of jobs that answer NPY")
        report = json.loads(answer.headers.get("Phasor-Report", "{}"))
        kind = Audio if 'filename="audio.' in answer.headers.get("Content-Disposition", "") else Array
        array: Array = with_report(kind, np.load(io.BytesIO(answer.body), allow_pickle=False), report)
        return array

    def results(self, timeout: float | None = None) -> dict[str, Any]:
        """Waits, and returns what became of each file of a batch, by its name.

        An array with its ``report``, the object that the operation answers as JSON, or the :class:`Problem` of a file
        that was refused: it is not raised. Of a batch that was cancelled the files that had no answer yet are problems
        with the code ``cancelled``.
        """
        operation = self.wait(timeout)["operation"]
        with tempfile.TemporaryFile() as file:
            self._ask("GET", "/result", file)
            with zipfile.ZipFile(file) as answers:
                lines = json.loads(answers.read("manifest.json"))["files"]
                return {line["name"]: _of_file(operation, line, answers) for line in lines}

    def save(self, sink: Union[str, os.PathLike[str], IO[bytes]], timeout: float | None = None) -> None:
        """Waits, and writes the answer as it is, to a path or into a file opened for bytes: that of a batch is a ZIP.

        What stands at the path is whole: the answer, or what was there before.
        """
        self.wait(timeout)
        if isinstance(sink, (str, os.PathLike)):
            with whole_file(Path(sink)) as file:
                self._ask("GET", "/result", file)
        else:
            self._ask("GET", "/result", sink)

    def cancel(self) -> None:
        """Ends it. What iterations have reached becomes its result."""
        self._ask("DELETE")

    def forget(self) -> None:
        """Removes it and its result, when it has ended."""
        self._ask("DELETE", "?forget=true")


def _of_file(operation: str, line: dict[str, Any], answers: zipfile.ZipFile) -> Any:
    if "error" in line:
        return problem(line["status"], "", Message(), json.dumps(line["error"]).encode())
    name, answer = line["answer"], answers.read(line["answer"])
    if name.endswith(".npy"):
        kind = Audio if operation in _SOUND else Array
        return with_report(kind, np.load(io.BytesIO(answer), allow_pickle=False), line.get("report", {}))
    return json.loads(answer) if name.endswith(".json") else answer


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
        its files has the same parameters, and :meth:`Job.results` has the answers.
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
