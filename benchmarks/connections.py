"""Attacks that need a connection of their own: items 5, 6 and 9 of benchmarks/hostile, and those of 10 that are about connections.

An attack is given the target and the outcome that it fills. Its docstring is the rule.
"""

import json
import resource
import socket
import struct
import threading
import time

import numpy as np

from asks import JSON, NPY, npz, unclear
from attacks import FEW, SAMPLES, WAV
from service import npy, sound, wav, wav_header
from wire import Answer, Connection, ask, chunked, empty_npy, finite, get, gzip, head, request

GIVEN_UP = 60  # seconds after which a body that stopped coming, or a reader that stopped reading, holds nothing any more


def pipelined(target, outcome):
    """A next request on the connection is answered in its turn, whenever its bytes come, and nothing of the one before is read as one."""
    slow = lambda n: request(f"/v1/reconstruct?n_iter={n}&algorithm=griffinlim&response_format=npy", NPY, npy(np.tile(FEW, (1, 500))),
        {"X-Request-Id": "first", "X-Note": "GET /smuggled HTTP/1.1"})
    ask(target.address, slow(500))
    first = slow(min(10_000, max(500, int(300 / ask(target.address, slow(500)).seconds))))  # 0.6 s, by which it was looked at six times
    second = request("/v1/phase?n_fft=8", NPY, npy(SAMPLES), {"X-Request-Id": "second"})
    middle = second.index(b"X-Request")
    for name, early, late in (("at once", second, b""), ("0.2 s later", b"", second), ("in the middle of a head", second[:middle], second[middle:]),
            ("without its body", second[:-100], second[-100:]), ("a byte", second[:1], second[1:])):
        with Connection(target.address, 10) as connection:
            connection.send(first + early)
            time.sleep(0.2)
            connection.send(late)
            for expected in ("first", "second"):
                answer = connection.answer()
                right = answer.status == 200 and answer.headers.get("x-request-id") == expected and finite(answer)
                outcome.add(f"{expected}, the next {name}", len(first + second), answer, "" if right else f"{expected} was answered {answer}")
    for line in target.new_log():
        if "smuggled" in line:
            outcome.add("a header as a request", 0, None, line)


class Held:
    """A connection that sends a byte now and then, whatever it is answered, until the other side closes it."""

    def __init__(self, address, blocks, pause):
        self.pause, self.stop, self.closed, self.began = pause, threading.Event(), None, time.monotonic()
        threading.Thread(target=self.run, args=(address, blocks), daemon=True).start()

    def run(self, address, blocks):
        answer = b""
        try:
            with Connection(address, GIVEN_UP) as connection:
                for block in blocks:
                    connection.socket.sendall(block)
                connection.socket.settimeout(self.pause)
                while not self.stop.is_set():
                    try:
                        if not (more := connection.socket.recv(65536)):
                            break
                        answer += more
                    except socket.timeout:
                        connection.socket.sendall(b"\0")
        except OSError:
            pass  # closed while something was sent
        if not self.stop.is_set():
            said = answer.split(b" ", 2)[1].decode() if answer.startswith(b"HTTP/") else "nothing said"
            self.closed = Answer(error=f"closed, {said}", seconds=time.monotonic() - self.began)


def given_up(outcome, name, held, sent):
    """Waits until the other side has closed them all."""
    end = time.monotonic() + GIVEN_UP
    while time.monotonic() < end and not all(each.closed for each in held):
        time.sleep(0.2)
    for each in held:
        each.stop.set()
        outcome.add(name, sent, each.closed or Answer(error="held", seconds=GIVEN_UP), "" if each.closed else f"still held after {GIVEN_UP} s")


def uploads_that_stop(target, outcome):
    """Uploads that stop at 45 MB, but for a byte every 8 s, are given up within a minute, and small requests have room meanwhile."""
    time.sleep(3)  # those beside it have begun
    body = empty_npy("<f4", (11_500_000,)) + bytes(45_000_000)
    start = head("/v1/phase", {"Content-Type": NPY, "Content-Length": 46_000_128})
    held = [Held(target.address, [start, body], 8) for _ in range(3)]
    small, end = request("/v1/phase?n_fft=8", NPY, npy(SAMPLES)), time.monotonic() + 10
    while time.monotonic() < end:
        answer = ask(target.address, small)
        outcome.add("a small phase", len(small), answer, "" if answer.status == 200 else f"a small phase beside them was answered {answer}")
        time.sleep(0.5)
    given_up(outcome, "uploads", held, len(start + body))


