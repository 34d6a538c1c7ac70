"""Golden gradients of mels: the trainers' formulas in torch float64, by autograd, checked by central differences.

    python3 src/test/golden/mel_gradient.py     (numpy, torch, transformers; after mel.py)

writes src/test/resources/golden/gradient/mel.npz: the losses of mels in the cases of gradient.py, whose arrays it
shares, and of each preset <preset>/x, <preset>/cotangent [frame][mel] and <preset>/gradient of sum(cotangent mel(x)).
"""

import gradient
import numpy as np
import torch
from transformers.audio_utils import mel_filter_bank

OUT = gradient.OUT.parent / "mel.npz"
RECORDINGS = gradient.OUT.parents[1] / "mel"


def bank(rate, n_fft, mels, fmin, fmax, scale="slaney", norm="slaney"):
    return torch.from_numpy(mel_filter_bank(
        num_frequency_bins=n_fft // 2 + 1, num_mel_filters=mels, min_frequency=fmin, max_frequency=fmax,
        sampling_rate=rate, norm=norm, mel_scale=scale).T.copy())


def stft(x, n_fft, hop, win=None, mode="reflect", window=None, center=True):
    w = torch.hann_window(win or n_fft) if window is None else window
    return torch.stft(x, n_fft, hop, win or n_fft, w, center=center, pad_mode=mode, return_complex=True)


# --- the losses ------------------------------------------------------------------------------------------------------

def mel_loss(x, target, n_fft, hop, win):
    """HiFi-GAN's L1 of log-mels: here of 4 mels at 16 kHz, and a floor that half of the noise is below."""
    b = bank(16000, n_fft, 4, 0, 8000, "htk", None)
    y, t = (torch.log(torch.clamp(b @ stft(a, n_fft, hop, win, "constant").abs(), min=0.5)) for a in (x, target))
    return (y - t).abs().mean()


def multi_scale_mel(x, target):
    """BigVGAN-v2's MultiScaleMelSpectrogramLoss at 16 kHz, all items of one batch."""
    total = 0
    for n_mels, window in zip((5, 10, 20, 40, 80, 160, 320), (32, 64, 128, 256, 512, 1024, 2048)):
        b = bank(16000, window, n_mels, 0, 8000)
        y, t = (torch.log10(torch.clamp(b @ stft(a, window, window // 4).abs(), min=1e-5)) for a in (x, target))
        total = total + (y - t).abs().mean()
    return total


def losses(x, target, stft_args):
    return {"mel": lambda: mel_loss(x, target, *stft_args), "multi_scale_mel": lambda: multi_scale_mel(x, target)}


# --- the presets -----------------------------------------------------------------------------------------------------

def tacotron2(x):
    return torch.log(torch.clamp(bank(22050, 1024, 80, 0, 8000) @ stft(x, 1024, 256).abs(), min=1e-5))


def hifigan(x):
    padded = torch.nn.functional.pad(x[None], (384, 384), mode="reflect")[0]
    z = stft(padded, 1024, 256, center=False)
    a = torch.sqrt(z.real**2 + z.imag**2 + 1e-9)
    return torch.log(torch.clamp(bank(22050, 1024, 80, 0, 8000) @ a, min=1e-5))


def parallel_wavegan(x):
    return torch.log10(torch.clamp(bank(22050, 1024, 80, 80, 7600) @ stft(x, 1024, 256).abs(), min=1e-10))


def espnet(x):
    z = stft(x, 1024, 256)
    a = torch.sqrt(torch.clamp(z.real**2 + z.imag**2, min=1e-10))
    return torch.log10(torch.clamp(bank(22050, 1024, 80, 80, 7600) @ a, min=1e-10))


def whisper(x):
    p = stft(x, 400, 160)[:, :-1].abs() ** 2
    y = torch.log10(torch.clamp(bank(16000, 400, 80, 0, 8000) @ p, min=1e-10))
    return (torch.maximum(y, y.max() - 8) + 4) / 4


def vocos(x):
    return torch.log(torch.clamp(bank(24000, 1024, 100, 0, 12000, "htk", None) @ stft(x, 1024, 256).abs(), min=1e-7))


def nemo_asr(x):
    x = torch.cat((x[:1], x[1:] - 0.97 * x[:-1]))
    z = stft(x, 512, 160, 320, "constant", torch.hann_window(320, periodic=False))
    return torch.log(bank(16000, 512, 80, 0, 8000) @ (z.real**2 + z.imag**2) + 2.0**-24)


def coqui(x):
    m = bank(22050, 1024, 80, 50, 7600) @ stft(x, 1024, 256).abs()
    db = 20 * torch.log10(torch.clamp(m, min=1e-5)) - 20
    return torch.clamp(8 * (db + 100) / 100 - 4, -4, 4)


def librosa(x):
    z = stft(x, 2048, 512, mode="constant")
    return bank(22050, 2048, 128, 0, 11025) @ (z.real**2 + z.imag**2)


def torchaudio(x):
    z = stft(x, 400, 200)
    return bank(16000, 400, 128, 0, 8000, "htk", None) @ (z.real**2 + z.imag**2)


PRESETS = {tacotron2: 22050, hifigan: 22050, parallel_wavegan: 22050, espnet: 22050, whisper: 16000, vocos: 24000,
           nemo_asr: 16000, coqui: 22050, librosa: 22050, torchaudio: 16000}


def preset_case(out, preset, rate):
    """0.2 s of speech, a third of it digital silence."""
    samples = np.fromfile(RECORDINGS / f"{rate}.f32", "<f4")[rate // 8:rate // 8 + rate // 5]
    samples[len(samples) // 3:2 * len(samples) // 3] = 0
    x = torch.from_numpy(samples).double()
    cotangent = gradient.single(*preset(x).shape)
    _, (grad,) = gradient.gradients(lambda a: torch.sum(cotangent * preset(a)), x, step=1e-8)
    for key, array in {"x": x, "cotangent": cotangent.T, "gradient": grad}.items():
        gradient.put_flat(out, f"{preset.__name__}/{key}", array.numpy()[None])


def main():
    torch.manual_seed(7)
    gradient.losses = losses
    out = {}
    gradient.training_case(out, "small", ("mel",), 2, 9, (16, 4, 12), 1)
    gradient.training_case(out, "multi", ("multi_scale_mel",), 1, 37, (64, 32, 64), 2**-8)
    for shared in [name for name in out if name.count("/") == 1]:
        del out[shared]
    for preset, rate in PRESETS.items():
        preset_case(out, preset, rate)
    np.savez_compressed(OUT, **out)
    print(f"{OUT.name}: {len(out)} arrays, {OUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
