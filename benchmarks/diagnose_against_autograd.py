"""diagnose_against_autograd.py FOLDER [URL]: /v1/phase/diagnose counts what float32 autograd yields, recipe by recipe.

For each WAV of the folder the spectrogram comes from the service (n_fft 1024, hop 256), goes through torch's autograd, and the number of
bins with a non-finite gradient is compared with the diagnosis. Run it with torch 1.x: since 2.x torch.atan2 answers 0 where x x + y y is 0,
and counts fewer. Needs numpy and torch; exits with 1 where a count differs.
"""
import io
import json
import pathlib
import sys
import urllib.request

import numpy as np
import torch

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "src/test/golden"))
from recipes import RECIPES, gradients

FOLDER, URL = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "http://127.0.0.1:8080"


def post(path, body, content_type):
    request = urllib.request.Request(URL + path, body, {"Content-Type": content_type})
    with urllib.request.urlopen(request) as answer:
        return answer.read()


def npy(array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


print("torch", torch.__version__)
differences = 0
for wav in sorted(pathlib.Path(FOLDER).glob("*.wav")):
    z = np.load(io.BytesIO(post("/v1/stft?n_fft=1024&hop_length=256", wav.read_bytes(), "audio/wav")))
    quiet = (z * np.float32(1e-19)).astype("c8")  # the same, as quiet as a network's silence
    for name, spectrogram in (("as it is", z), ("times 1e-19", quiet)):
        diagnosis = json.loads(post("/v1/phase/diagnose", npy(spectrogram), "application/x-npy"))
        counted = {recipe["name"]: recipe["non_finite_gradients"] for recipe in diagnosis["recipes"]}
        re, im = np.ascontiguousarray(spectrogram.real), np.ascontiguousarray(spectrogram.imag)
        for recipe, change in RECIPES.items():
            dx, dy = gradients(re, im, change)
            expected = int((~(np.isfinite(dx) & np.isfinite(dy))).sum())
            differences += counted[recipe] != expected
            print(f"{wav.name:45} {name:12} {recipe:14} autograd {expected:8d} diagnose {counted[recipe]:8d}",
                  "" if counted[recipe] == expected else "DIFFERENT")
        differences += counted["safe"] != 0
print("differences:", differences)
sys.exit(differences > 0)