def flows_that_stop(target, outcome):
    """Eight files that flow and stop, but for a byte every 8 s, are given up within a minute."""
    blocks = list(chunked("/v1/reconstruct", WAV, [wav_header(10**9, 1, 16000) + bytes(10**5)]))[:2] + [b"ffffff\r\n"]
    given_up(outcome, "flows", [Held(target.address, blocks, 8) for _ in range(8)], sum(map(len, blocks)))


def drips_on_the_management_port(target, outcome):
    """Bodies that drip into the management port leave it room for health and metrics."""
    held = [Held(target.admin, [head(path, {"Content-Type": "application/json", "Content-Length": 1000}, method)], 1)
        for path, method in (("/actuator/health", "POST"), ("/actuator/prometheus", "GET"), ("/nowhere", "POST")) for _ in range(80)]
    time.sleep(2)
    for path in ("/actuator/health", "/actuator/prometheus") * 2:
        answer = get(target.admin, path, wait=3)
        outcome.add(path, 100 * len(held), answer, "" if answer.status == 200 and answer.seconds < 1 else f"{path}: {answer} in {answer.seconds:.1f} s")
    for each in held:
        each.stop.set()


def steady_slow_reader(target, outcome):
    """Who reads 40 kB a second has its answer to the last byte, whatever another client's uploads hold."""
    reader = "127.0.0.4"
    body = request("/v1/stft?n_fft=512&hop_length=16&timeout=10", WAV, wav(sound(19, 16000, 3), 16000))
    first = ask(target.address, body, source=reader)
    whole = first.body
    if first.status != 200:
        outcome.add("slow reader", len(body), first, f"read at once, it is answered {whole[:300]!r}")
        return
    with Connection(target.address, 30, source=reader) as connection:
        connection.send(body)
        taken, end = b"", time.monotonic() + 45
        try:
            while not taken.endswith(whole[-64:]) and (block := connection.socket.recv(4000 if time.monotonic() < end else 1 << 20)):
                taken += block
                time.sleep(0.1 if time.monotonic() < end else 0)
        except OSError:
            pass  # cut, and counted below
        missing = len(whole) - len(taken.partition(b"\r\n\r\n")[2])
        answer = Answer(200, seconds=time.monotonic() - connection.began)
        outcome.add("slow reader", len(body), answer, "" if len(whole) > 10**6 and taken.endswith(whole) else f"{missing} of {len(whole)} bytes are missing")


def reader_that_stops(target, outcome):
    """Who stops reading holds nothing after a minute."""
    body = request("/v1/stft?n_fft=512&hop_length=16", WAV, wav(sound(19, 16000, 3), 16000))
    with Connection(target.address, receive_buffer=4096) as connection:
        connection.send(body)
        time.sleep(GIVEN_UP)
        end = time.monotonic() + 5  # those beside it have their minute too
        while (held := sum(target.metrics("phasor_memory_reserved_bytes").values())) and time.monotonic() < end:
            time.sleep(0.2)
        outcome.add("stopped reader", len(body), Answer(200), f"{held:.0f} bytes are held after {GIVEN_UP} s" if held else "")


def answers_unread(target, outcome):
    """Answers of little more than half a heap region, which two addresses ask for and do not read, end nothing."""
    unread(target, outcome, "answers", packed("/v1/phase", NPY, npy(np.zeros((129, 1024), np.complex64))), 300)


def reports_unread(target, outcome):
    """What stands in reports (hazards, figures of items, names that are repeated) is memory as well until it is read."""
    hazards = np.repeat(np.array([0, 1e-25 + 1e-25j, 1e30, 1e-3], np.complex64), 10000).reshape(100, 400)
    items = {"audio": np.zeros((15000, 17), np.float32), "reference": np.ones((15000, 17), np.float32)}
    one = {"name": "spectrogram", "shape": [1, 2, 1, 1], "datatype": "FP32", "data": [1, 1]}
    named = json.dumps({"id": "x" * 4_000_000, "inputs": [one]}).encode()
    unread(target, outcome, "hazards", packed("/v1/phase/diagnose?limit=10000", NPY, npy(hazards)), 40)
    unread(target, outcome, "figures", packed("/v1/evaluate?n_fft=4&hop_length=2", "application/x-npz", npz(**items)), 110)
    unread(target, outcome, "ids", packed("/v2/models/phase/infer", JSON, named), 60)
    unread(target, outcome, "documents", b"GET /v3/api-docs.yaml HTTP/1.1\r\nHost: localhost\r\n\r\n" * 4, 200)


