"""Golden gradients through Griffin-Lim with respect to mels: the undone logarithm, the non-negative inverse of the
filters as MelInverse descends, and the recurrences of iterations.py, in torch float64 by autograd, checked by central
differences.

    python3 src/test/golden/mel_iterations.py     (numpy, torch)

writes src/test/resources/golden/separation/mel_iterations.npz: the filterbank; for each case its mel, cotangent, mean
and std where it has them, and for each of its algorithms after 4 iterations from phase 0 the audio and the gradient of
sum(cotangent audio). n_fft 64, hop 16, 8 triangles, momentum 0.7 (of agla over-relaxed by 1.25).
"""

import math

import numpy as np
import separation
import torch
from iterations import ALGORITHMS, ITERATIONS

OUT = separation.OUT.parent / "mel_iterations.npz"
N_FFT, HOP, MELS, LENGTH = 64, 16, 8, 304
ROUNDING = 4 * 2.0**-23
TOLERANCE, SWEEPS = 1e-6, 300
LN10 = math.log(10)

# per neper, power, floor, and what else a case has.
CASES = {
    "ln": dict(neper=1, power=1, floor=1e-3, algorithms=tuple(ALGORITHMS)),
    "whisper": dict(neper=1 / LN10, power=2, floor=1e-10, range=2, scale=0.25, offset=1, drop=True, pad="reflect"),
    "nemo": dict(neper=1, power=2, floor=2.0**-24, add=True, preemphasis=0.97, statistics=True),
    "coqui": dict(neper=20 / LN10, power=1, floor=1e-5, scale=0.08, offset=2.4, clip=4, pad="reflect"),
    "none": dict(neper=0, power=2, floor=0),
}


