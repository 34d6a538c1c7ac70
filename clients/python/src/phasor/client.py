"""The operations as methods: arrays in, arrays out."""

from __future__ import annotations

import io
import json
import os
import ssl
from collections.abc import Mapping
from types import TracebackType
from typing import IO, Any, Union
from urllib.parse import quote, urlencode

import numpy as np

from .answers import Array, Audio, Report, Step, with_report
from .bodies import Value, body
from .jobs import Jobs
from .transport import Answer, Transport

Parameter = Union[str, int, float, bool, np.generic, None]

_NPY, _NPZ, _JSON = "application/x-npy", "application/x-npz", "application/json"


class Client:
    """A Phasor service.

    >>> client = phasor.Client("http://127.0.0.1:8080")
    >>> audio = client.reconstruct(magnitude, hop_length=256, sample_rate=16000)
    >>> audio.save("found.wav"), audio.report["spectral_convergence_db"]

    Threads may share one; each has a connection while it asks.

    Args:
        url: of the service. PHASOR_URL, else http://127.0.0.1:8080.
        key: where the service has keys. PHASOR_KEY, else none.
        timeout: seconds without a byte from the service, then :class:`TimedOut`. The service itself ends a request
            after its ``phasor.compute.timeout``, 300 s unless set.
        retries: how often a request is asked again where the service said 429 or 503, or refused the connection.
        longest_pause: seconds. A ``Retry-After`` beyond it is not waited for.
        context: of TLS, where the url is https; the system's authorities are trusted unless given.

    **Values.** An array is whatever ``numpy.asarray`` takes: float or complex of any width, integers as PCM. A ``str``
    or ``Path`` names a file, and bytes or a file opened with ``"rb"`` are one: WAV, FLAC, NPY, NPZ, JSON by their
    bytes, with the parameters' meaning for a file. Audio is ``[..., samples]``, 1 being full scale; a spectrogram
    complex ``[..., bins, frames]``, bins = n_fft/2 + 1; a magnitude real, in that shape; a phase in radians.

    **Parameters** have librosa's names. What is left out is the service's default. Names that a method does not list
    go to the service as they are: it takes ``sr`` for ``sample_rate``, and answers ``hop_lenght`` with "did you mean".

    ==============  ==============================  ======================================================
    ``n_fft``       2048; from a spectrogram        samples of a frame, even or odd
                    2 (bins - 1)
    ``hop_length``  n_fft/4                         samples from frame to frame
    ``win_length``  n_fft                           samples of the window, in the middle of its frame
    ``window``      ``"hann"``                      periodic; also hamming, blackman, blackmanharris, nuttall,
                                                    bartlett, boxcar, kaiser (``beta=12``), gaussian
                                                    (``std=win_length/8``), truncated_gaussian
    ``center``      ``True``                        frame t is centered on sample t hop_length
    ``pad_mode``    ``"constant"``                  or reflect, edge: beyond the ends where centered
    ``layout``      ``"complex"``                   ``"subbands"``: float ``[batch, 2, bins, frames]``, in and out
    ``input``       by type and axes                what an array is: audio, spectrogram, magnitude
    ``timeout``     the service's, 300 s            seconds that the service may take; past it :class:`Unavailable`
    ==============  ==============================  ======================================================

    **Answers** are arrays with a ``report``: what was taken for granted, how good it is, and ``warnings``. Where a
    figure has more than 32 items, the report has their ``count``, ``mean``, ``min`` and ``max``.

    **Errors.** :class:`BadRequest` (a ValueError) for what the service does not take, with its ``code``, ``detail`` and
    ``request_id``; :class:`Unauthorized`; :class:`TooManyRequests` and :class:`Unavailable` when the retries are used
    up; :class:`Unreachable`, :class:`ConnectionLost`, :class:`TimedOut`. All are :class:`PhasorError`.
    """

    def __init__(
        self,
        url: str | None = None,
        key: str | None = None,
        *,
        timeout: float = 310.0,
        retries: int = 4,
        longest_pause: float = 30.0,
        context: ssl.SSLContext | None = None,
    ) -> None:
        address = url or os.environ.get("PHASOR_URL") or "http://127.0.0.1:8080"
        named = "url" if url else "PHASOR_URL"
        self._transport = Transport(
            address, key or os.environ.get("PHASOR_KEY"), timeout, retries, longest_pause, context, named
        )
        self.jobs = Jobs(self)

    @property
    def url(self) -> str:
        return self._transport.url

    def close(self) -> None:
        """Closes the connections that are kept. A later call opens one."""
        self._transport.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"phasor.Client({self.url!r})"

    def stft(
        self,
        /,
        audio: Value,
        *,
        n_fft: int | None = None,
        hop_length: int | None = None,
        win_length: int | None = None,
        window: str | None = None,
        center: bool | None = None,
        pad_mode: str | None = None,
        output: str | None = None,
        **parameters: Parameter,
    ) -> Array:
        """The spectrogram of audio, complex64 ``[..., bins, frames]``, one-sided and not normalised.

        ``output="magnitude"``, ``"power"`` or ``"db"`` (20 log10(max(|z|, 1e-5))) answers that instead, float32.
        """
        return self._array(
            "stft",
            {"file": audio},
            parameters,
            n_fft=n_fft,
            hop_length=hop_length,
            win_length=win_length,
            window=window,
            center=center,
            pad_mode=pad_mode,
            output=output,
        )

    def istft(
        self,
        /,
        spectrogram: Value,
        *,
        hop_length: int | None = None,
        n_fft: int | None = None,
        win_length: int | None = None,
        window: str | None = None,
        center: bool | None = None,
        length: int | None = None,
        sample_rate: int | None = None,
        **parameters: Parameter,
    ) -> Audio:
        """The audio of a complex spectrogram, float32 ``[..., samples]``: the least-squares inverse.

        ``length``: in samples, else that of the frames. ``sample_rate``: in Hz, for ``save``.

        Raises :class:`Unprocessable` with code ``nola`` where window and hop have no inverse.
        """
        return self._audio(
            "istft",
            {"file": spectrogram},
            parameters,
            hop_length=hop_length,
            n_fft=n_fft,
            win_length=win_length,
            window=window,
            center=center,
            length=length,
            sample_rate=sample_rate,
        )

    def phase(
        self,
        /,
        value: Value,
        *,
        n_fft: int | None = None,
        hop_length: int | None = None,
        win_length: int | None = None,
        window: str | None = None,
        **parameters: Parameter,
    ) -> Array:
        """atan2(im, re) of a complex spectrogram, or of that of audio: float32 radians in [-pi, pi], within 2 ulp."""
        return self._array(
            "phase",
            {"file": value},
            parameters,
            n_fft=n_fft,
            hop_length=hop_length,
            win_length=win_length,
            window=window,
        )

    def phase_vjp(
        self,
        /,
        spectrogram: Value,
        cotangent: Value,
        *,
        gradient_policy: str | None = None,
        floor: float | None = None,
        floor_mode: str | None = None,
        **parameters: Parameter,
    ) -> Array:
        """The gradient dL/dre + i dL/dim from the cotangent dL/dphase, in the spectrogram's shape; always finite.

        ``gradient_policy``: ``"clamped"`` (default), g (-im, re) / max(r, f)^2; or regularized, zero_below, exact.
        ``floor``: 1e-6, times the item's largest magnitude unless ``floor_mode="absolute"``.
        """
        return self._array(
            "phase/vjp",
            {"spectrogram": spectrogram, "cotangent": cotangent},
            parameters,
            gradient_policy=gradient_policy,
            floor=floor,
            floor_mode=floor_mode,
        )

    def diagnose(
        self,
        /,
        value: Value,
        *,
        limit: int | None = None,
        eps: float | None = None,
        fail_on_anomaly: bool | None = None,
        **parameters: Parameter,
    ) -> Report:
        """Where a phase's gradient is in danger: ``bins``, ``hazards``, ``first`` of each, and what ``recipes`` do.

        ``limit``: hazardous bins listed of each kind, 10. ``eps``: instead of the recipes' constants.

        Raises :class:`Unprocessable` with code ``anomaly`` where the naive gradient is not finite, with
        ``fail_on_anomaly=True``.
        """
        return self._report(
            "phase/diagnose",
            {"file": value},
            parameters,
            limit=limit,
            eps=eps,
            fail_on_anomaly=fail_on_anomaly,
        )

    def reconstruct(
        self,
        /,
        value: Value | None = None,
        *,
        spectrogram: Value | None = None,
        magnitude: Value | None = None,
        phase: Value | None = None,
        mask: Value | None = None,
        mel: Value | None = None,
        preset: str | None = None,
        n_fft: int | None = None,
        hop_length: int | None = None,
        win_length: int | None = None,
        window: str | None = None,
        center: bool | None = None,
        length: int | None = None,
        sample_rate: int | None = None,
        power: int | None = None,
        algorithm: str | None = None,
        n_iter: int | None = None,
        init: str | None = None,
        seed: int | None = None,
        **parameters: Parameter,
    ) -> Audio:
        """Sound, float32 ``[..., samples]``, and in the report how near it came (``spectral_convergence_db``).

        Args:
            value: audio or a complex spectrogram, whose phase is kept; or a magnitude, for which one is found.
            spectrogram: with ``magnitude``: the phase of the one, the magnitude of the other.
            phase, mask: where to start, with ``init="given"``; where the mask is not 0 the phase stays.
            mel: a mel spectrogram ``[..., mels, frames]``, with ``preset`` (one of :meth:`mels`) or its parameters.
            length: in samples. sample_rate: in Hz, for ``save``. power: 1, or 2 of a magnitude that is |z|^2.
            algorithm: ``"auto"`` for magnitudes; docs/reconstruction.md says which to choose.
            n_iter: 100. init: ``"pghi"``, or spsi, random, zero, given. seed: 0, of what is random.
            parameters: also momentum (0.99), tolerance (0: off), beta, std, pad_mode, layout, floor, timeout.
        """
        _check_mel(mel)
        return self._audio(
            "reconstruct",
            {
                "file": value,
                "spectrogram": spectrogram,
                "magnitude": magnitude,
                "phase": phase,
                "mask": mask,
                "mel": mel,
            },
            parameters,
            mel=preset,
            n_fft=n_fft,
            hop_length=hop_length,
            win_length=win_length,
            window=window,
            center=center,
            length=length,
            sample_rate=sample_rate,
            power=power,
            algorithm=algorithm,
            n_iter=n_iter,
            init=init,
            seed=seed,
        )

    def reconstruct_vjp(
        self,
        /,
        value: Value | None = None,
        *,
        magnitude: Value | None = None,
        mel: Value | None = None,
        cotangent: Value | None = None,
        target: Value | None = None,
        loss: str | None = None,
        preset: str | None = None,
        n_fft: int | None = None,
        hop_length: int | None = None,
        win_length: int | None = None,
        window: str | None = None,
        gradient_policy: str | None = None,
        **parameters: Parameter,
    ) -> Step:
        """Sound from what a model emitted, its loss, and the gradient all the way back: finite always.

        Args:
            value: a complex spectrogram, or audio.
            magnitude: used instead of the spectrogram's own.
            target: audio to reach, with ``loss``: mse, l1, spectral_convergence, log_stft, multi_resolution_stft,
                phase, mel, multi_scale_mel. docs/gradients.md defines them.
            mel: a mel spectrogram ``[..., mels, frames]`` instead of value, with ``algorithm``.
            preset: of mel and of ``loss="mel"``, one of :meth:`mels`; or its parameters.
            cotangent: dL/dy ``[..., samples]`` computed elsewhere, instead of target and loss.

        With ``algorithm="griffinlim"``, ``"fast_griffinlim"`` or ``"agla"`` value is a magnitude, or there is a mel, and
        the gradient, with respect to it, passes ``through`` its iterations: ``"unrolled"``, ``"implicit"`` or
        ``"constant_phase"``.
        """
        _check_mel(mel)
        arrays, report = self._npz(
            "reconstruct/vjp",
            {"file": value, "magnitude": magnitude, "mel": mel, "cotangent": cotangent, "target": target},
            parameters,
            loss=loss,
            mel=preset,
            n_fft=n_fft,
            hop_length=hop_length,
            win_length=win_length,
            window=window,
            gradient_policy=gradient_policy,
        )
        gradients = [arrays[name] for name in ("gradient", "magnitude_gradient", "mel_gradient") if name in arrays]
        return Step(
            audio=arrays["audio"].view(Audio),
            loss=report.get("loss"),
            gradient=gradients[0],
            magnitude_gradient=arrays.get("magnitude_gradient"),
            report=report,
        )

    def evaluate(
        self,
        /,
        audio: Value,
        reference: Value | None = None,
        *,
        magnitude: Value | None = None,
        n_fft: int | None = None,
        hop_length: int | None = None,
        **parameters: Parameter,
    ) -> Report:
        """How near audio comes to a reference of its length, or to the magnitudes it was made from.

        ``spectral_convergence_db``, ``inconsistency_db``, ``log_spectral_distance_db``, ``snr_db``, ``si_sdr_db``.
        """
        return self._report(
            "evaluate",
            {"audio": audio, "reference": reference, "magnitude": magnitude},
            parameters,
            n_fft=n_fft,
            hop_length=hop_length,
        )

    def mel(
        self,
        /,
        audio: Value,
        preset: str | None = None,
        *,
        sample_rate: int | None = None,
        n_fft: int | None = None,
        hop_length: int | None = None,
        win_length: int | None = None,
        n_mels: int | None = None,
        fmin: float | None = None,
        fmax: float | None = None,
        mel_scale: str | None = None,
        mel_norm: str | None = None,
        power: int | None = None,
        log: str | None = None,
        log_floor: float | None = None,
        **parameters: Parameter,
    ) -> Array:
        """The mel spectrogram of audio, float32 ``[..., mels, frames]``, as the preset's own trainer makes it.

        ``preset``: one of :meth:`mels`, such as ``"hifigan"``; the others, where given, take the place of its own.
        ``sample_rate``, ``fmin``, ``fmax`` in Hz. ``log``: none, ln, log10, db, of at least ``log_floor``.

        Raises :class:`NotFound` where the service has no mels.
        """
        return self._array(
            "mel",
            {"file": audio},
            parameters,
            mel=preset,
            sample_rate=sample_rate,
            n_fft=n_fft,
            hop_length=hop_length,
            win_length=win_length,
            n_mels=n_mels,
            fmin=fmin,
            fmax=fmax,
            mel_scale=mel_scale,
            mel_norm=mel_norm,
            power=power,
            log=log,
            log_floor=log_floor,
        )

    def mel_vjp(
        self,
        /,
        audio: Value,
        cotangent: Value,
        preset: str | None = None,
        **parameters: Parameter,
    ) -> Array:
        """The gradient with respect to audio, of its shape, from the cotangent on what :meth:`mel` makes of it.

        ``preset`` and ``parameters`` as there. Raises :class:`NotFound` where the service has no mels.
        """
        return self._array("mel/vjp", {"audio": audio, "cotangent": cotangent}, parameters, mel=preset)

    def stretch(
        self,
        /,
        audio: Value,
        *,
        rate: float | None = None,
        semitones: float | None = None,
        time_map: Value | None = None,
        n_iter: int | None = None,
        n_fft: int | None = None,
        hop_length: int | None = None,
        **parameters: Parameter,
    ) -> Audio:
        """Audio at another speed, or with another pitch; all channels are stretched as one.

        ``rate`` 2 is twice as fast, and ``[..., samples]`` become ``round(samples / rate)``. ``time_map``: ``[points,
        2]``, seconds of the source and when they are heard, in place of ``rate``. docs/stretch.md has the rest.
        """
        return self._audio(
            "stretch",
            {"audio": audio, "time_map": time_map},
            parameters,
            rate=rate,
            semitones=semitones,
            n_iter=n_iter,
            n_fft=n_fft,
            hop_length=hop_length,
        )

    def separate(
        self,
        /,
        mixture: Value,
        *,
        magnitude: Value | None = None,
        mask: Value | None = None,
        estimate: Value | None = None,
        reference: Value | None = None,
        algorithm: str | None = None,
        n_iter: int | None = None,
        hop_length: int | None = None,
        weights: str | None = None,
        residual: bool | None = None,
        **parameters: Parameter,
    ) -> Audio:
        """The sources of a mixture, ``[sources, ..., samples]``, whose sum is the mixture.

        One of ``magnitude``, ``mask`` and complex ``estimate``, ``[sources, ..., bins, frames]``, tells of them.
        ``reference``: the true sources, for ``si_sdr_db`` in the report. docs/sources.md has the parameters.
        """
        return self._audio(
            "separate",
            {
                "audio": mixture,
                "magnitude": magnitude,
                "mask": mask,
                "estimate": estimate,
                "reference": reference,
            },
            parameters,
            algorithm=algorithm,
            n_iter=n_iter,
            hop_length=hop_length,
            weights=weights,
            residual=residual,
        )

    def separate_vjp(
        self,
        /,
        mixture: Value,
        cotangent: Value,
        *,
        magnitude: Value | None = None,
        mask: Value | None = None,
        estimate: Value | None = None,
        n_iter: int | None = None,
        hop_length: int | None = None,
        weights: str | None = None,
        **parameters: Parameter,
    ) -> Array:
        """The gradient with respect to the one of ``magnitude``, ``mask`` and ``estimate`` that is given, of its shape.

        ``cotangent``: dL/dy of what :meth:`separate` answers, ``[sources, ..., samples]``.
        """
        arrays, _ = self._npz(
            "separate/vjp",
            {"audio": mixture, "cotangent": cotangent, "magnitude": magnitude, "mask": mask, "estimate": estimate},
            parameters,
            n_iter=n_iter,
            hop_length=hop_length,
            weights=weights,
        )
        gradient: Array = arrays["gradient"]
        return gradient

    def mels(self) -> Any:
        """The presets of :meth:`mel`, each with its parameters: numbers, truths and words. Raises :class:`NotFound` where it has none."""
        return json.loads(self._transport.ask("GET", "/v1/mels", {"Accept": _JSON}, None).body)

    def post(
        self,
        operation: str,
        values: Mapping[str, Value | None],
        parameters: Mapping[str, Parameter],
        accept: str,
        sink: IO[bytes] | None = None,
    ) -> Answer:
        """Any operation: the answer's bytes in the form that ``accept`` names. The methods above are made of it.

        ``values`` by their names in docs/api.md; one alone by the name ``file`` is sent as it is. A long answer goes
        into ``sink``, a file opened for writing bytes, as it comes.
        """
        query = urlencode({name: _text(value) for name, value in parameters.items() if value is not None})
        target = f"/v1/{quote(operation)}" + (f"?{query}" if query else "")
        sent = body({name: value for name, value in values.items() if value is not None})
        return self._transport.ask("POST", target, {"Accept": accept}, sent, sink)

    def _array(
        self, operation: str, values: Mapping[str, Value], more: Mapping[str, Parameter], **named: Parameter
    ) -> Array:
        array: Array = self._npy(Array, operation, values, {**named, **more})
        return array

    def _audio(
        self, operation: str, values: Mapping[str, Value | None], more: Mapping[str, Parameter], **named: Parameter
    ) -> Audio:
        audio: Audio = self._npy(Audio, operation, values, {**named, **more})
        return audio

    def _npy(
        self,
        kind: type[Array],
        operation: str,
        values: Mapping[str, Value | None],
        parameters: Mapping[str, Parameter],
    ) -> Any:
        answer = self.post(operation, values, _without_form(parameters), _NPY)
        return with_report(kind, np.load(io.BytesIO(answer.body), allow_pickle=False), report_of(answer))

    def _npz(
        self, operation: str, values: Mapping[str, Value | None], more: Mapping[str, Parameter], **named: Parameter
    ) -> tuple[dict[str, Any], Report]:
        answer = self.post(operation, values, _without_form({**named, **more}), _NPZ)
        report = report_of(answer)
        with np.load(io.BytesIO(answer.body), allow_pickle=False) as arrays:
            return {name: with_report(Array, arrays[name], report) for name in arrays.files}, report

    def _report(
        self, operation: str, values: Mapping[str, Value | None], more: Mapping[str, Parameter], **named: Parameter
    ) -> Report:
        answer = self.post(operation, values, _without_form({**named, **more}), _JSON)
        report: Report = json.loads(answer.body)
        return report


def report_of(answer: Answer) -> Report:
    report: Report = json.loads(answer.headers.get("Phasor-Report", "{}"))
    return report


def _check_mel(mel: Value | None) -> None:
    if isinstance(mel, str) and not os.path.exists(mel):
        raise FileNotFoundError(f"mel must be an array or a file; a preset has its name in preset={mel!r}")


def _without_form(parameters: Mapping[str, Parameter]) -> Mapping[str, Parameter]:
    if parameters.get("response_format") is not None:
        raise TypeError("response_format is not the caller's: answers come as arrays; Client.post answers bytes")
    return parameters


def _text(value: Parameter) -> str:
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    return str(value)
