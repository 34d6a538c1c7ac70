"""Golden gradients: the definitions in torch float64, differentiated by autograd and checked by central differences.

    python3 src/test/golden/gradient.py     (numpy, torch)

writes src/test/resources/golden/gradient/gradient.npz. Spectrograms are stored [item, frame, bin], float32; losses
float64. Names: <case>/<input> and <case>/<loss>/<value or gradient>.
"""

import math
from pathlib import Path

import numpy as np
import torch

OUT = Path(__file__).parents[1] / "resources/golden/gradient/gradient.npz"
torch.set_default_dtype(torch.float64)
rng = np.random.default_rng(20231105)


# --- the definitions -------------------------------------------------------------------------------------------------

class SafePhase(torch.autograd.Function):
    """atan2(im, re); pullback g (-im, re) / d, with d by policy and floor f."""

    @staticmethod
    def forward(ctx, z, policy, f):
        ctx.save_for_backward(z)
        ctx.policy, ctx.f = policy, f
        return torch.where(z == 0, torch.zeros(()), torch.atan2(z.imag, z.real))

    @staticmethod
    def backward(ctx, g):
        (z,) = ctx.saved_tensors
        r, f = z.abs(), ctx.f
        d = {
            "clamped": torch.maximum(r, f) ** 2,
            "regularized": r**2 + f**2,
            "zero_below": torch.where(r >= f, r**2, torch.inf),
            "exact": torch.where(r > 0, r**2, torch.inf),
        }[ctx.policy]
        return g * 1j * z / d, None, None


def safe_phase(z, policy="clamped", floor=1e-6):
    f = floor * z.detach().abs().amax(dim=(-2, -1), keepdim=True)
    return SafePhase.apply(z, policy, f)


def stft(x, n_fft, hop, win, pad_mode="constant"):
    window = torch.hann_window(win)
    return torch.stft(x, n_fft, hop, win, window, center=True, pad_mode=pad_mode, return_complex=True)


def istft(z, length, n_fft, hop, win):
    return torch.istft(z, n_fft, hop, win, torch.hann_window(win), center=True, length=length)


def magnitude(z):
    return torch.sqrt(torch.clamp(z.real**2 + z.imag**2, min=1e-7))


def spectral_convergence(y, t):
    per_item = (magnitude(y) - magnitude(t)).flatten(1).norm(dim=1) / magnitude(t).flatten(1).norm(dim=1)
    return per_item.mean()


def log_stft(y, t):
    return (magnitude(t).log() - magnitude(y).log()).abs().mean()


def multi_resolution(x, target):
    total = 0
    for n_fft, hop, win in ((1024, 120, 600), (2048, 240, 1200), (512, 50, 240)):
        y, t = stft(x, n_fft, hop, win, "reflect"), stft(target, n_fft, hop, win, "reflect")
        total = total + (spectral_convergence(y, t) + log_stft(y, t)) / 3
    return total


def anti_wrapped(d):
    return (d - 2 * math.pi * torch.round(d / (2 * math.pi))).abs().mean()


def phase_loss(y, t):
    d = safe_phase(y) - safe_phase(t)
    return (anti_wrapped(d) + anti_wrapped(d.diff(dim=-2)) + anti_wrapped(d.diff(dim=-1))) / 3


def losses(x, target, stft_args):
    y, t = stft(x, *stft_args), stft(target, *stft_args)
    return {
        "mse": lambda: ((x - target) ** 2).mean(),
        "l1": lambda: (x - target).abs().mean(),
        "spectral_convergence": lambda: spectral_convergence(y, t),
        "log_stft": lambda: log_stft(y, t),
        "phase": lambda: phase_loss(y, t),
        "multi_resolution_stft": lambda: multi_resolution(x, target),
    }


def output_stage(z, m, length, stft_args, policy="clamped", floor=1e-6):
    if m is None:
        return istft(z, length, *stft_args)
    return istft(torch.polar(m, safe_phase(z, policy, floor)), length, *stft_args)


# --- autograd, checked by central differences ------------------------------------------------------------------------

