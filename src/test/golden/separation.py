"""Golden sources and gradients: the recurrence of Separator in torch float64, by autograd, checked by central differences.

    python3 src/test/golden/separation.py     (numpy, torch)

writes src/test/resources/golden/separation/separation.npz: for each case its inputs, the sources, and the gradient of
sum(cotangent sources) with respect to the estimates. All in float64; 5 iterations, momentum 0.6, n_fft 64, hop 16.
"""

from pathlib import Path

import numpy as np
import torch

OUT = Path(__file__).parents[1] / "resources/golden/separation/separation.npz"
N_FFT, HOP, ITERATIONS, MOMENTUM = 64, 16, 5, 0.6
WINDOW = torch.hann_window(N_FFT, dtype=torch.float64)


def stft(x):
    flat = x.reshape(-1, x.shape[-1])
    z = torch.stft(flat, N_FFT, HOP, window=WINDOW, center=True, pad_mode="constant", return_complex=True)
    return z.reshape(*x.shape[:-1], *z.shape[-2:])


def istft(z, length):
    flat = z.reshape(-1, *z.shape[-2:])
    return torch.istft(flat, N_FFT, HOP, window=WINDOW, center=True, length=length).reshape(*z.shape[:-2], length)


def separate(x, kind, values, power):
    """[..., samples] and [sources, ..., bins, frames] to [sources, ..., samples]; Gunawan, Sen 2010, and momentum."""
    mixture = stft(x)
    m = values.abs() if kind == "estimate" else values * mixture.abs() if kind == "mask" else values
    share = torch.ones_like(m) / len(m) if power == 0 else m**power / (m**power).sum(0)

    def mixed(s):
        return istft(s + share * (mixture - s.sum(0)), x.shape[-1])

    y = mixed(values if kind == "estimate" else m * mixture / mixture.abs())
    u = y
    for _ in range(ITERATIONS):
        z = stft(u)
        t = mixed(m * z / z.abs())
        u, y = t + MOMENTUM * (t - y), t
    return y + (x - y.sum(0)) / len(m)


def main():
    rng = np.random.default_rng(7)
    arrays = {}
    for name, kind, power, leading, sources in (
        ("uniform", "magnitude", 0, (), 2),
        ("magnitude", "magnitude", 1, (2,), 3),
        ("power", "magnitude", 2, (), 2),
        ("mask", "mask", 1, (), 2),
        ("estimate", "estimate", 1, (), 2),
        ("estimate_uniform", "estimate", 0, (2,), 2),
    ):
        true = torch.from_numpy(rng.standard_normal((sources, *leading, 300)).astype(np.float32)).double()
        x = true.sum(0).float().double()
        z = stft(true)
        noise = torch.from_numpy(np.exp(0.3 * rng.standard_normal(z.shape)))
        values = {"magnitude": z.abs() * noise, "mask": z.abs() * noise / (z.abs() * noise).sum(0), "estimate": z * noise}[kind]
        values = values.to(torch.complex64 if kind == "estimate" else torch.float32)
        values = values.to(torch.complex128 if kind == "estimate" else torch.float64).requires_grad_()
        cotangent = torch.from_numpy(rng.standard_normal(true.shape).astype(np.float32)).double()
        y = separate(x, kind, values, power)
        (gradient,) = torch.autograd.grad((cotangent * y).sum(), values)
        check(lambda v: (cotangent * separate(x, kind, v, power)).sum(), values.detach(), gradient, rng)
        for key, array in (("mixture", x), (kind, values.detach()), ("cotangent", cotangent), ("audio", y.detach()), ("gradient", gradient)):
            arrays[f"{name}/{key}"] = array.resolve_conj().numpy()
    OUT.parent.mkdir(exist_ok=True)
    np.savez_compressed(OUT, **arrays)


def check(f, values, gradient, rng, step=1e-6):
    """Central differences along three directions."""
    for _ in range(3):
        d = torch.from_numpy(rng.standard_normal(values.shape)).to(values.dtype)
        if values.is_complex():
            d = d + 1j * torch.from_numpy(rng.standard_normal(values.shape))
        there = (f(values + step * d) - f(values - step * d)).item() / (2 * step)
        told = (gradient.conj() * d).real.sum().item()
        assert abs(there - told) < 1e-5 * abs(gradient).norm().item() * abs(d).norm().item() ** 0.5, (there, told)


if __name__ == "__main__":
    main()
