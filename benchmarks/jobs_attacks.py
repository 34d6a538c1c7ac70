"""What stays after its request: item 11 of benchmarks/hostile. Each attack is a function (target, outcome); its docstring is the rule."""

import json
import struct
import time
import zlib

import numpy as np

from asks import NPY
from service import npy
from wire import Connection, ask, get, head, request

ZIP = "application/zip"
ASYNC = {"Prefer": "respond-async"}
TINY = npy(np.random.default_rng(11).standard_normal(2000).astype(np.float32))
COLUMN = json.dumps({"spectrogram": {"real": [[1]], "imag": [[1]]}}).encode()


def zip_of(names, content):
    """A ZIP whose entries are one file under many names."""
    crc, size = zlib.crc32(content), len(content)
    local = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0x800, 0, 0, 0x21, crc, size, size, len(names[0]), 0) + names[0] + content
    directory = b"".join(
        struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0x800, 0, 0, 0x21, crc, size, size, len(name), 0, 0, 0, 0, 0, 0) + name
        for name in names)
    count = min(len(names), 0xFFFF)
    return local + directory + struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, len(directory), len(local), 0)


def form_of(fields, size):
    """A form of two files and of many fields."""
    part = b"--b\r\nContent-Disposition: form-data; name=%b\r\n\r\n%b\r\n"
    files = 2 * (b"--b\r\nContent-Disposition: form-data; name=file; filename=a.npy\r\n\r\n" + TINY + b"\r\n")
    return files + b"".join(part % (b"f%d" % i, b"\xff" * size) for i in range(fields)) + b"--b--\r\n"


def submitted(target, path, kind, body, outcome, name):
    """The job's place, or None; a refusal is an answer too."""
    answer = ask(target.address, request(path, kind, body, headers=ASYNC), wait=30)
    outcome.add(name, len(body), answer, "" if answer.status in (202, 400, 413, 429, 503) else "neither taken nor refused")
    return answer.headers.get("location") if answer.status == 202 else None


def forgotten(target, place):
    return ask(target.address, head(place + "?forget=true", {"Connection": "close"}, "DELETE"), method="DELETE", wait=10)


def ended(target, place, seconds):
    """The job's document once it has ended; None if that takes longer."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        document = get(target.address, place, wait=10).problem()
        if document.get("state") in ("done", "failed", "cancelled"):
            return document
        time.sleep(0.2)
    return None


def run(target, outcome, name, path, kind, body, seconds=60, states=("done", "failed")):
    place = submitted(target, path, kind, body, outcome, name)
    if place:
        document = ended(target, place, seconds)
        state = document and document["state"]
        wrong = f"not over after {seconds} s" if state is None else "" if state in states else state
        outcome.add(name, 0, None, wrong)
        forgotten(target, place)


def fields_of_a_batch(target, outcome):
    """A batch's form has few fields beside its files."""
    run(target, outcome, "30,000 fields", "/v1/phase", "multipart/form-data; boundary=b", form_of(30_000, 1024), states=("failed",))


def names_in_a_zip(target, outcome):
    """Names of a batch's files are bounded, and each of many equal ones gets another in no time."""
    long = [b"%04d" % i + b"\x01" * 60_000 + b".json" for i in range(300)]
    run(target, outcome, "names of 60,000 characters", "/v1/phase", ZIP, zip_of(long, COLUMN), states=("failed",))
    run(target, outcome, "1500 files of one name", "/v1/phase", ZIP, zip_of([b"a.json"] * 1500, COLUMN), seconds=120, states=("done",))


def a_directory_that_lies(target, outcome):
    """A ZIP's directory is not read before its end has told that it is small."""
    names = [b"%05d.json" % i for i in range(10)]
    for at, value in ((10, 1 << 30), (10, 0xFFFFFFFE), (6, 1 << 30)):
        lying = bytearray(zip_of(names, COLUMN))
        lying[len(lying) - at : len(lying) - at + 4] = struct.pack("<I", value)
        run(target, outcome, f"{value} at {at}", "/v1/phase", ZIP, bytes(lying), states=("failed",))


def answers_without_end(target, outcome):
    """What a batch answers counts for phasor.jobs.bytes-of-client while it is written: 64 MB here, and 120 answers of 31 MB were asked."""
    names = [b"%05d.npy" % i for i in range(120)]
    place = submitted(target, "/v1/stft?n_fft=4096&hop_length=1&input=audio", ZIP, zip_of(names, TINY), outcome, "120 of 31 MB")
    if place:
        document = ended(target, place, 120)
        size = len(get(target.address, place + "/result", wait=60).body) if document else 0
        outcome.add("120 of 31 MB", 0, None, "not over after 120 s" if document is None else f"{size} bytes" if size > 64 << 20 else "")
        forgotten(target, place)


def files_of_forms(target, outcome):
    """Two forms of 20,000 files of a byte hold both places of jobs; another client's job is over within 10 s, and they end when asked."""
    part = b"--b\r\nContent-Disposition: form-data; name=file; filename=a\r\n\r\n1\r\n"
    form = part * 20_000 + b"--b--\r\n"
    places = [submitted(target, "/v1/phase", "multipart/form-data; boundary=b", form, outcome, "20,000 files") for _ in range(2)]
    time.sleep(1)
    with Connection(target.address, source="127.0.0.3") as other:
        other.send(request("/v1/phase", "application/json", COLUMN, headers=ASYNC))
        place = other.answer("POST").headers.get("location")
    state = place and ended(target, place, 10)
    outcome.add("another's job", len(COLUMN), None, "" if state else "not over after 10 s" if place else "not taken")
    for each in filter(None, places):
        ask(target.address, head(each, {"Connection": "close"}, "DELETE"), method="DELETE", wait=10)
        outcome.add("their end", 0, None, "" if ended(target, each, 10) else "not over 10 s after DELETE")
        forgotten(target, each)


def watchers(target, outcome):
    """One client watches at most half of what may be watched; another finds a place."""
    magnitude = npy(np.abs(np.random.default_rng(1).standard_normal((513, 400))).astype(np.float32))
    path = "/v1/reconstruct?algorithm=griffinlim&n_iter=9000&response_format=npy"
    place = submitted(target, path, NPY, magnitude, outcome, "a long job")
    if not place:
        outcome.add("a long job", 0, None, "not taken")
        return
    watch = head(place + "/events", {}, "GET")
    crowd = []
    try:
        for _ in range(70):
            crowd.append(Connection(target.address, wait=10, source="127.0.0.2"))
            crowd[-1].send(watch)
        time.sleep(1)
        with Connection(target.address, wait=10, source="127.0.0.3") as other:
            other.send(watch)
            first = other.reader.readline()
            outcome.add("another's events", len(watch), None, "" if b" 200" in first else f"{first!r}")
    finally:
        for each in crowd:
            each.__exit__()
        ask(target.address, head(place, {"Connection": "close"}, "DELETE"), method="DELETE", wait=10)
        ended(target, place, 30)


BATCHES = (fields_of_a_batch, names_in_a_zip, a_directory_that_lies, answers_without_end, files_of_forms, watchers)
