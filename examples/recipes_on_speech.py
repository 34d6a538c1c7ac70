"""What each known remedy makes of real speech with silence in it, by POST /v1/phase/diagnose, as a table.

    python examples/recipes_on_speech.py [--url http://127.0.0.1:8080]

Needs numpy. The clip is that of train_from_random_spectrogram.py: 2 s of speech, half a second of digital silence. Then the same with
noise of 1e-22 in the place of the silence, as a network has it.
"""

import argparse
import io
import json
import urllib.request

import numpy as np

from train_from_random_spectrogram import HOP, N_FFT, clip


def diagnose(url, samples):
    body = io.BytesIO()
    np.save(body, samples.astype(np.float32))
    request = urllib.request.Request(
        f"{url}/v1/phase/diagnose?n_fft={N_FFT}&hop_length={HOP}", body.getvalue(), {"Content-Type": "application/x-npy"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--url", default="http://127.0.0.1:8080")
    url = arguments.parse_args().url.rstrip("/")

    digital = clip()
    faint = digital + 1e-22 * np.random.default_rng(0).standard_normal(len(digital)) * (digital == 0)
    for name, samples in (("digital silence", digital), ("silence at 1e-22", faint)):
        diagnosis = diagnose(url, samples)
        print(f"{name}: {diagnosis['bins']} bins, hazards {diagnosis['hazards']}")
        for recipe in diagnosis["recipes"]:
            print(f"| {recipe['name']} | {recipe['non_finite_gradients']} | {recipe['largest_gradient']:.1e} "
                  f"| {recipe['mean_phase_error']:.1e} | {recipe['flipped']} |")


if __name__ == "__main__":
    main()