def flac_of_large_blocks(channels, frames):
    """Silence (RFC 9639): a frame of 65,535 samples a channel has 48 bytes, and a decoder holds 8 for each sample."""
    def crc(data, bits, polynomial):
        value = 0
        for byte in data:
            value ^= byte << bits - 8
            for _ in range(8):
                value = value << 1 ^ (polynomial if value >> bits - 1 & 1 else 0)
        return value

    info = (44100 << 44 | channels - 1 << 41 | 15 << 36 | 65535 * frames).to_bytes(8, "big")
    file = b"fLaC\x80\0\0\x22" + b"\xff" * 4 + bytes(6) + info + bytes(16)
    for number in range(frames):
        head = bytes([0xFF, 0xF8, 0x70, channels - 1 << 4 | 8, number]) + b"\xff\xfe"
        frame = head + bytes([crc(head, 8, 0x107)]) + bytes(3 * channels)
        file += frame + crc(frame, 16, 0x18005).to_bytes(2, "big")
    return file


def decoders_that_wait(target, outcome):
    """What a decoder holds while its file comes is memory too: here 8 MB for 200 bytes."""
    whole = request("/v1/stft", "audio/flac", flac_of_large_blocks(8, 3))
    unread(target, outcome, "halves of FLAC", whole[:-20], 80)


def packed(path, kind, body):
    return request(path, kind, gzip(body), {"Content-Encoding": "gzip"})


def unread(target, outcome, name, asked, most):
    """Two addresses ask for answers and do not read them."""
    held = []
    for number in range(most):
        connection = Connection(target.address, receive_buffer=2048, source=f"127.0.0.{2 + number % 2}")
        connection.send(asked)
        held.append(connection)
        if number % 20 == 19:
            time.sleep(0.3)
    time.sleep(2)
    ended = target.ended()
    for each in held:
        each.__exit__()
    outcome.add(name, len(held) * len(asked), None, "" if ended is None else f"{len(held)} answers ended it")


def leaving(target, outcome):
    """Who leaves in the middle of an answer, or while it is computed, is a line in the log and no malformed body, and costs no more."""
    bodies = [request("/v1/stft?n_fft=512&hop_length=16", WAV, wav(sound(19, 16000, 3), 16000)),
        *([b"".join(chunked("/v1/reconstruct?n_fft=7603&hop_length=1", WAV, [wav(sound(1.25, 16000, 1), 16000)]))] * 2)]
    malformed = lambda: sum(v for k, v in target.metrics("phasor_problems_total").items() if "malformed_body" in k)
    before = malformed()
    target.new_log()
    for body in bodies:
        with Connection(target.address) as connection:
            connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.send(body)
            connection.socket.settimeout(0.5)
            try:
                connection.socket.recv(65536)
            except socket.timeout:
                pass
    time.sleep(2)
    busy = sum(v for k, v in target.metrics("phasor_lane_running").items())
    lines = target.new_log()
    wrong = [f"{len(lines)} lines of log"] if len(lines) > 3 * len(bodies) else []
    wrong += [f"{malformed() - before:.0f} malformed bodies"] if malformed() > before else []
    wrong += [f"{busy:.0f} still computed after 2 s"] if busy else []
    outcome.add("leaving", sum(map(len, bodies)), Answer(200), ", ".join(wrong))


def strangers(target, outcome):
    """A page of another origin, or under a foreign name, computes nothing on this machine."""
    body = npy(SAMPLES)
    own, port = "127.0.0.1", target.port
    for name, host, headers in (("another origin", own, {"Origin": "http://evil.example"}), ("no origin", own, {"Origin": "null"}),
            ("another port", own, {"Origin": "http://127.0.0.1:1"}),
            ("a foreign host", "evil.example", {}), ("a foreign host with its origin", f"evil.example:{port}", {"Origin": f"http://evil.example:{port}"})):
        for path in ("/v1/phase?n_fft=8", "/v2/models/phase/infer"):
            answer = ask(target.address, request(path, None, body, headers, host=host))
            if path.startswith("/v1") or answer.status == 200:
                wrong = f"{name} is answered {answer}" if answer.status == 200 else unclear(answer)
                outcome.add(name, len(body), answer, wrong)
    for host in (f"127.0.0.1:{port}", f"localhost:{port}", "localhost"):
        answer = ask(target.address, request("/v1/phase?n_fft=8", NPY, body, {"Origin": f"http://{host}"} if ":" in host else {}, host=host))
        outcome.add(host, len(body), answer, "" if answer.status == 200 else f"{host}: {answer}")


