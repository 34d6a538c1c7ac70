"""The safe phase, the reconstruction and the losses for PyTorch.

>>> from phasor.torch import Reconstruct, multi_resolution_stft, safe_phase
>>> phi = safe_phase(z)                                               # in process; a gradient that is never NaN
>>> audio = Reconstruct(client, hop_length=256)(z)                    # by the service, and its gradient too
>>> multi_resolution_stft(audio, target, client=client).backward()

The service computes in float32. What it answers has the dtype and the device of what was given, but for the loss of
half precision, which is float32; a tensor of another device goes to the CPU and back. torch.compile leaves these calls
out of its graphs. Nothing here has a second derivative.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

import numpy as np
import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from .client import Client, Parameter

_F = TypeVar("_F", bound=Callable[..., Any])


def _outside_of_graphs(function: _F) -> _F:
    """A call to the service is no part of what torch.compile makes; torch 1 has none."""
    compiler: Any = getattr(torch, "compiler", None)
    return function if compiler is None else compiler.disable(function)  # type: ignore[no-any-return]


__all__ = [
    "Reconstruct",
    "l1",
    "log_stft",
    "mel",
    "mse",
    "multi_resolution_stft",
    "multi_scale_mel",
    "phase",
    "safe_phase",
    "spectral_convergence",
]


def safe_phase(z: Tensor, im: Tensor | None = None, *, floor: float = 1e-6, floor_mode: str = "relative") -> Tensor:
    """atan2(im, re) in radians, never perturbed, with a gradient that is finite for all finite input.

    The gradient of g is g (-im, re) / max(r, f)^2 with r = |z|: exact wherever r >= f, at most |g| / f, and 0 at the
    origin. What exceeds the dtype is its largest number. It is computed in float64, as the service does, except on a
    device that has none (mps), and rounded once. No network is used.

    Args:
        z: complex ``[..., bins, frames]``; or the real parts, with ``im`` beside them, of float64, float32, bfloat16
            or float16.
        floor: f is floor times the largest r of an item, an item being the last two axes.
        floor_mode: ``"absolute"``: f is floor.

    A part that is not finite has atan2's value and a gradient of NaN in its own bin, and does not count for f.
    """
    if floor_mode not in ("relative", "absolute"):
        raise ValueError(f"floor_mode must be relative or absolute, got {floor_mode!r}")
    if not 0 <= floor < float("inf"):
        raise ValueError(f"floor must be finite and >= 0, got {floor}")
    if im is not None:
        if z.is_complex() or im.is_complex() or z.dtype != im.dtype or z.shape != im.shape:
            raise ValueError(f"re and im must be real and alike, got {z.dtype} {z.shape} and {im.dtype} {im.shape}")
        return _phase_of(z, im, floor, floor_mode)
    if not z.is_complex():
        raise ValueError(f"z must be complex, or re with im beside it, got {z.dtype}")
    return _phase_of(z.real, z.imag, floor, floor_mode)


def _phase_of(re: Tensor, im: Tensor, floor: float, floor_mode: str) -> Tensor:
    result: Tensor = _SafePhase.apply(re, im, floor, floor_mode == "relative")
    return result


class _SafePhase(torch.autograd.Function):
    @staticmethod
    def forward(  # type: ignore[override]
        ctx: Any, re: Tensor, im: Tensor, floor: float, relative: bool
    ) -> Tensor:
        ctx.save_for_backward(re, im)
        ctx.floor, ctx.relative = floor, relative
        # Not in the dtype of the gradient: atan2 is as good in float32, and faster.
        wide = torch.promote_types(re.dtype, torch.float32)
        return torch.atan2(im.to(wide), re.to(wide)).to(re.dtype)

    @staticmethod
    @once_differentiable  # type: ignore[misc, no-untyped-call]
    def backward(ctx: Any, cotangent: Tensor) -> tuple[Tensor, Tensor, None, None]:
        re, im = ctx.saved_tensors
        dtype, wide = re.dtype, torch.float32 if re.device.type == "mps" else torch.float64
        re, im, g = re.to(wide), im.to(wide), cotangent.to(wide)
        larger = torch.maximum(re.abs(), im.abs())
        finite = torch.isfinite(larger)
        # By a quarter where the largest r might exceed the dtype, though its parts do not.
        scale = torch.where(_largest(larger, finite) > torch.finfo(wide).max / 4, 0.25, 1.0).to(wide)
        re, im = re * scale, im * scale
        r = _magnitude(re, im, larger * scale)
        d = torch.maximum(r, ctx.floor * (_largest(r, finite) if ctx.relative else scale))
        d = torch.where(d == 0, torch.ones_like(d), d)
        limit = torch.finfo(dtype).max
        nan = torch.full_like(r, float("nan"))
        # The part is divided first, which makes it at most 1: no square under- or overflows, nothing is 0 times inf.
        dre, dim = (
            torch.where(finite, (g * (part / d) / d * scale).clamp(-limit, limit), nan).to(dtype) for part in (-im, re)
        )
        return dre, dim, None, None


def _largest(values: Tensor, finite: Tensor) -> Tensor:
    """Of an item, the last two axes, in a shape that spreads over it."""
    known = torch.where(finite, values, torch.zeros_like(values))
    return known.amax(dim=tuple(range(values.dim()))[-2:], keepdim=True) if values.numel() else known


def _magnitude(re: Tensor, im: Tensor, larger: Tensor) -> Tensor:
    """sqrt(re^2 + im^2) by the larger part, so that no square under- or overflows."""
    unit = torch.where(larger == 0, torch.ones_like(larger), larger)
    return larger * torch.sqrt((re / unit) ** 2 + (im / unit) ** 2)


class Reconstruct(torch.nn.Module):
    """Sound from a complex spectrogram by the service: y = ISTFT(M e^(i phase)), with the gradient to both.

    >>> audio = Reconstruct(client, n_fft=1024, hop_length=256)(z)             # complex [..., bins, frames]
    >>> audio = Reconstruct(client, hop_length=256)(z, magnitude)              # z's phase, another's magnitude

    Args:
        client: of the service.
        length: of the audio in samples, else that of the frames.
        gradient_policy, floor, floor_mode: of the phase, where a magnitude is given (docs/gradients.md).
        parameters: of the transform: n_fft, hop_length, win_length, window, center.

    One request in the forward pass, one in the backward pass; both raise what :class:`phasor.Client` raises.
    """

    def __init__(
        self,
        client: Client,
        *,
        length: int | None = None,
        gradient_policy: str | None = None,
        **parameters: Parameter,
    ) -> None:
        super().__init__()
        self._client = client
        self._length = length
        self._gradient_policy = gradient_policy
        self._transform = parameters

    def forward(self, z: Tensor, magnitude: Tensor | None = None) -> Tensor:
        if not z.is_complex():
            raise ValueError(f"z must be complex: a magnitude alone has no gradient through its phase, got {z.dtype}")
        return _sound(z, magnitude, self._client, self._length, self._gradient_policy, self._transform)


@_outside_of_graphs
def _sound(*given: Any) -> Tensor:
    result: Tensor = _Sound.apply(*given)
    return result


class _Sound(torch.autograd.Function):
    @staticmethod
    def forward(  # type: ignore[override]
        ctx: Any,
        z: Tensor,
        magnitude: Tensor | None,
        client: Client,
        length: int | None,
        gradient_policy: str | None,
        parameters: dict[str, Any],
    ) -> Tensor:
        ctx.save_for_backward(z, magnitude)
        ctx.client, ctx.gradient_policy, ctx.parameters = client, gradient_policy, parameters
        if magnitude is None:
            audio = client.reconstruct(_sent(z), length=length, **parameters)
        else:
            audio = client.reconstruct(
                spectrogram=_sent(z), magnitude=_sent(magnitude), length=length, **parameters
            )
        return _received(audio, z.device, z.real.dtype)

    @staticmethod
    @once_differentiable  # type: ignore[misc, no-untyped-call]
    def backward(ctx: Any, cotangent: Tensor) -> tuple[Tensor | None, ...]:
        z, magnitude = ctx.saved_tensors
        step = ctx.client.reconstruct_vjp(
            _sent(z),
            magnitude=None if magnitude is None else _sent(magnitude),
            cotangent=_sent(cotangent),
            gradient_policy=ctx.gradient_policy,
            **ctx.parameters,
        )
        gradient = _received(step.gradient, z.device, z.dtype)
        of_magnitude = (
            None if magnitude is None else _received(step.magnitude_gradient, magnitude.device, magnitude.dtype)
        )
        return gradient, of_magnitude, None, None, None, None


class Loss(Protocol):
    """A loss by the service: one request has its value and its gradient.

    ``estimate``: audio ``[..., samples]``, or a complex spectrogram ``[..., bins, frames]``, with a ``magnitude`` in
    place of its own if one likes. ``target``: audio of the estimate's length; it has no gradient. The answer is a
    scalar, the mean of the items' losses. ``parameters``: of the transform, and ``gradient_policy``, ``floor``.
    """

    def __call__(
        self,
        estimate: Tensor,
        target: Tensor,
        *,
        client: Client,
        magnitude: Tensor | None = None,
        **parameters: Parameter,
    ) -> Tensor: ...


def _loss(name: str, meaning: str) -> Loss:
    def loss(
        estimate: Tensor,
        target: Tensor,
        *,
        client: Client,
        magnitude: Tensor | None = None,
        **parameters: Parameter,
    ) -> Tensor:
        sent: dict[str, Any] = {**parameters, "loss": name}
        return _compared(estimate, magnitude, target, client, sent)

    loss.__name__ = loss.__qualname__ = name
    loss.__doc__ = f"{meaning}\n\n{Loss.__doc__}"
    return loss


# As docs/gradients.md defines them.
mse = _loss("mse", "mean (y - t)^2.")
l1 = _loss("l1", "mean |y - t|.")
spectral_convergence = _loss("spectral_convergence", "||S - T|| / ||T||, over the bins and frames of the transform.")
log_stft = _loss("log_stft", "mean |ln S - ln T|.")
multi_resolution_stft = _loss(
    "multi_resolution_stft", "spectral_convergence + log_stft, the mean over Parallel WaveGAN's three resolutions."
)
phase = _loss("phase", "The anti-wrapping distance of phase, group delay and instantaneous frequency, a third each.")
mel = _loss("mel", "mean |v - u| of a trainer's mels; ``preset`` or the parameters of a mel say whose.")
multi_scale_mel = _loss(
    "multi_scale_mel", "The sum of mean |log10 distance| of mels at seven windows, DAC's; it needs ``sample_rate``."
)


@_outside_of_graphs
def _compared(*given: Any) -> Tensor:
    result: Tensor = _Compared.apply(*given)
    return result


class _Compared(torch.autograd.Function):
    @staticmethod
    def forward(  # type: ignore[override]
        ctx: Any,
        estimate: Tensor,
        magnitude: Tensor | None,
        target: Tensor,
        client: Client,
        parameters: Mapping[str, Any],
    ) -> Tensor:
        step = client.reconstruct_vjp(
            _sent(estimate),
            magnitude=None if magnitude is None else _sent(magnitude),
            target=_sent(target),
            input=None if estimate.is_complex() else "audio",
            **parameters,
        )
        # A gradient is small until it is multiplied by a loss's scale: half precision would round it to 0 before.
        ctx.save_for_backward(
            _received(step.gradient, estimate.device, _wide(estimate.dtype)),
            None
            if magnitude is None
            else _received(step.magnitude_gradient, magnitude.device, _wide(magnitude.dtype)),
        )
        ctx.dtypes = estimate.dtype, None if magnitude is None else magnitude.dtype
        return torch.tensor(step.loss, device=estimate.device, dtype=_real(_wide(estimate.dtype)))

    @staticmethod
    @once_differentiable  # type: ignore[misc, no-untyped-call]
    def backward(ctx: Any, cotangent: Tensor) -> tuple[Tensor | None, ...]:
        gradient, of_magnitude = ctx.saved_tensors
        scaled = (
            None if part is None else (part * cotangent).to(dtype)
            for part, dtype in zip((gradient, of_magnitude), ctx.dtypes)
        )
        return *scaled, None, None, None


def _wide(dtype: torch.dtype) -> torch.dtype:
    """At least float32, or complex64."""
    return torch.promote_types(dtype, torch.float32)


def _real(dtype: torch.dtype) -> torch.dtype:
    return torch.empty((), dtype=dtype).abs().dtype


def _sent(tensor: Tensor) -> np.ndarray[Any, Any]:
    """In float32 or complex64, which the service computes in."""
    wire = torch.complex64 if tensor.is_complex() else torch.float32
    array: np.ndarray[Any, Any] = tensor.detach().to(device="cpu", dtype=wire).resolve_conj().resolve_neg().numpy()
    return array


def _received(array: Any, device: torch.device, dtype: torch.dtype) -> Tensor:
    return torch.from_numpy(np.asarray(array)).to(device=device, dtype=dtype)