def triangles():
    edges = N_FFT / 2 * np.linspace(0, 1, MELS + 2) ** 1.5
    bins = np.arange(N_FFT // 2 + 1)
    return np.stack([np.interp(bins, edges[i:i + 3], (0, 1, 0)) for i in range(MELS)]).astype(np.float32)


BANK = torch.from_numpy(triangles()).double()
GRAM = BANK @ BANK.T


def stft(x, pad):
    return torch.stft(x, N_FFT, HOP, window=separation.WINDOW, center=True, pad_mode=pad, return_complex=True)


def values(x, case):
    """A trainer's values of a signal."""
    z = stft(x, case.get("pad", "constant"))
    mel = BANK @ z.abs() ** case["power"]
    if case.get("drop"):
        mel = mel[:, :-1]
    if case["neper"] == 0:
        return mel
    y = case["neper"] * torch.log(mel + case["floor"] if case.get("add") else mel.clamp(min=case["floor"]))
    y = torch.maximum(y, y.max() - case.get("range", 1e9))
    clip = case.get("clip", 1e9)
    return (case.get("scale", 1) * y + case.get("offset", 0)).clamp(-clip, clip)


def undone(v, case, mean, std):
    """Mels of values; 0 where a value says only "at most"."""
    v = v * std + mean
    if case["neper"] == 0:
        return v
    y = (v - case.get("offset", 0)) / case.get("scale", 1)
    x = torch.exp(y / case["neper"])
    if case.get("add"):
        return (x - case["floor"]).clamp(min=0)
    least = max(case["neper"] * math.log(case["floor"]), y.max().item() - case.get("range", 1e9))
    at_most = (y <= least + ROUNDING * abs(least)) | (v <= -case.get("clip", 1e9) * (1 - ROUNDING))
    return torch.where(at_most, 0, x)


def positive(v):
    return torch.where(v > 0, v, 0)


def inverse(x):
    """MelInverse: max(0, B' (B B')^-1 x), then one bin after the other to its least error. [mels, frames]."""
    x = positive(x)
    squares = (BANK**2).sum(0)
    y = torch.linalg.solve(GRAM, x)
    a = [positive(BANK[:, k] @ y) for k in range(len(squares))]
    r = x - BANK @ torch.stack(a)
    norm = (x**2).sum(0).detach()
    largest = norm
    for _ in range(SWEEPS):
        active = largest > TOLERANCE**2 * norm
        if not active.any():
            break
        largest = torch.zeros_like(norm)
        for k in torch.nonzero(squares)[:, 0].tolist():
            change = torch.where(active, positive(a[k] + BANK[:, k] @ r / squares[k]) - a[k], 0)
            a[k] = a[k] + change
            r = r - BANK[:, k, None] * change
            largest = torch.maximum(largest, change.detach() ** 2 * squares[k])
    return torch.stack(a)


def magnitudes(v, case, mean, std):
    a = inverse(undone(v, case, mean, std))
    return a if case["power"] == 1 else torch.where(a > 0, torch.sqrt(torch.where(a > 0, a, 1)), 0)


def sound(m, case, momentum, relaxation):
    # The last of LENGTH samples is beyond the longest signal of as many frames.
    length = min(LENGTH, m.shape[1] * HOP - 1)
    u = old = separation.istft(m + 0j, length)
    for _ in range(ITERATIONS):
        z = stft(u, case.get("pad", "constant"))
        y = separation.istft(m * z / z.abs(), length)
        t = (1 - relaxation) * u + relaxation * y
        u, old = t + momentum * (t - old), t
    y = torch.nn.functional.pad(y, (0, LENGTH - length))
    p, samples = case.get("preemphasis", 0), []
    for sample in y:
        samples.append(sample + p * samples[-1] if samples else sample)
    return torch.stack(samples)


def main():
    rng = np.random.default_rng(23)
    arrays = {"filterbank": BANK.numpy()}
    for name, case in CASES.items():
        signal = torch.from_numpy(rng.standard_normal(LENGTH) * np.linspace(0.05, 1, LENGTH))
        v = values(signal, case)
        v = v * torch.from_numpy(np.exp(0.1 * rng.standard_normal(v.shape))) if case["neper"] == 0 else (
            torch.where(v > v.min(), v + 0.2 * case.get("scale", 1) * torch.from_numpy(rng.standard_normal(v.shape)), v))
        if case["neper"] and not case.get("add"):
            v[2, 3] = v[5, 7] = case.get("scale", 1) * case["neper"] * math.log(case["floor"]) + case.get("offset", 0)
        mean, std = torch.zeros(MELS, 1), torch.ones(MELS, 1)
        if case.get("statistics"):
            mean = torch.from_numpy(rng.standard_normal((MELS, 1))).float()
            std = torch.from_numpy(np.exp(rng.standard_normal((MELS, 1)))).float()
            arrays |= {f"{name}/mean": mean[:, 0].numpy(), f"{name}/std": std[:, 0].numpy()}
        v = ((v - mean) / std).float().double()
        cotangent = torch.from_numpy(rng.standard_normal(LENGTH).astype(np.float32)).double()
        arrays |= {f"{name}/mel": v.numpy(), f"{name}/cotangent": cotangent.numpy()}
        for algorithm in case.get("algorithms", ("griffinlim",)):
            def audio(w):
                return sound(magnitudes(w, case, mean.double(), std.double()), case, *ALGORITHMS[algorithm])

            w = v.clone().requires_grad_()
            y = audio(w)
            (gradient,) = torch.autograd.grad(cotangent @ y, w)
            separation.check(lambda w: cotangent @ audio(w), v, gradient, rng, 1e-7)
            arrays[f"{name}/{algorithm}/audio"] = y.detach().numpy()
            arrays[f"{name}/{algorithm}/gradient"] = gradient.numpy()
            print(name, algorithm, "gradient", float(gradient.norm()), "silent", int((gradient == 0).sum()), "of", gradient.numel())
    np.savez_compressed(OUT, **arrays)


if __name__ == "__main__":
    main()
