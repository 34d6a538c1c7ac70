"""HTTP as an attacker writes it, byte by byte, and answers as they come: shared by benchmarks/hostile and the attacks."""

import http.client
import json
import select
import socket
import struct
import time
import zlib
from dataclasses import dataclass, field

import numpy as np

from service import from_npy, npy

BLOCK = 1 << 20


@dataclass
class Answer:
    """What came back; `error` where the answer did not come whole."""

    status: int = 0
    headers: dict = field(default_factory=dict)
    body: bytes = b""
    seconds: float = 0.0
    error: str = ""

    def __str__(self):
        if self.error:
            return self.error
        return f"{self.status} {self.problem().get('code', '')}".strip() if self.status >= 400 else str(self.status)

    def problem(self):
        """The problem as JSON; an empty one where the body is something else."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def report(self):
        return json.loads(self.headers.get("phasor-report", "{}"))


class Connection:
    """A connection whose answers are read one behind the other."""

    def __init__(self, address, wait=30.0, receive_buffer=None, source=None):
        self.socket = socket.socket()
        if source:
            self.socket.bind((source, 0))
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(wait)
        self.socket.connect(address)
        self.began = time.monotonic()
        self.reader = self.socket.makefile("rb")
        self.poll = select.poll()
        self.poll.register(self.socket, select.POLLIN)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()
        self.reader.close()

    def makefile(self, *_):
        return _Kept(self.reader)

    def send(self, *blocks):
        """Sends until all is sent, an answer has come, or the other side has closed."""
        try:
            for block in blocks:
                for at in range(0, len(block), BLOCK):
                    if self.poll.poll(0):
                        return
                    self.socket.sendall(block[at : at + BLOCK])
        except OSError:
            pass  # the answer, or that there is none, says why

    def answer(self, method="POST"):
        """The next answer, whole, or why there is none."""
        found = Answer()
        try:
            response = http.client.HTTPResponse(self, method=method)
            response.begin()
            found.status = response.status
            found.headers = {name.lower(): value for name, value in response.getheaders()}
            found.seconds = time.monotonic() - self.began
            found.body = response.read()
        except socket.timeout:
            found.error = f"no answer in {time.monotonic() - self.began:.0f} s"
        except http.client.IncompleteRead as e:
            found.error = f"answer cut after {len(e.partial)} bytes"
        except (OSError, http.client.HTTPException) as e:
            found.error = f"no answer: {type(e).__name__}"
        found.seconds = found.seconds or time.monotonic() - self.began
        return found


class _Kept:
    """A reader that an answer closes, and the next answer reads on."""

    def __init__(self, reader):
        self.reader = reader

    def __getattr__(self, name):
        return getattr(self.reader, name)

    def close(self):
        pass


def head(path, headers=(), method="POST", host="127.0.0.1"):
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}"] + [f"{name}: {value}" for name, value in dict(headers).items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8")


def request(path, kind, body, headers=(), **more):
    """A whole request; kind is None for a body without a type."""
    typed = {"Content-Type": kind} if kind else {}
    return head(path, {**typed, "Content-Length": len(body), **dict(headers)}, **more) + body


def chunked(path, kind, blocks, headers=()):
    """A request of unknown length, block by block."""
    yield head(path, {"Content-Type": kind, "Transfer-Encoding": "chunked", **dict(headers)})
    for block in blocks:
        yield b"%x\r\n%b\r\n" % (len(block), block)
    yield b"0\r\n\r\n"


def ask(address, *blocks, wait=30.0, method="POST", source=None):
    """Sends a request on a connection of its own and waits for the answer."""
    try:
        with Connection(address, wait, source=source) as connection:
            connection.send(*blocks)
            return connection.answer(method)
    except OSError as e:
        return Answer(error=f"no connection: {type(e).__name__}")


def get(address, path, headers=(), wait=30.0, host="127.0.0.1"):
    return ask(address, head(path, {"Connection": "close", **dict(headers)}, "GET", host), wait=wait, method="GET")


def gzip(data, level=6):
    packer = zlib.compressobj(level, zlib.DEFLATED, 31)
    return packer.compress(data) + packer.flush()


def infer(inputs, **parameters):
    """The JSON of a /v2 request from arrays."""
    tensors = [{"name": name, "shape": list(value.shape), "datatype": "FP32", "data": value.ravel().tolist()}
        for name, value in inputs.items()]
    return json.dumps({"inputs": tensors, "parameters": parameters}).encode()


def finite(answer):
    """Whether an answer 200 is what it says it is, and every number of it finite."""
    kind = answer.headers.get("content-type", "")
    if kind == "application/x-npy":
        return bool(np.isfinite(from_npy(answer.body)).all())
    if kind == "audio/wav":
        size = struct.unpack("<I", answer.body[4:8])[0]
        return size + 8 == len(answer.body) and bool(np.isfinite(np.frombuffer(answer.body[-(len(answer.body) - 64) // 4 * 4 :], "<f4")).all())
    return kind.startswith("application/json") and b"NaN" not in answer.body and isinstance(json.loads(answer.body), dict)


def empty_npy(kind, shape):
    """The header of an NPY file, without its values."""
    whole = npy(np.zeros(0, kind))
    text = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {tuple(shape)!r}, }}"
    text += " " * (-(len(text) + 11) % 64) + "\n"
    return whole[:8] + struct.pack("<H", len(text)) + text.encode()
