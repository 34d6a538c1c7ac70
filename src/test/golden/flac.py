"""Golden FLAC files: python3 src/test/golden/flac.py (numpy, and the reference encoder: flac 1.4 or later).

flac/<name>.flac with flac/<name>.f4, the samples times 2^(1 - bits) as raw little-endian float32, interleaved.
"""

import struct
import subprocess
from pathlib import Path

import numpy as np

OUT = Path(__file__).parent.parent / "resources" / "golden" / "codec" / "flac"
RNG = np.random.default_rng(9639)


def music(bits, channels=2, n=700):
    """A decaying chord with a little noise, differently loud in each channel."""
    t = np.arange(n)[:, None]
    x = np.exp(-t / 400) * np.sin(t * np.array([0.05, 0.0507, 0.11, 0.02, 0.3, 0.07, 0.9, 0.013])[:channels])
    x = 0.7 * x * np.linspace(1, 0.4, channels) + 0.01 * RNG.standard_normal((n, channels))
    return np.clip(np.rint(x * 2 ** (bits - 1)), -(2 ** (bits - 1)), 2 ** (bits - 1) - 1).astype(np.int64)


def noise(bits, channels=2, n=300):
    return RNG.integers(-(2 ** (bits - 1)), 2 ** (bits - 1), (n, channels))


def wav(data, channels, rate, bits, valid_bits):
    """WAVE_FORMAT_EXTENSIBLE, which alone can tell flac of, say, 12 bits: left-justified in their bytes."""
    align = channels * bits // 8
    fmt = struct.pack("<HHIIHHHHIH", 0xFFFE, channels, rate, rate * align, align, bits, 22, valid_bits, 0, 1)
    fmt += bytes.fromhex("000000001000800000aa00389b71")
    body = b"WAVEfmt " + struct.pack("<I", len(fmt)) + fmt + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def put(name, values, bits, *options, rate=44100, prefix=b"", piped=False):
    size = (bits + 7) // 8
    unused = 8 * size - bits
    raw = b"".join((int(v) << unused).to_bytes(size, "little", signed=True) for v in values.reshape(-1))
    command = ["flac", "--silent", "--no-padding", "--lax", *options]
    if unused:
        raw = wav(raw, values.shape[1], rate, 8 * size, bits)
    else:
        command += ["--force-raw-format", "--endian=little", "--sign=signed", f"--channels={values.shape[1]}",
                    f"--bps={bits}", f"--sample-rate={rate}"]
    target = OUT / f"{name}.flac"
    if piped:  # neither the length nor the MD5 can be written into a header that is gone
        data = subprocess.run([*command, "-c", "-"], input=raw, stdout=subprocess.PIPE, check=True).stdout
    else:
        source = OUT / "raw"
        source.write_bytes(raw)
        subprocess.run([*command, "-f", "-o", target, source], check=True)
        data = target.read_bytes()
        source.unlink()
    target.write_bytes(prefix + data)
    (OUT / f"{name}.f4").write_bytes((values.astype(float) * 2.0 ** (1 - bits)).astype("<f4").tobytes())


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for bits in (8, 12, 16, 20, 24, 32):
        put(f"music_{bits}_bit", music(bits), bits, "-8")
        put(f"noise_{bits}_bit", noise(bits), bits, "-5")
    for channels in (1, 3, 5, 8):
        put(f"music_{channels}_channels", music(16, channels, 300), 16, "-5")
    put("fixed", music(16), 16, "-2")  # no LPC, adaptive mid-side
    put("high_order", music(24, 1), 24, "-l", "32", "-q", "15")
    put("left_side", np.stack([music(16, 1, 200)[:, 0], music(16, 1, 200)[:, 0] + 3], 1), 16, "-8")
    put("silence", np.zeros((500, 2), np.int64), 16, "-5")
    put("wasted_bits", music(16) & ~0xFF, 16, "-5")
    put("short_blocks", music(16), 16, "-b", "16", "-5")
    put("odd_blocks", music(16), 16, "-b", "133", "-8")
    put("partitions", music(16, 1, 2048), 16, "-b", "2048", "-r", "8,8")
    put("one_sample", music(16, 1, 1), 16, "-5")
    put("rate_1_hz", music(16, 1, 20), 16, "-5", rate=1)
    put("rate_655350_hz", music(16, 1, 20), 16, "-5", rate=655350)
    put("rate_384_khz", music(16, 1, 20), 16, "-5", rate=384000)
    put("loud_32_bit", np.array([[2**31 - 1, -(2**31)], [-(2**31), 2**31 - 1]] * 50), 32, "-8")
    put("piped", music(16), 16, "-5", piped=True)
    put("tags", music(16), 16, "-5", "-P", "100", "-T", "TITLE=x", "-S", "10x",
        prefix=b"ID3\x04\x00\x00\x00\x00\x01\x05" + bytes(133))


main()
