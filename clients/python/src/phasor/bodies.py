"""Values as bodies of requests: arrays as NPY, files by their bytes. No array is copied on its way."""

from __future__ import annotations

import io
import os
import stat
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Union

import numpy as np
import numpy.typing as npt

# An array (whatever numpy.asarray takes), the path of a file, its bytes, or a file opened for reading bytes.
Value = Union[npt.ArrayLike, "os.PathLike[str]", IO[bytes], bytes, bytearray]

# Parts of one sendall, which has the timeout as a whole.
_BLOCK = 1 << 20

_TYPES = {
    ".wav": "audio/wav",
    ".wave": "audio/wav",
    ".flac": "audio/flac",
    ".npy": "application/x-npy",
    ".npz": "application/x-npz",
    ".json": "application/json",
    ".zip": "application/zip",
    # What a decoder beside the service reads; some of these flow by their type alone.
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".oga": "audio/ogg",
    ".opus": "audio/ogg",
    ".aac": "audio/aac",
    ".m4a": "audio/mp4",
    ".aif": "audio/aiff",
    ".aiff": "audio/aiff",
    ".webm": "audio/webm",
}

# The service looks at the first bytes.
_OCTETS = "application/octet-stream"

_FORMAT: Any = np.lib.format  # without types


@dataclass(frozen=True)
class Body:
    """Bytes that can be sent again."""

    content_type: str
    length: int
    blocks: Callable[[], Iterator[Any]]


def body(values: Mapping[str, Value]) -> Body:
    """A raw body of a value named ``file`` alone, else a form."""
    if not values:
        raise ValueError("there is nothing to send: give an array, a path, bytes or a file opened for reading bytes")
    bodies = {name: _body(name, value) for name, value in values.items()}
    if list(bodies) == ["file"]:
        return bodies["file"]
    return _form(bodies)


def _body(name: str, value: Value) -> Body:
    if isinstance(value, (bytes, bytearray)):
        return _of_bytes(_OCTETS, value)
    if isinstance(value, (str, os.PathLike)):
        return _of_path(Path(value))
    if hasattr(value, "read"):
        data = value.read()
        if not isinstance(data, (bytes, bytearray)):
            raise TypeError(f"{name} must be opened for reading bytes, mode 'rb'")
        return _of_bytes(_type(str(getattr(value, "name", ""))), data)
    return _of_array(name, np.asarray(value))


def _type(path: str) -> str:
    return _TYPES.get(os.path.splitext(path)[1].lower(), _OCTETS)


def _of_bytes(content_type: str, data: bytes | bytearray) -> Body:
    return Body(content_type, len(data), lambda: _cut(memoryview(data)))


def _of_path(path: Path) -> Body:
    def blocks() -> Iterator[bytes]:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                yield block

    with path.open("rb") as file:  # what cannot be read is no fault of a connection
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            return _of_bytes(_type(path.name), file.read())  # a pipe has no length, and is read once
    length = status.st_size
    return Body(_type(path.name), length, blocks)


def _of_array(name: str, array: npt.NDArray[Any]) -> Body:
    if array.dtype.kind not in "biufc":
        raise TypeError(f"{name} must be an array of numbers, got {array.dtype}")
    if not (array.flags.c_contiguous or array.flags.f_contiguous):
        array = np.ascontiguousarray(array)
    head = io.BytesIO()
    _FORMAT.write_array_header_1_0(head, _FORMAT.header_data_from_array_1_0(array))
    flat = array.reshape(-1) if array.flags.c_contiguous else array.T.reshape(-1)
    data = flat.view(np.uint8).data

    def blocks() -> Iterator[Any]:
        yield head.getvalue()
        yield from _cut(data)

    return Body("application/x-npy", len(head.getvalue()) + data.nbytes, blocks)


def _form(bodies: Mapping[str, Body]) -> Body:
    boundary = uuid.uuid4().hex
    heads = {
        name: f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n'
        f"Content-Type: {part.content_type}\r\n\r\n".encode()
        for name, part in bodies.items()
    }
    end = f"--{boundary}--\r\n".encode()

    def blocks() -> Iterator[Any]:
        for name, part in bodies.items():
            yield heads[name]
            yield from part.blocks()
            yield b"\r\n"
        yield end

    length = sum(len(heads[name]) + part.length + 2 for name, part in bodies.items()) + len(end)
    return Body(f"multipart/form-data; boundary={boundary}", length, blocks)


def _cut(data: memoryview) -> Iterator[memoryview]:
    for start in range(0, len(data), _BLOCK):
        yield data[start : start + _BLOCK]
