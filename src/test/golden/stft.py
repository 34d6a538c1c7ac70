"""Golden files of dev.phasor.stft: scipy's windows, and transforms by a direct sum in double precision.

    python3 src/test/golden/stft.py

writes src/test/resources/golden/stft:
    windows.txt   name, parameter or -, length, then the periodic window's values
    signal.f32    the input, little-endian float32
    cases.txt     name n_fft hop_length win_length window parameter center pad_mode samples frames
    NAME.f64      [frame][bin][re, im], little-endian float64: of the first so many samples of the signal
"""

import pathlib

import numpy as np
import scipy.signal

OUT = pathlib.Path(__file__).parents[1] / "resources" / "golden" / "stft"

# n_fft, hop_length, win_length, window, parameter, center, pad_mode, samples
CASES = [
    (2, 1, 2, "boxcar", None, True, "constant", 40),
    (2, 2, 2, "hamming", None, False, "constant", 41),
    (3, 2, 3, "hann", None, True, "reflect", 50),
    (3, 1, 2, "hamming", None, False, "constant", 50),
    (15, 4, 12, "blackman", None, True, "edge", 100),
    (15, 7, 15, "bartlett", None, False, "constant", 100),
    (256, 128, 256, "hann", None, True, "constant", 1000),
    (256, 100, 200, "kaiser", 8.6, True, "reflect", 1000),
    (256, 300, 256, "nuttall", None, True, "reflect", 20),
    (256, 64, 255, "kaiser", None, True, "edge", 1),
    (256, 64, 256, "gaussian", None, True, "reflect", 1),
    (1000, 500, 1000, "blackmanharris", None, True, "edge", 1500),
    (1000, 333, 801, "gaussian", 100.0, False, "constant", 1600),
    (1021, 401, 1021, "hamming", None, True, "reflect", 1600),
    (1021, 512, 1000, "truncated_gaussian", None, True, "constant", 1600),
]


def window(name, parameter, length, n_fft=None, hop=None):
    if name == "truncated_gaussian":
        t = np.arange(length) - length / 2
        return np.exp(-np.pi * t**2 / (hop * n_fft))
    if name == "kaiser":
        name = (name, 12.0 if parameter is None else parameter)
    elif name == "gaussian":
        name = (name, length / 8 if parameter is None else parameter)
    return scipy.signal.get_window(name, length, fftbins=True)


def stft(x, n_fft, hop, win, name, parameter, center, pad_mode):
    w = np.zeros(n_fft)
    left = (n_fft - win) // 2
    w[left : left + win] = window(name, parameter, win, n_fft, hop)
    if center:
        x = np.pad(x, n_fft // 2, mode=pad_mode)
    n = np.arange(n_fft)
    k = np.arange(n_fft // 2 + 1)
    kernel = np.exp(-2j * np.pi * (np.outer(n, k) % n_fft) / n_fft)
    starts = range(0, len(x) - n_fft + 1, hop)
    return np.array([(w * x[s : s + n_fft]) @ kernel for s in starts])


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    named = ["hann", "hamming", "blackman", "blackmanharris", "nuttall", "bartlett", "boxcar"]
    shapes = [(name, None) for name in named]
    shapes += [("kaiser", b) for b in (None, 0.0, 2.5, 14.0, 500.0)]
    shapes += [("gaussian", s) for s in (None, 0.3, 7.0)]
    with open(OUT / "windows.txt", "w") as out:
        for name, parameter in shapes:
            for length in (1, 2, 3, 15, 64):
                values = window(name, parameter, length)
                print(name, "-" if parameter is None else parameter, length, *map(repr, values.tolist()), file=out)

    rng = np.random.default_rng(2)
    t = np.arange(1600)
    x = 0.1 + 0.4 * np.sin(0.05 * t) + 0.3 * np.cos(1.1 * t + 0.5) + 0.1 * rng.standard_normal(t.size)
    x = x.astype("<f4")
    x.tofile(OUT / "signal.f32")
    with open(OUT / "cases.txt", "w") as out:
        for i, (n_fft, hop, win, name, parameter, center, pad_mode, samples) in enumerate(CASES):
            z = stft(x[:samples].astype("f8"), n_fft, hop, win, name, parameter, center, pad_mode)
            case = f"{i:02d}_{n_fft}_{name}"
            z.astype("<c16").tofile(OUT / f"{case}.f64")
            parameter = "-" if parameter is None else parameter
            print(case, n_fft, hop, win, name, parameter, str(center).lower(), pad_mode, samples, len(z), file=out)


if __name__ == "__main__":
    main()