def document(target, outcome):
    """The API's document shows nobody's Host: its only server is /."""
    for path in ("/v3/api-docs", "/v3/api-docs.yaml"):
        for host in ("evil.example", "127.0.0.1"):
            answer = get(target.address, path, {"X-Forwarded-Host": "evil.example"}, host=host)
            shown = b"evil.example" in answer.body or b"127.0.0.1" in answer.body
            wrong = "" if 400 <= answer.status < 500 and host == "evil.example" else str(answer) if answer.status != 200 else ""
            outcome.add(path, 0, answer, wrong or (f"it shows the Host {host}" if shown and answer.status == 200 else ""))


def bodies_of_gets(target, outcome):
    """What a client sends to health and metrics is no fault of the service."""
    for path in ("/actuator/health", "/actuator/prometheus", "/actuator"):
        for body in (b"{", b"[" * 100_000):
            answer = ask(target.admin, request(path, "application/json", body, method="GET"), method="GET", wait=5)
            outcome.add(path, len(body), answer, "" if answer.status == 200 else unclear(answer))


def heads_without_an_end(target, outcome):
    """Thousands of connections that begin a request and wait end nothing."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most[1], most[1]))
    start, sockets = b"GET /livez HTTP/1.1\r\nHost: x\r\nX: ", []
    try:
        for _ in range(5000):
            sockets.append(socket.create_connection(target.address, timeout=5))
            sockets[-1].sendall(start)
    except OSError:
        pass  # as many as it takes
    ended = target.ended()
    for each in sockets:
        each.close()
    resource.setrlimit(resource.RLIMIT_NOFILE, most)
    outcome.add("heads", len(sockets) * len(start), None, "" if ended is None else f"{len(sockets)} connections ended it")


def fields_of_forms(target, outcome):
    """Fields of a form are counted, as all that a request holds."""
    names = ("n_fft hop_length win_length window beta std center pad_mode input sample_rate layout length encoding floor floor_mode power algorithm"
        " n_iter momentum tolerance init seed response_format timeout").split()
    fields = b"".join(b'--b\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n' % (name.encode(), b"x" * 65000) for name in names)
    start = head("/v1/reconstruct", {"Content-Type": "multipart/form-data; boundary=b", "Content-Length": len(fields) + 10**4})
    held = [Held(target.address, [start, fields], 8) for _ in range(190)]
    time.sleep(6)
    ended = target.ended()
    for each in held:
        each.stop.set()
    outcome.add("fields", len(held) * len(fields), None, "" if ended is None else f"{len(held)} forms ended it")
    time.sleep(9)  # until the last of them has seen that it is over


def members(target, outcome):
    """The members of a gzip body are one text, whenever their bytes come."""
    array = npy(SAMPLES)
    cuts = [0, 1, 130, len(array) // 2, len(array)]
    parts = [gzip(array[a:b]) for a, b in zip(cuts, cuts[1:])]
    parts.insert(2, gzip(b"") * 50)
    whole, bits = b"".join(parts), set()
    middle = len(parts[0]) - 4
    for name, blocks in (("at once", [whole]), ("member by member", parts), ("from within a trailer", [whole[:middle], whole[middle:]]),
            ("byte by byte, the first", [*(bytes([each]) for each in whole[:40]), whole[40:]])):
        with Connection(target.address) as connection:
            connection.send(head("/v1/stft?n_fft=8", {"Content-Type": NPY, "Content-Encoding": "gzip", "Content-Length": len(whole)}))
            for block in blocks:
                connection.send(block)
                time.sleep(0.3 if len(blocks) < 10 else 0.01)
            answer = connection.answer()
            outcome.add(name, len(whole), answer, "" if answer.status == 200 and finite(answer) else f"{name}: {answer} {answer.body[:80]}")
            bits.add(answer.body if answer.status == 200 else answer.status)
    outcome.add("bits", 0, None, f"{len(bits)} different answers" if len(bits) > 1 else "")


AT_ONCE = {5: (pipelined,), 6: (drips_on_the_management_port,), 8: (members,), 10: (leaving, strangers, document, bodies_of_gets)}
IN_LITTLE = {6: (heads_without_an_end, fields_of_forms), 9: (answers_unread, reports_unread, decoders_that_wait)}
IN_A_MINUTE = {6: (uploads_that_stop, flows_that_stop), 9: (steady_slow_reader, reader_that_stops)}