def gradients(f, *inputs, step=1e-7):
    leaves = [a.clone().requires_grad_() for a in inputs]
    value = f(*leaves)
    grads = torch.autograd.grad(value, leaves)
    for k, grad in enumerate(grads):
        for _ in range(3):
            v = torch.randn_like(leaves[k].detach())
            h = step * inputs[k].abs().max()
            def at(s):
                return f(*[a + s * v if i == k else a for i, a in enumerate(inputs)]).item()
            numeric = (at(h) - at(-h)) / (2 * h)
            analytic = torch.sum(torch.real(torch.conj(grad) * v)).item()
            assert math.isclose(numeric, analytic, rel_tol=1e-5, abs_tol=1e-8), (k, numeric, analytic)
    return value, grads


# --- the cases -------------------------------------------------------------------------------------------------------

def single(*shape):
    return torch.from_numpy(rng.standard_normal(shape).astype(np.float32)).double()


def put(out, name, value):
    a = value.detach().numpy() if torch.is_tensor(value) else np.asarray(value)
    if a.ndim == 3:
        a = a.swapaxes(1, 2)  # [bin, frame] -> [frame, bin]
    if np.iscomplexobj(a):
        put_flat(out, name + "_re", a.real)
        put_flat(out, name + "_im", a.imag)
    else:
        put_flat(out, name, a)


def put_flat(out, name, a):
    out[name] = np.asarray(a, np.float64 if a.ndim == 0 else np.float32, order="C")


def training_case(out, name, loss_names, items, frames, stft_args, gain):
    n_fft, hop, _ = stft_args
    length = (frames - 1) * hop
    shape = (items, n_fft // 2 + 1, frames)
    z, m = gain * torch.complex(single(*shape), single(*shape)), gain * single(*shape).abs()
    target, x = gain / 4 * single(items, length), gain / 4 * single(items, length)
    for key, value in {"z": z, "m": m, "target": target, "x": x}.items():
        put(out, f"{name}/{key}", value)
    for loss in loss_names:
        def of(audio):
            return losses(audio, target, stft_args)[loss]()
        cases = {
            "audio": gradients(of, x),
            "plain": gradients(lambda z: of(output_stage(z, None, length, stft_args)), z),
            "given": gradients(lambda z, m: of(output_stage(z, m, length, stft_args)), z, m),
            "waveform": gradients(lambda x, m: of(output_stage(stft(x, *stft_args), m, length, stft_args)), x, m),
        }
        for case, (value, grads) in cases.items():
            put(out, f"{name}/{loss}/{case}/loss", value)
            for key, grad in zip(("gradient", "magnitude_gradient"), grads):
                put(out, f"{name}/{loss}/{case}/{key}", grad)


def policy_case(out):
    """A waveform cotangent through the stage where bins are zero, below float32's squares, and below the floor."""
    stft_args, frames = (16, 4, 16), 6
    length, shape = 20, (1, 9, frames)
    z, m, cotangent = torch.complex(single(*shape), single(*shape)), single(*shape).abs(), single(1, length)
    z[0, 2, :3] = 0
    z[0, 3, 1], z[0, 4, 2], z[0, 5, 3] = 3e-21 - 4e-21j, 1e-4 + 1e-4j, -3e-3 + 1e-9j
    z = z.to(torch.complex64).to(torch.complex128)
    for key, value in {"z": z, "m": m, "cotangent": cotangent}.items():
        put(out, f"policy/{key}", value)
    for policy in ("clamped", "regularized", "zero_below", "exact"):
        zl, ml = z.clone().requires_grad_(), m.clone().requires_grad_()
        audio = output_stage(zl, ml, length, stft_args, policy, 1e-3)
        dz, dm = torch.autograd.grad(torch.sum(audio * cotangent), (zl, ml))
        put(out, f"policy/{policy}/gradient", dz)
        put(out, f"policy/{policy}/magnitude_gradient", dm)
    put(out, "policy/audio", audio)


def main():
    torch.manual_seed(7)
    out = {}
    training_case(out, "small", ("mse", "l1", "spectral_convergence", "log_stft", "phase"), 2, 9, (16, 4, 12), 1)
    # So quiet that the clamp of the power takes part. It also keeps the log's curvature, 1/S^2, within what a float32
    # waveform can resolve to 1e-5: a loud one has bins beside which its rounding is large.
    training_case(out, "multi", ("multi_resolution_stft",), 1, 37, (64, 32, 64), 2**-8)
    policy_case(out)
    OUT.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(OUT, **out)
    print(f"{OUT.name}: {len(out)} arrays, {OUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
