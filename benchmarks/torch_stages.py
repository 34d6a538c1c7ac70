"""The stages of benchmarks/run in torch, in a process of its own. Reads lines "STAGE SECONDS": repeats the stage for so much processor time,
at least once, and answers the median and the least in ms, the bytes allocated (unknown here: -1), the peak of its resident memory in kB, and a note, with tabs between.

    python3 torch_stages.py SAMPLES    # float32, little endian, 60 s at 22.05 kHz
"""

import statistics
import sys
import time

import numpy as np
import torch

torch.set_num_threads(2)
RATE, N_FFT, HOP = 22050, 1024, 256
WINDOW = torch.hann_window(N_FFT)
MINUTE = torch.from_numpy(np.fromfile(sys.argv[1], "<f4"))
TEN_SECONDS = MINUTE[: 10 * RATE].clone()
BATCH = MINUTE[: 16 * 3 * RATE].reshape(16, -1).repeat(1, 4)[:, : 10 * RATE].contiguous()


def stft(x):
    return torch.stft(x, N_FFT, HOP, window=WINDOW, center=True, pad_mode="constant", return_complex=True)


def istft(z, length):
    return torch.istft(z, N_FFT, HOP, window=WINDOW, center=True, length=length)


def forward(x):
    return lambda: stft(x)


def inverse(x):
    z = stft(x)
    return lambda: istft(z, x.shape[-1])


def add():
    z = stft(MINUTE)
    re, im = z.real.contiguous(), z.imag.contiguous()
    return lambda: re + im


def angle():
    z = stft(MINUTE)
    re, im = z.real.contiguous(), z.imag.contiguous()
    return lambda: torch.atan2(im, re)


def angle_and_gradient():
    z = stft(MINUTE)
    re = z.real.contiguous().requires_grad_()
    im = z.imag.contiguous().requires_grad_()
    cotangent = torch.ones_like(re)

    def run():
        re.grad = im.grad = None
        torch.atan2(im, re).backward(cotangent)

    return run


def griffin_lim():
    """torchaudio.functional.griffinlim with power=1, n_iter=32, momentum=0.99, rand_init=False."""
    magnitude = stft(TEN_SECONDS).abs()
    length = len(TEN_SECONDS)
    momentum = 0.99 / (1 + 0.99)

    def run():
        angles = torch.ones(magnitude.shape, dtype=torch.cfloat)
        previous = torch.tensor(0.0)
        for _ in range(32):
            rebuilt = stft(istft(magnitude * angles, length))
            angles = rebuilt - previous * momentum
            angles = angles / (angles.abs() + 1e-16)
            previous = rebuilt
        return istft(magnitude * angles, length)

    def note():
        error = (stft(run()).abs() - magnitude).norm() / magnitude.norm()
        return f"{20 * torch.log10(error):.2f} dB"

    return run, note


def transforms(frames, repetitions, threads):
    x = MINUTE.repeat(8)[: frames * N_FFT].reshape(frames, N_FFT)

    def run():
        torch.set_num_threads(threads)
        for _ in range(repetitions):
            torch.fft.rfft(x)
        torch.set_num_threads(2)

    return run


STAGES = {
    "stft": lambda: forward(MINUTE),
    "istft": lambda: inverse(MINUTE),
    "stft_batch": lambda: forward(BATCH),
    "istft_batch": lambda: inverse(BATCH),
    "sum": add,
    "atan2": angle,
    "phase_vjp": angle_and_gradient,
    "griffin_lim": griffin_lim,
    "rfft": lambda: transforms(10_000, 1, 2),
    "rfft_cached": lambda: transforms(16, 100, 1),
}


def status(key):
    with open("/proc/self/status") as lines:
        return next((int(line.split()[1]) for line in lines if line.startswith(key)), -1)


def reset_peak():
    try:
        with open("/proc/self/clear_refs", "w") as refs:
            refs.write("5")
    except OSError:
        pass


def measure(run, seconds):
    reset_peak()
    times = []
    end = time.process_time() + seconds
    while not times or time.process_time() < end:
        start = time.perf_counter()
        run()
        times.append(1e3 * (time.perf_counter() - start))
    return f"{statistics.median(times)}\t{min(times)}"


name, work, note = None, None, ""
for line in sys.stdin:
    stage, seconds = line.split()
    if stage == "version":
        print(f"0\t0\t-1\t-1\ttorch {torch.__version__}", flush=True)
        continue
    if stage not in STAGES:
        print("-", flush=True)
        continue
    if stage != name:
        name, work, note = stage, STAGES[stage](), ""
        if isinstance(work, tuple):
            work, note = work[0], work[1]()
    print(f"{measure(work, float(seconds))}\t-1\t{status('VmHWM')}\t{note}", flush=True)
