"""Golden files of the page: a sound whose spectrogram is known, its levels, and the table of their colours.

    python3 src/test/golden/page.py

needs numpy, and writes src/test/resources/golden/page:
    tone.wav      float32, 16 kHz, 1 s: tones of 1000 and 3100 Hz, and from 0.5 s on one of 5 kHz, over faint noise
    tone.f32      [frame][bin], dB of |z| with n_fft 256, hop 64, periodic Hann, centered, zeros beyond the ends
    levels.u8     256 colours r, g, b, straight between nine of magma's
"""

import pathlib
import struct

import numpy as np

OUT = pathlib.Path(__file__).parents[1] / "resources" / "golden" / "page"
RATE, N, HOP = 16000, 256, 64
MAGMA = [(0, 0, 4), (28, 16, 68), (79, 18, 123), (129, 37, 129), (181, 54, 122), (229, 80, 100), (251, 135, 97),
         (254, 194, 135), (252, 253, 191)]


def tone():
    t = np.arange(RATE) / RATE
    x = 0.5 * np.sin(2 * np.pi * 1000 * t) + 0.05 * np.sin(2 * np.pi * 3100 * t)
    x += np.where(t < 0.5, 0, 0.2 * np.sin(2 * np.pi * 5000 * t))
    return (x + 1e-3 * np.random.default_rng(7).standard_normal(RATE)).astype("<f4")


def wav(x):
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + x.nbytes, b"WAVE", b"fmt ", 16, 3, 1, RATE, 4 * RATE, 4, 32, b"data",
                       x.nbytes)
    return head + x.tobytes()


def levels(x):
    padded = np.pad(x.astype("f8"), N // 2)
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(N) / N)
    frames = np.stack([window * padded[i:i + N] for i in range(0, len(x) + 1, HOP)])
    return (20 * np.log10(np.abs(np.fft.rfft(frames)))).astype("<f4")


def colours():
    at = np.linspace(0, len(MAGMA) - 1, 256)
    table = np.stack([np.interp(at, range(len(MAGMA)), part) for part in zip(*MAGMA)], axis=1)
    return np.floor(table + 0.5).astype("u1")


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    x = tone()
    (OUT / "tone.wav").write_bytes(wav(x))
    (OUT / "tone.f32").write_bytes(levels(x).tobytes())
    (OUT / "levels.u8").write_bytes(colours().tobytes())
