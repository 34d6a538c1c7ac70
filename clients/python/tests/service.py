"""The service under test, and raw HTTP to compare with."""

import http.client
import io
import json
import os
import subprocess
import tempfile
import time
import unittest
import urllib.parse
from pathlib import Path

import numpy as np

URL = os.environ.get("PHASOR_URL", "http://127.0.0.1:8080")
JAR = os.environ.get("PHASOR_JAR", "")
AUDIO = Path(__file__).parents[3] / "examples" / "audio"
SPEECH = AUDIO / "speech_en_m1_libri_16k.wav"

# Of a service to be ready, and of what it is to have begun: far more than either takes.
_PATIENCE = 120.0


def until(what, condition, seconds=_PATIENCE):
    """Waits for a condition, which is looked at every 20 ms."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not come in {seconds} s")
        time.sleep(0.02)


def raw(path, body, content_type, accept="application/x-npy", **parameters):
    """Status, headers and body of a request without the client under test."""
    parts = urllib.parse.urlsplit(URL)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
    try:
        query = "?" + urllib.parse.urlencode(parameters) if parameters else ""
        connection.request("POST", path + query, body, {"Content-Type": content_type, "Accept": accept})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def raw_array(path, body, content_type, **parameters):
    status, headers, content = raw(path, body, content_type, **parameters)
    assert status == 200, content
    return np.load(io.BytesIO(content)), json.loads(headers["Phasor-Report"])


def npy(array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def npz(**arrays):
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def free_port():
    """One whose successor is free too: the service has two."""
    import socket

    while True:
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
            try:
                two.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port


class OwnService:
    """A service of this test's own, which may be killed and started again at the same address."""

    def __init__(self, *settings):
        if not JAR:
            raise unittest.SkipTest("PHASOR_JAR does not name a built jar")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = tempfile.TemporaryFile()
        self._command = ["java", "-Xmx512m", "--add-modules", "jdk.incubator.vector", "-jar", JAR]
        self._command += [f"--server.port={self.port}", f"--management.server.port={self.port + 1}", "--spring.grpc.server.port=0", *settings]
        self.start()

    def start(self):
        self._process = subprocess.Popen(self._command, stdout=self._log, stderr=subprocess.STDOUT)
        until("the service", self._ready)

    def _ready(self):
        if self._process.poll() is not None:
            self._log.seek(0)
            raise AssertionError(f"the service did not start: {self._log.read()[-2000:]}")
        return self._get(self.port, "/readyz")[0] == 200

    def computes(self):
        """Whether a POST is under way."""
        text = self._get(self.port + 1, "/actuator/prometheus")[1].decode()
        return any(
            line.startswith("http_server_requests_active_seconds_gcount{") and 'method="POST"' in line
            and float(line.rpartition(" ")[2]) > 0
            for line in text.splitlines()
        )

    def _get(self, port, path):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except OSError:
            return 0, b""
        finally:
            connection.close()

    def kill(self):
        self._process.kill()
        self._process.wait()

    def close(self):
        self.kill()
        self._log.close()
