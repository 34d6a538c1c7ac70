"""What a call returns.

An answer is an ndarray itself, so that it goes wherever an array goes. Its ``report`` stays with views and copies, and
leaves with arithmetic: a report of z says nothing of 2 z. ``numpy.memmap`` is a precedent for both.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Report = dict[str, Any]

_IEEE_FLOAT = 3  # WAVE_FORMAT_IEEE_FLOAT of Microsoft's mmreg.h


class Array(np.ndarray[Any, np.dtype[Any]]):
    """An answered array with the service's ``report`` on it: see docs/api.md, Answers."""

    report: Report

    def __array_finalize__(self, obj: npt.NDArray[Any] | None) -> None:
        self.report = getattr(obj, "report", {})

    def __array_wrap__(self, array: Any, context: Any = None, return_scalar: bool = False) -> Any:
        return array[()] if return_scalar or array.ndim == 0 else np.asarray(array)

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), np.asarray(self), self.report)


class Audio(Array):
    """Samples ``[..., samples]``, 1 being full scale."""

    @property
    def sample_rate(self) -> int | None:
        """In Hz; None where neither the input nor a parameter told it."""
        rate = self.report.get("sample_rate")
        return None if rate is None else int(rate)

    def save(self, path: str | os.PathLike[str], sample_rate: int | None = None) -> None:
        """Writes WAV (float32, so nothing is clipped) or NPY, as the path ends.

        ValueError without a sample rate, and for more axes than [channels, samples].
        """
        ending = os.path.splitext(os.fspath(path))[1].lower()
        if ending == ".npy":
            np.save(path, np.asarray(self))
        elif ending in (".wav", ".wave"):
            rate = self.sample_rate if sample_rate is None else sample_rate
            if rate is None:
                raise ValueError("WAV needs a sample rate: give sample_rate to save, or to the call")
            content = _wav(np.asarray(self), rate)
            with open(path, "wb") as file:
                file.write(content)
        else:
            raise ValueError(f"the path must end in .wav or .npy, got {os.fspath(path)!r}")


def _wav(samples: npt.NDArray[Any], rate: int) -> bytes:
    if samples.ndim not in (1, 2):
        raise ValueError(f"WAV holds [samples] or [channels, samples], got {samples.shape}")
    channels = 1 if samples.ndim == 1 else samples.shape[0]
    data = samples.T.astype("<f4").tobytes()
    if 50 + len(data) > 0xFFFFFFFF:
        raise ValueError(f"WAV holds 4 GB, got {len(data)} bytes: save NPY")
    fmt = struct.pack("<HHIIHHH", _IEEE_FLOAT, channels, rate, 4 * channels * rate, 4 * channels, 32, 0)
    fact = struct.pack("<4sII", b"fact", 4, samples.shape[-1])
    head = struct.pack("<4sI4s4sI", b"RIFF", 50 + len(data), b"WAVE", b"fmt ", len(fmt))
    return head + fmt + fact + struct.pack("<4sI", b"data", len(data)) + data


def with_report(kind: type[Any], array: npt.ArrayLike, report: Report) -> Any:
    answer = np.asarray(array).view(kind)
    answer.report = report
    return answer


def _restored(kind: type[Any], array: npt.NDArray[Any], report: Report) -> Any:
    return with_report(kind, array, report)


@dataclass(frozen=True)
class Step:
    """The end of a training step, as ``reconstruct_vjp`` answers it.

    ``audio``: y ``[..., samples]``. ``loss``: of y against the target, the mean of the items'; None with a cotangent.
    ``gradient``: of the loss with respect to the spectrogram (dL/dre + i dL/dim), the audio, or the magnitude or mel
    that came alone, in its shape.
    ``magnitude_gradient``: with respect to the magnitude, where one was sent.
    """

    audio: Audio
    loss: float | None
    gradient: Array
    magnitude_gradient: Array | None
    report: Report
