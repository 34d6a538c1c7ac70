"""The service as a process on 127.0.0.1, and what it takes: shared by the scripts beside this one."""

import glob
import http.client
import shlex
import struct
import subprocess
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent


def command(heap):
    """How the service is started unless told otherwise: the built jar."""
    jars = [j for j in glob.glob(str(ROOT / "target" / "phasor-*.jar")) if "-engine" not in j]
    jar = jars[0] if jars else "target/phasor.jar"
    return f"java --add-modules jdk.incubator.vector -Xmx{heap} -jar {jar}"


def ports(port, grpc):
    """The settings of HTTP's port, of the management's behind it, and of gRPC's."""
    return f"--server.port={port}", f"--management.server.port={port + 1}", f"--spring.grpc.server.port={grpc}"


class Service:
    """Started on construction and ready when `ready_seconds` is known; its log goes to a file."""

    def __init__(self, start, port, log, *settings, grpc=0):
        self.port, self.management = port, port + 1
        began = time.monotonic()
        self.process = subprocess.Popen(
            [*shlex.split(start), *ports(port, grpc), *settings],
            stdout=open(log, "ab"),
            stderr=subprocess.STDOUT,
        )
        while True:
            if self.process.poll() is not None:
                raise SystemExit(f"the service did not start; its log is {log}")
            try:
                if self.get("/readyz", self.port)[0] == 200:
                    break
            except OSError:
                pass
            time.sleep(0.05)
        self.ready_seconds = time.monotonic() - began

    def get(self, path, port=None):
        connection = http.client.HTTPConnection("127.0.0.1", port or self.management, timeout=30)
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()

    def metrics(self, name):
        """The samples of a metric by their labels."""
        text = self.get("/actuator/prometheus")[1].decode()
        found = {}
        for line in text.splitlines():
            if line.startswith(name + "{") or line.startswith(name + " "):
                key, _, value = line.rpartition(" ")
                found[key[len(name):]] = float(value)
        return found

    def heap(self):
        """Bytes used now, garbage included."""
        return sum(v for k, v in self.metrics("jvm_memory_used_bytes").items() if 'area="heap"' in k)

    def live(self):
        """Bytes of the heap that the last collection of the old generation kept."""
        return sum(self.metrics("jvm_gc_live_data_size_bytes").values())

    def status(self, field):
        """Bytes of a field of /proc/PID/status: VmRSS now, VmHWM at most."""
        for line in open(f"/proc/{self.process.pid}/status"):
            if line.startswith(field + ":"):
                return int(line.split()[1]) * 1024
        raise KeyError(field)

    def stop(self):
        self.process.terminate()
        return self.process.wait(60)

    def kill(self):
        self.process.kill()
        self.process.wait()


def wav(samples, rate):
    """16-bit PCM of int16 samples [n] or [n, channels]."""
    channels = 1 if samples.ndim == 1 else samples.shape[1]
    return wav_header(samples.shape[0], channels, rate) + samples.astype("<i2").tobytes()


def wav_header(frames, channels, rate):
    size = 2 * channels * frames
    return b"RIFF" + struct.pack("<I", 36 + size) + b"WAVEfmt " + struct.pack(
        "<IHHIIHH", 16, 1, channels, rate, 2 * channels * rate, 2 * channels, 16
    ) + b"data" + struct.pack("<I", size)


def npy(array):
    import io

    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


def from_npy(body):
    import io

    return np.load(io.BytesIO(body), allow_pickle=False)


def stft(x, n_fft, hop):
    """[bins, frames], periodic Hann, centered on zeros: librosa's, in numpy."""
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n_fft) / n_fft)
    padded = np.pad(np.asarray(x, float), n_fft // 2)
    starts = np.arange(0, len(padded) - n_fft + 1, hop)
    return np.fft.rfft(padded[starts[:, None] + np.arange(n_fft)] * window).T


def sound(seconds, rate, seed):
    """A chirp in noise, int16."""
    t = np.arange(int(seconds * rate)) / rate
    noise = np.random.default_rng(seed).standard_normal(len(t))
    x = 0.4 * np.sin(2 * np.pi * (200 + 300 * t) * t) + 0.05 * noise
    return np.round(np.clip(x, -1, 1) * 32767).astype(np.int16)
