#!/usr/bin/env python3
"""Spectral convergence of torchaudio's griffinlim (zero start, momentum 0.99) on the 16-bit WAV files of a folder, by the protocol
of benchmarks/quality, S1: what fast_griffinlim with init=zero must reach within 0.05 dB. Measured with torchaudio 0.13.1.

    python3 benchmarks/torchaudio_griffinlim.py FOLDER
"""
import sys
import wave
from pathlib import Path

import numpy as np
import torch
import torchaudio

N_FFT, HOP = 1024, 256
WINDOW = torch.hann_window(N_FFT)


def stft(x):
    return torch.stft(x, N_FFT, HOP, window=WINDOW, center=True, pad_mode="constant", return_complex=True)


def clip(path):
    with wave.open(str(path)) as w:
        if w.getsampwidth() != 2:
            return None
        samples = np.frombuffer(w.readframes(3 * w.getframerate()), "<i2").reshape(-1, w.getnchannels())
    mono = (samples / 32768).mean(axis=1)
    return torch.tensor(np.pad(mono, N_FFT), dtype=torch.float32)


torch.set_num_threads(2)
for path in sorted(Path(sys.argv[1]).glob("*.wav")):
    try:
        x = clip(path)
    except wave.Error:
        continue
    if x is None:
        continue
    m = stft(x).abs()
    for n_iter in (32, 100):
        y = torchaudio.functional.griffinlim(
            m, WINDOW, N_FFT, HOP, N_FFT, power=1, n_iter=n_iter, momentum=0.99, length=len(x), rand_init=False
        )
        db = 20 * torch.log10((stft(y).abs() - m).norm() / m.norm())
        print(f"{path.stem},{n_iter},{db:.2f}", flush=True)
