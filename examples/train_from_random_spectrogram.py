"""A whole training loop on the client's side: Adam in numpy, loss and gradient from POST /v1/reconstruct/vjp.

    python examples/train_from_random_spectrogram.py [--url http://127.0.0.1:8080] [--steps 300]

Needs numpy. A random complex spectrogram is trained until it sounds like 2 s of speech with half a second of digital
silence in it. Prints the first and the last loss and how many steps were not finite: none.
"""

import argparse
import io
import math
import urllib.request
import wave
from pathlib import Path

import numpy as np

SPEECH = Path(__file__).parent / "audio" / "speech_en_m1_libri_16k.wav"
N_FFT, HOP = 1024, 256
LEARNING_RATE, BETA1, BETA2, EPSILON = 0.1, 0.9, 0.999, 1e-8


def clip():
    with wave.open(str(SPEECH)) as file:
        rate = file.getframerate()
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32) / 32768
    samples = samples[rate : 3 * rate].copy()
    samples[rate // 2 : rate] = 0
    return samples


def step(url, spectrogram, target):
    """One request: the loss of the waveform that this spectrogram makes, and the way downhill."""
    body = io.BytesIO()
    np.savez(body, spectrogram=spectrogram, target=target)
    request = urllib.request.Request(
        f"{url}/v1/reconstruct/vjp?loss=multi_resolution_stft&n_fft={N_FFT}&hop_length={HOP}",
        body.getvalue(),
        {"Content-Type": "application/x-npz", "Accept": "application/x-npz"},
    )
    with urllib.request.urlopen(request) as answer, np.load(io.BytesIO(answer.read()), allow_pickle=False) as arrays:
        return float(arrays["loss"]), arrays["gradient"], arrays["audio"]


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--url", default="http://127.0.0.1:8080")
    arguments.add_argument("--steps", type=int, default=300)
    options = arguments.parse_args()

    target = clip()
    rng = np.random.default_rng(0)
    shape = (N_FFT // 2 + 1, 1 + len(target) // HOP)
    z = rng.standard_normal(shape) + 1j * rng.standard_normal(shape)
    # Adam treats a complex number as two real ones, so its second moment is kept for each part.
    mean = np.zeros(shape, complex)
    square = np.zeros(shape, complex)

    losses, non_finite = [], 0
    for k in range(options.steps):
        loss, gradient, audio = step(options.url.rstrip("/"), z.astype(np.complex64), target)
        losses.append(loss)
        non_finite += not (math.isfinite(loss) and np.isfinite(gradient).all() and np.isfinite(audio).all())
        mean += (1 - BETA1) * (gradient - mean)
        square += (1 - BETA2) * (gradient.real**2 + 1j * gradient.imag**2 - square)
        m, v = mean / (1 - BETA1 ** (k + 1)), square / (1 - BETA2 ** (k + 1))
        rate = LEARNING_RATE * (1 + math.cos(math.pi * k / options.steps)) / 2
        z -= rate * (m.real / (np.sqrt(v.real) + EPSILON) + 1j * m.imag / (np.sqrt(v.imag) + EPSILON))
        if k % 50 == 0:
            print(f"step {k:4}  loss {loss:.4f}")
    print(f"first loss {losses[0]:.4f}, last {losses[-1]:.4f}: {losses[0] / losses[-1]:.1f} times lower; "
          f"non-finite steps: {non_finite}")


if __name__ == "__main__":
    main()
