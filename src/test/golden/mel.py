"""Golden files of dev.phasor.mel: filters by Hugging Face's transformers, which has librosa's and torchaudio's banks, and
each preset's values by its trainers' own formula in numpy, in double precision.

    python3 src/test/golden/mel.py

needs numpy, scipy and transformers, and writes src/test/resources/golden/mel:
    filters.txt   sample_rate n_fft n_mels fmin fmax scale norm, one bank a line
    filters.f64   for each bank and each of its filters: first bin, number of bins, their weights; little-endian
    RATE.f32      a recording's 0.6 s at this rate, little-endian float32
    presets.txt   preset rate n_mels frames
    PRESET.f64    [frame][mel], little-endian float64
"""

import pathlib
import wave

import numpy as np
import scipy.signal
from transformers.audio_utils import mel_filter_bank

ROOT = pathlib.Path(__file__).parents[3]
OUT = pathlib.Path(__file__).parents[1] / "resources" / "golden" / "mel"


def bank(rate, n_fft, mels, fmin, fmax, scale, norm):
    return mel_filter_bank(
        num_frequency_bins=n_fft // 2 + 1, num_mel_filters=mels, min_frequency=fmin, max_frequency=fmax,
        sampling_rate=rate, norm=None if norm == "none" else norm, mel_scale=scale).T


def banks():
    yield from ((22050, 1024, 80, 0, 8000, "slaney", "slaney"), (22050, 1024, 80, 80, 7600, "slaney", "slaney"),
                (16000, 400, 80, 0, 8000, "slaney", "slaney"), (16000, 400, 128, 0, 8000, "slaney", "slaney"),
                (24000, 1024, 100, 0, 12000, "htk", "none"), (16000, 512, 80, 0, 8000, "slaney", "slaney"),
                (22050, 1024, 80, 50, 7600, "slaney", "slaney"), (22050, 2048, 128, 0, 11025, "slaney", "slaney"),
                (16000, 400, 128, 0, 8000, "htk", "none"))
    random = np.random.default_rng(1)
    for _ in range(50):
        rate = int(random.choice([8000, 16000, 22050, 24000, 32000, 44100, 48000]))
        n_fft = int(random.choice([256, 400, 512, 600, 1023, 1024, 2048]))
        n_fft -= n_fft % 2  # transformers counts bins from 0 to rate/2
        fmax = float(np.round(random.uniform(0.3, 1) * rate / 2, 2))
        yield (rate, n_fft, int(random.integers(1, 160)), float(np.round(random.uniform(0, 0.3) * fmax, 2)), fmax,
               str(random.choice(["htk", "slaney"])), str(random.choice(["none", "slaney"])))


def filters():
    lines, values = [], []
    for setting in banks():
        lines.append(" ".join(map(str, setting)))
        for row in bank(*setting):
            kept = np.flatnonzero(row)
            first, count = (kept[0], kept[-1] - kept[0] + 1) if len(kept) else (0, 0)
            values += [first, count, *row[first:first + count]]
    (OUT / "filters.txt").write_text("\n".join(lines) + "\n")
    np.array(values, "<f8").tofile(OUT / "filters.f64")


def recording(rate):
    with wave.open(str(ROOT / "examples/audio/speech_en_m1_libri_16k.wav")) as wav:
        x = np.frombuffer(wav.readframes(wav.getnframes()), "<i2") / 32768.0
    gcd = np.gcd(rate, 16000)
    x = scipy.signal.resample_poly(x[16000:26000], rate // gcd, 16000 // gcd)[: int(0.6 * rate)].astype("<f4")
    x.tofile(OUT / f"{rate}.f32")
    return x.astype(np.float64)


def spectrum(x, n_fft, hop, win, pad, mode, window=None):
    w = scipy.signal.get_window("hann", win) if window is None else window
    left = (n_fft - win) // 2
    w = np.pad(w, (left, n_fft - win - left))
    x = np.pad(x, pad, mode=mode)
    return np.array([np.fft.rfft(w * x[t:t + n_fft]) for t in range(0, len(x) - n_fft + 1, hop)]).T


def tacotron2(x):
    m = bank(22050, 1024, 80, 0, 8000, "slaney", "slaney") @ np.abs(spectrum(x, 1024, 256, 1024, 512, "reflect"))
    return np.log(np.maximum(m, 1e-5))


def hifigan(x):
    z = spectrum(x, 1024, 256, 1024, 384, "reflect")
    a = np.sqrt(z.real ** 2 + z.imag ** 2 + 1e-9)
    return np.log(np.maximum(bank(22050, 1024, 80, 0, 8000, "slaney", "slaney") @ a, 1e-5))


def parallel_wavegan(x):
    m = bank(22050, 1024, 80, 80, 7600, "slaney", "slaney") @ np.abs(spectrum(x, 1024, 256, 1024, 512, "reflect"))
    return np.log10(np.maximum(m, 1e-10))


def espnet(x):
    a = np.sqrt(np.maximum(np.abs(spectrum(x, 1024, 256, 1024, 512, "reflect")) ** 2, 1e-10))
    return np.log10(np.maximum(bank(22050, 1024, 80, 80, 7600, "slaney", "slaney") @ a, 1e-10))


def whisper(x):
    p = np.abs(spectrum(x, 400, 160, 400, 200, "reflect")[:, :-1]) ** 2
    y = np.log10(np.maximum(bank(16000, 400, 80, 0, 8000, "slaney", "slaney") @ p, 1e-10))
    return (np.maximum(y, y.max() - 8) + 4) / 4


def vocos(x):
    m = bank(24000, 1024, 100, 0, 12000, "htk", "none") @ np.abs(spectrum(x, 1024, 256, 1024, 512, "reflect"))
    return np.log(np.maximum(m, 1e-7))


def nemo_asr(x):
    x = np.concatenate((x[:1], x[1:] - 0.97 * x[:-1]))
    p = np.abs(spectrum(x, 512, 160, 320, 256, "constant", np.hanning(320))) ** 2
    return np.log(bank(16000, 512, 80, 0, 8000, "slaney", "slaney") @ p + 2.0 ** -24)


def coqui(x):
    m = bank(22050, 1024, 80, 50, 7600, "slaney", "slaney") @ np.abs(spectrum(x, 1024, 256, 1024, 512, "reflect"))
    db = 20 * np.log10(np.maximum(m, 1e-5)) - 20
    return np.clip(8 * (db + 100) / 100 - 4, -4, 4)


def librosa(x):
    return bank(22050, 2048, 128, 0, 11025, "slaney", "slaney") @ np.abs(
        spectrum(x, 2048, 512, 2048, 1024, "constant")) ** 2


def torchaudio(x):
    return bank(16000, 400, 128, 0, 8000, "htk", "none") @ np.abs(spectrum(x, 400, 200, 400, 200, "reflect")) ** 2


PRESETS = {tacotron2: 22050, hifigan: 22050, parallel_wavegan: 22050, espnet: 22050, whisper: 16000, vocos: 24000,
           nemo_asr: 16000, coqui: 22050, librosa: 22050, torchaudio: 16000}


def main():
    OUT.mkdir(exist_ok=True)
    filters()
    recordings = {rate: recording(rate) for rate in set(PRESETS.values())}
    lines = []
    for preset, rate in PRESETS.items():
        values = preset(recordings[rate])
        values.T.astype("<f8").tofile(OUT / f"{preset.__name__}.f64")
        lines.append(f"{preset.__name__} {rate} {values.shape[0]} {values.shape[1]}")
    (OUT / "presets.txt").write_text("\n".join(lines) + "\n")


main()
