"""One hostile request, and when its answer is right: shared by the attacks."""

import io
from dataclasses import dataclass
from typing import Callable

import numpy as np

from service import from_npy, npy
from wire import finite, infer, request

NPY, JSON = "application/x-npy", "application/json"
GRACE = 0.5  # seconds that an answer may be later than its deadline
DECODED = 20e6  # bytes a second at which a body comes, before its deadline begins


@dataclass
class Ask:
    """One request: its blocks, the seconds in which it is answered, and what is right where it is answered 200."""

    name: str
    blocks: Callable
    seconds: float
    right: Callable = finite
    load: bool = False

    def verdict(self, answer):
        """What is wrong with the answer; nothing where it is right, or a clear refusal."""
        if answer.error:
            return answer.error
        if answer.seconds > self.seconds:
            return f"{answer} after {answer.seconds:.1f} s"
        if answer.status == 200:
            return "" if self.right(answer) else "200, but wrong"
        return unclear(answer)


def unclear(answer):
    """What a refusal lacks to be a clear one."""
    problem = answer.problem()
    text = problem.get("detail") or problem.get("error")
    if not (400 <= answer.status < 500 or answer.status == 503):
        return str(answer)
    if not text or ("code" not in problem and "error" not in problem):
        return f"{answer.status}, no problem with code and detail"
    return f"{answer}: a detail of {len(text)} characters" if len(text) > 1000 else ""


def refused(answer):
    """Of what no answer 200 can be right."""
    return False


def v1(endpoint, body, kind=NPY, headers=(), seconds=1.0, right=finite, load=False, **parameters):
    """A request to /v1 that asks for an answer in so many seconds."""
    parameters = {"timeout": seconds, **parameters}
    path = f"/v1/{endpoint}?" + "&".join(f"{name}={value}" for name, value in parameters.items())
    data = body if isinstance(body, bytes) else npy(body)
    return Ask(f"{path} {len(data)} B", lambda: [request(path, kind, data, headers)], seconds + GRACE + len(data) / DECODED, right, load)


def v2(model, seconds=10.0, right=finite, inputs=None, **parameters):
    """A request to /v2, whose deadline is the service's."""
    data = infer(inputs, **parameters)
    return Ask(f"/v2 {model} {parameters} {len(data)} B", lambda: [request(f"/v2/models/{model}/infer", JSON, data)], seconds + GRACE, right)


def window(kind, size, beta):
    n = np.arange(size)
    return np.i0(beta * np.sqrt(1 - (2 * n / size - 1) ** 2)) / np.i0(beta) if kind == "kaiser" else 0.5 - 0.5 * np.cos(2 * np.pi * n / size)


def first_frame(x, n_fft, kind="hann", beta=12.0):
    """Whether an answer's first frame is numpy's, of audio [..., samples] of which no other frame begins within it."""
    def right(answer):
        value = from_npy(answer.body)
        centered = np.zeros(x.shape[:-1] + (n_fft,))
        part = x[..., : n_fft - n_fft // 2]
        centered[..., n_fft // 2 : n_fft // 2 + part.shape[-1]] = part
        expected = np.fft.rfft(centered * window(kind, n_fft, beta))
        return value.shape[:-1] == expected.shape and np.abs(value[..., 0] - expected).max() <= 1e-5 * max(1e-30, np.abs(expected).max())
    return right


def npz(**arrays):
    out = io.BytesIO()
    np.savez_compressed(out, **{name: np.asarray(value, value.dtype if value.dtype != float else np.float32) for name, value in arrays.items()})
    return out.getvalue()


def npz_finite(answer):
    values = np.load(io.BytesIO(answer.body)).values()
    return all(np.isfinite(each).all() for each in values if each.dtype.kind != "U")
