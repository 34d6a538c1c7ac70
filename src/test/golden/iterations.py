"""Golden gradients through Griffin-Lim: its recurrences in torch float64, by autograd, checked by central differences.

    python3 src/test/golden/iterations.py     (numpy, torch)

writes src/test/resources/golden/separation/iterations.npz: magnitude, cotangent, and for each algorithm after 4
iterations from phase 0 the audio and the gradient of sum(cotangent audio), <algorithm>/constant_phase with the phases
of the last iteration held. n_fft 64, hop 16, momentum 0.7 (of agla over-relaxed by 1.25).
"""

import numpy as np
import separation
import torch

OUT = separation.OUT.parent / "iterations.npz"
LENGTH, ITERATIONS = 300, 4
ALGORITHMS = {"griffinlim": (0, 1), "fast_griffinlim": (0.7, 1), "agla": (0.7, 1.25)}


def iterate(m, momentum, relaxation):
    u = old = separation.istft(m + 0j, LENGTH)
    for _ in range(ITERATIONS):
        z = separation.stft(u)
        y = separation.istft(m * z / z.abs(), LENGTH)
        t = (1 - relaxation) * u + relaxation * y
        u, old = t + momentum * (t - old), t
    return y


def main():
    rng = np.random.default_rng(11)
    signal = torch.from_numpy(rng.standard_normal(LENGTH))
    m = (separation.stft(signal).abs() * torch.from_numpy(np.exp(0.2 * rng.standard_normal((33, 19))))).float().double()
    cotangent = torch.from_numpy(rng.standard_normal(LENGTH).astype(np.float32)).double()
    arrays = {"magnitude": m.numpy(), "cotangent": cotangent.numpy()}
    for name, (momentum, relaxation) in ALGORITHMS.items():
        v = m.clone().requires_grad_()
        y = iterate(v, momentum, relaxation)
        (gradient,) = torch.autograd.grad(cotangent @ y, v)
        separation.check(lambda w: cotangent @ iterate(w, momentum, relaxation), m, gradient, rng, 1e-7)
        # The last inverse alone: what came before is held, too.
        with torch.no_grad():
            unit = last_unit(m, momentum, relaxation)
        w = m.clone().requires_grad_()
        (constant,) = torch.autograd.grad(cotangent @ separation.istft(w * unit, LENGTH), w)
        arrays[f"{name}/audio"] = y.detach().numpy()
        arrays[f"{name}/unrolled"] = gradient.numpy()
        arrays[f"{name}/constant_phase"] = constant.numpy()
    np.savez_compressed(OUT, **arrays)


def last_unit(m, momentum, relaxation):
    u = old = separation.istft(m + 0j, LENGTH)
    for _ in range(ITERATIONS):
        z = separation.stft(u)
        unit = z / z.abs()
        t = (1 - relaxation) * u + relaxation * separation.istft(m * unit, LENGTH)
        u, old = t + momentum * (t - old), t
    return unit


if __name__ == "__main__":
    main()
