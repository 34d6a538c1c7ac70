"""Client of Phasor: spectrograms back into sound, over HTTP, with a phase whose gradient is never NaN.

>>> import phasor
>>> client = phasor.Client("http://127.0.0.1:8080")
>>> z = client.stft("speech.wav", n_fft=1024, hop_length=256)

NumPy and the standard library are all it needs. :mod:`phasor.torch` has the safe phase, the reconstruction and the
losses for PyTorch, and is imported by its own name.
"""

from .aio import AsyncClient
from .answers import Array, Audio, Report, Step
from .bodies import Value
from .client import Client, Parameter
from .jobs import Job, Jobs
from .problems import (
    BadRequest,
    ConnectionLost,
    NotFound,
    PhasorError,
    Problem,
    TimedOut,
    TooLarge,
    TooManyRequests,
    Unauthorized,
    Unavailable,
    Unprocessable,
    Unreachable,
)

__all__ = [
    "Array",
    "AsyncClient",
    "Audio",
    "BadRequest",
    "Client",
    "ConnectionLost",
    "Job",
    "Jobs",
    "NotFound",
    "Parameter",
    "PhasorError",
    "Problem",
    "Report",
    "Step",
    "TimedOut",
    "TooLarge",
    "TooManyRequests",
    "Unauthorized",
    "Unavailable",
    "Unprocessable",
    "Unreachable",
    "Value",
]
