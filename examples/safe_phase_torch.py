"""atan2 with a gradient that is never NaN, in PyTorch: by the service, and by the formula.

    python examples/safe_phase_torch.py [--url http://127.0.0.1:8080]

Needs numpy and torch. ``ServicePhase`` calls POST /v1/phase and POST /v1/phase/vjp; ``FormulaPhase`` is the same
definition for those who need no service. Both take a complex64 spectrogram [..., bins, frames].
"""

import argparse
import io
import urllib.request

import numpy as np
import torch


# --- the formula -----------------------------------------------------------------------------------------------------

class FormulaPhase(torch.autograd.Function):
    """phi = atan2(im, re), never perturbed; pullback g (-im, re) / max(r, f)^2, f = floor times the largest r.

    r comes from hypot and is divided by twice, so no square under- or overflows; the maximum is taken before the
    division, so nothing is ever 0 * inf.
    """

    @staticmethod
    def forward(ctx, z, floor):
        r = torch.hypot(z.real, z.imag)
        f = floor * r.amax(dim=(-2, -1), keepdim=True)
        ctx.save_for_backward(z, torch.maximum(r, f).clamp_min(torch.finfo(r.dtype).tiny))
        return torch.atan2(z.imag, z.real)

    @staticmethod
    def backward(ctx, g):
        z, d = ctx.saved_tensors
        limit = torch.finfo(d.dtype).max
        parts = [(g * (part / d) / d).clamp(-limit, limit) for part in (-z.imag, z.real)]
        return torch.complex(*parts), None


# --- the service -----------------------------------------------------------------------------------------------------

class ServicePhase(torch.autograd.Function):
    """The same by HTTP, with every policy, and without torch's share of the work."""

    @staticmethod
    def forward(ctx, z, url, policy="clamped", floor=1e-6):
        ctx.save_for_backward(z)
        ctx.url, ctx.query = url, f"?gradient_policy={policy}&floor={floor}"
        body = npy(z.detach().cpu().numpy())
        return torch.from_numpy(post(url + "/v1/phase", body, "application/x-npy")).to(z.device)

    @staticmethod
    def backward(ctx, g):
        (z,) = ctx.saved_tensors
        body = npz(spectrogram=z.detach().cpu().numpy(), cotangent=g.detach().cpu().numpy())
        gradient = post(ctx.url + "/v1/phase/vjp" + ctx.query, body, "application/x-npz")
        return torch.from_numpy(gradient).to(z.device), None, None, None


def npy(array):
    buffer = io.BytesIO()
    np.save(buffer, np.ascontiguousarray(array), allow_pickle=False)
    return buffer.getvalue()


def npz(**arrays):
    buffer = io.BytesIO()
    np.savez(buffer, **{name: np.ascontiguousarray(array) for name, array in arrays.items()})
    return buffer.getvalue()


def post(url, body, content_type):
    headers = {"Content-Type": content_type, "Accept": "application/x-npy"}
    with urllib.request.urlopen(urllib.request.Request(url, body, headers)) as answer:
        return np.load(io.BytesIO(answer.read()), allow_pickle=False)


# --- both, beside torch's own ----------------------------------------------------------------------------------------

def gradient(phase, z):
    leaf = z.clone().requires_grad_()
    phase(leaf).sum().backward()
    return leaf.grad


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--url", help="of a running service; without it only the formula is shown")
    url = arguments.parse_args().url

    torch.manual_seed(0)
    z = torch.complex(torch.randn(513, 100), torch.randn(513, 100))
    z[:, 40:60] = 0  # digital silence
    z[:, 60] = 1e-20 + 1e-20j  # whose square is 0 in float32
    z[:, 61] = 1e-20j

    candidates = {"torch.atan2": lambda z: torch.atan2(z.imag, z.real), "formula": lambda z: FormulaPhase.apply(z, 1e-6)}
    if url:
        candidates["service"] = lambda z: ServicePhase.apply(z, url.rstrip("/"))
    gradients = {name: gradient(phase, z) for name, phase in candidates.items()}
    for name, grad in gradients.items():
        bad = (~torch.isfinite(torch.view_as_real(grad)).all(-1)).sum().item()
        print(f"{name:12} non-finite gradients: {bad:5} of {z.numel()}, largest finite part: "
              f"{torch.view_as_real(grad).nan_to_num(0, 0, 0).abs().max().item():.4g}")
    if url:
        torch.testing.assert_close(gradients["service"], gradients["formula"], rtol=1e-5, atol=0)
        print("the service and the formula agree")


if __name__ == "__main__":
    main()
