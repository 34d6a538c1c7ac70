#!/usr/bin/env python3
"""Griffin-Lim of 32 iterations, STFT, ISTFT and the phase with its pullback by torch, on the first CUDA device, else on the CPU: what
benchmarks/gpu is held against. n_fft 1024, hop 256, 22050 Hz, float32. A line of JSON each; the better of two, in seconds.

    benchmarks/gpu_torch.py SECONDS...
"""
import json
import sys
import time

import torch

N_FFT, HOP, RATE = 1024, 256, 22050
DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
WINDOW = torch.hann_window(N_FFT, device=DEVICE)


def stft(x):
    return torch.stft(x, N_FFT, HOP, window=WINDOW, center=True, pad_mode="constant", return_complex=True)


def istft(z, length):
    return torch.istft(z, N_FFT, HOP, window=WINDOW, center=True, length=length)


def griffinlim(m, length):
    """The loop of torchaudio.functional.griffinlim with momentum 0, from phase 0."""
    angles = torch.ones_like(m, dtype=torch.complex64)
    for _ in range(32):
        rebuilt = stft(istft(m * angles, length))
        angles = rebuilt / rebuilt.abs().add(1e-16)
    return istft(m * angles, length)


def pullback(z, g):
    return g * torch.complex(-z.imag, z.real) / (z.abs() ** 2).clamp_min(1e-12)


def phase_and_pullback(z, g):
    return torch.atan2(z.imag, z.real), pullback(z, g)


def sync():
    if DEVICE.type == "cuda":
        torch.cuda.synchronize()


def timed(work):
    best = float("inf")
    work()
    for _ in range(2):
        sync()
        start = time.perf_counter()
        work()
        sync()
        best = min(best, time.perf_counter() - start)
    return best


print(json.dumps({"torch": torch.__version__, "device": torch.cuda.get_device_name() if DEVICE.type == "cuda" else "cpu"}))
torch.manual_seed(1)
for seconds in map(int, sys.argv[1:]):
    for batch in (1, 16):
        length = seconds * RATE
        host = torch.randn(batch, length) / 10
        x = host.to(DEVICE)
        z = stft(x)
        m, g = z.abs(), torch.randn_like(z.real)
        on_host, z_on_host, g_on_host = m.cpu(), z.cpu(), g.cpu()
        rows = {
            "griffinlim 32": lambda: griffinlim(m, length),
            "griffinlim 32 with transfers": lambda: griffinlim(on_host.to(DEVICE), length).cpu(),
            "stft": lambda: stft(x),
            "stft with transfers": lambda: stft(host.to(DEVICE)).cpu(),
            "istft": lambda: istft(z, length),
            "istft with transfers": lambda: istft(z_on_host.to(DEVICE), length).cpu(),
            "phase and pullback": lambda: phase_and_pullback(z, g),
            "phase with transfers": lambda: z_on_host.to(DEVICE).angle().cpu(),
            "phase_vjp with transfers": lambda: pullback(z_on_host.to(DEVICE), g_on_host.to(DEVICE)).cpu(),
        }
        for name, work in rows.items():
            with torch.no_grad():
                print(json.dumps({"what": name, "batch": batch, "seconds": seconds, "torch": round(timed(work), 6)}), flush=True)
