"""Attacks on a service that is started for them: item 7 of benchmarks/hostile, and those of 10 about keys and ends."""

import hashlib
import os
import subprocess
import tempfile
import threading
import time
from contextlib import contextmanager

import numpy as np

from asks import NPY, unclear
from attacks import FEW, SAMPLES, WAV
from service import npy, sound, wav
from wire import Answer, Connection, ask, chunked, request

NO_KEY = hashlib.sha256(b"").hexdigest()


@contextmanager
def small_disk(starts, size):
    """A folder that holds so many bytes, as (folder, bytes), or None where it cannot be made."""
    if starts.image:
        yield ("/spool", size)
        return
    with tempfile.TemporaryDirectory(prefix="phasor-disk-") as folder:
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True).returncode == 0
        try:
            yield (folder, size) if mounted else None
        finally:
            if mounted:
                subprocess.run(["umount", folder])


def full_disk(starts, outcome):
    """A full disk is 503, a line at ERROR with the folder, and a meter; and what fits is answered."""
    with small_disk(starts, 4_000_000) as disk:
        if disk is None:
            outcome.skip("a small file system cannot be mounted here")
            return
        target = starts.start(f"--phasor.stream.directory={disk[0]}", "--phasor.stream.memory=1MB", disk=disk)
        try:
            target.new_log()
            for size, expected in ((6_000_000, 503), (1_200_000, 200)):
                body = wav(np.zeros(size // 2, np.int16), 16000)
                answer = ask(target.address, request("/v1/reconstruct", WAV, body))
                outcome.add(f"{size} B", len(body), answer, "" if answer.status == expected else f"{size} bytes were answered {answer}")
                if answer.status >= 400 and unclear(answer):
                    outcome.add("refusal", 0, None, unclear(answer))
            lines = [line for line in target.new_log() if " ERROR " in line]
            meters = [line for line in target.get("/actuator/prometheus")[1].decode().splitlines()
                if line.startswith("phasor_") and any(word in line for word in ("spool", "disk", "storage")) and not line.endswith(" 0.0")]
            outcome.add("log", 0, None, "" if any(disk[0] in line for line in lines) else "no line at ERROR names the folder")
            outcome.add("meter", 0, None, "" if meters else "no meter of phasor_ counts it")
        finally:
            target.stop()


def hash_of_nothing(starts, outcome):
    """The hash of the empty key opens nothing: the service does not start with it."""
    try:
        target = starts.start(f"--phasor.security.keys.empty={NO_KEY}")
    except SystemExit:
        outcome.add("start", 64, Answer(error="refused to start"), "")
        return
    answer = ask(target.address, request("/v1/phase?n_fft=8", NPY, npy(SAMPLES), {"X-API-Key": ""}))
    target.stop()
    outcome.add("start", 64, answer, f"it starts, and an empty key is answered {answer}")


def keys_and_kill(starts, outcome):
    """A key beyond ASCII opens what it should, the day's bytes hold for bodies of unknown length, and kill -9 leaves nothing."""
    keys, quota = {"latin": "schlüssel-π", "plain": "plain"}, 2_000_000
    hashes = [f"--phasor.security.keys.{name}={hashlib.sha256(key.encode()).hexdigest()}" for name, key in keys.items()]
    with tempfile.TemporaryDirectory(prefix="phasor-tmp-") as folder:
        target = starts.start(*hashes, f"--phasor.security.bytes-per-day={quota}B",
            java=() if starts.image else (f"-Djava.io.tmpdir={folder}",))
        try:
            for header, scheme in (("X-API-Key", ""), ("Authorization", "Bearer ")):
                answer = ask(target.address, request("/v1/phase?n_fft=8", NPY, npy(SAMPLES), {header: scheme + keys["latin"]}))
                said = answer.status in (400, 401) and "ASCII" in answer.problem().get("detail", "")
                outcome.add(header, 0, answer, "" if answer.status == 200 or said else f"the right key in {header} is answered {answer}")
            unknown(target, outcome, keys["plain"], quota)
            if not starts.image:
                kill(target, outcome, folder)
        finally:
            target.kill()


def unknown(target, outcome, key, quota):
    """Eight bodies of 900 kB and unknown length at once."""
    block, answers = npy(np.zeros(225_000, np.float32)), []
    send = lambda: answers.append(ask(target.address, *chunked("/v1/phase/diagnose", NPY, [block], {"X-API-Key": key}), wait=20))
    threads = [threading.Thread(target=send) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    taken = len(block) * sum(answer.status == 200 for answer in answers)
    outcome.add("quota", 8 * len(block), answers[0], f"{taken} bytes of a quota of {quota}" if taken > quota + len(block) else "")
    for answer in answers:
        outcome.add("quota", 0, answer, unclear(answer) if answer.status != 200 else "")


def kill(target, outcome, folder):
    form = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\nContent-Type: audio/wav\r\n\r\n' + wav(sound(5, 16000, 1), 16000)
    with Connection(target.address) as connection:
        connection.send(b"".join(list(chunked("/v1/reconstruct", "multipart/form-data; boundary=b", [form], {"X-API-Key": "plain"}))[:2]))
        time.sleep(0.5)
        target.kill()
    left = sorted(set(os.listdir(folder)) - {"lwjgl_root"})  # LWJGL's library, unpacked once: the next start finds it there
    outcome.add("kill -9", 0, None, f"kill -9 left {', '.join(left)}" if left else "")


def told_to_stop(starts, outcome):
    """SIGTERM lets what runs have an answer, be it that its time is up: 36 s here, of the 300 that are allowed."""
    target = starts.start(ahead=2)
    body = request("/v1/reconstruct?timeout=36&n_iter=10000&algorithm=griffinlim&response_format=npy", NPY, npy(np.tile(FEW, (103, 500))[:513]))
    with Connection(target.address, 60) as connection:
        connection.send(body)
        time.sleep(1)
        target.terminate()
        answer = connection.answer()
        outcome.add("SIGTERM", len(body), answer, "" if answer.status in (200, 503) else f"{answer} after {answer.seconds:.0f} s")
    target.stop()


STARTS = {7: (full_disk,), 10: (hash_of_nothing, keys_and_kill)}
IN_A_MINUTE = {10: (told_to_stop,)}
