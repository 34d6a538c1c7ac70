"""Golden files of the codec tests: python3 src/test/golden/codec.py (Python < 3.13 for audioop, numpy).

wav/<coding>_<header>.wav with wav/<coding>.f4, the samples as raw little-endian float32, interleaved;
npy/<dtype>_<order>_v<version>.npy, all of the values (k - 7) / 8 for k in 0..14, shape (3, 5), complex ones v - 2iv;
npz/*.npz, each with "a" (float64, the same values) and "b" (int16 of 4096 (k - 7));
scalars.npz, one value of each type, and scalars.txt, the same as text.
"""

import audioop
import io
import struct
from pathlib import Path

import numpy as np

OUT = Path(__file__).parent.parent / "resources" / "golden" / "codec"
RATE = 44100
GUID_TAIL = bytes.fromhex("000000001000800000aa00389b71")


def chunk(name, body):
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def riff(*chunks):
    body = b"WAVE" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def plain(tag, channels, bits, container=None):
    align = channels * (container or bits) // 8
    return chunk(b"fmt ", struct.pack("<HHIIHH", tag, channels, RATE, RATE * align, align, bits))


def extensible(tag, channels, bits, valid=None):
    align = channels * bits // 8
    return chunk(
        b"fmt ",
        struct.pack("<HHIIHH", 0xFFFE, channels, RATE, RATE * align, align, bits)
        + struct.pack("<HHIH", 22, valid or bits, 0, tag)
        + GUID_TAIL,
    )


def wav():
    folder = OUT / "wav"
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(1)

    def put(name, tag, bits, data, expected, channels=2, plain_bits=None, valid=None):
        (folder / f"{name}.f4").write_bytes(np.asarray(expected, "<f4").tobytes())
        body = chunk(b"data", data)
        (folder / f"{name}_plain.wav").write_bytes(riff(plain(tag, channels, plain_bits or bits, bits), body))
        (folder / f"{name}_extensible.wav").write_bytes(riff(extensible(tag, channels, bits, valid), body))

    codes = np.arange(256, dtype=np.uint8)
    put("pcm8", 1, 8, codes.tobytes(), (codes.astype(float) - 128) / 128)
    put("mu_law", 7, 8, codes.tobytes(), np.frombuffer(audioop.ulaw2lin(codes.tobytes(), 2), "<i2") / 32768.0)
    put("a_law", 6, 8, codes.tobytes(), np.frombuffer(audioop.alaw2lin(codes.tobytes(), 2), "<i2") / 32768.0)
    for bits in (16, 24, 32):
        top = 2 ** (bits - 1)
        values = np.concatenate([[-top, top - 1, 0, -1, 1, 2], rng.integers(-top, top, 34)])
        data = b"".join(int(v).to_bytes(bits // 8, "little", signed=True) for v in values)
        put(f"pcm{bits}", 1, bits, data, values / top)
    values = rng.integers(-2048, 2048, 40) * 16
    put("pcm12in16", 1, 16, values.astype("<i2").tobytes(), values / 2**15, plain_bits=12, valid=12)
    values = rng.integers(-(2**19), 2**19, 40) * 16
    data = b"".join(int(v).to_bytes(3, "little", signed=True) for v in values)
    put("pcm20in24", 1, 24, data, values / 2**23, plain_bits=20, valid=20)
    values = np.concatenate([[-1, 1, 0, -0.0, 3.5, 1e-45], rng.normal(size=34)])
    put("float32", 3, 32, values.astype("<f4").tobytes(), values)
    put("float64", 3, 64, values.astype("<f8").tobytes(), values)


class Pipe(io.RawIOBase):
    """What cannot seek back gets data descriptors behind its entries."""

    def __init__(self):
        self.bytes = bytearray()

    def writable(self):
        return True

    def write(self, data):
        self.bytes += bytes(data)
        return len(data)


def npy():
    folder = OUT / "npy"
    folder.mkdir(parents=True, exist_ok=True)
    values = (np.arange(15).reshape(3, 5) - 7) / 8
    arrays = {f: values.astype(f) for f in ("f2", "f4", "f8")}
    arrays |= {c: (values - 2j * values).astype(c) for c in ("c8", "c16")}
    arrays |= {"u1": (values * 128 + 128).astype("u1")}
    arrays |= {f"i{n}": (values * 2 ** (8 * n - 1)).astype(f"i{n}") for n in (1, 2, 4)}
    for name, array in arrays.items():
        for order in "<>":
            for layout in "CF":
                typed = np.asarray(array, dtype=array.dtype.newbyteorder(order), order=layout)
                side = {"<": "le", ">": "be"}[order]
                for version in (1, 2, 3) if name == "f4" else (1,):
                    with open(folder / f"{name}_{side}_{layout}_v{version}.npy", "wb") as out:
                        np.lib.format.write_array(out, typed, version=(version, 0))

    named = {"a": values, "b": (values * 2**15).astype("<i2")}
    folder = OUT / "npz"
    folder.mkdir(parents=True, exist_ok=True)
    for name, save in (("stored", np.savez), ("deflated", np.savez_compressed)):
        save(folder / f"{name}.npz", **named)
        pipe = Pipe()
        save(pipe, **named)
        (folder / f"{name}_piped.npz").write_bytes(bytes(pipe.bytes))


def scalars():
    values = {"word": np.array("hann"), "bytes": np.array(b"hann"), "ends": np.array("\u00e4\u4e00", ">U3")}
    values |= {"yes": np.array(True), "no": np.array(False)}
    for size in (1, 2, 4, 8):
        for kind in "iu":
            for order in "<>":
                ends = np.iinfo(f"{kind}{size}")
                values[f"{kind}{size}_least_{'le' if order == '<' else 'be'}"] = np.array(ends.min, f"{order}{kind}{size}")
                values[f"{kind}{size}_most_{'le' if order == '<' else 'be'}"] = np.array(ends.max, f"{order}{kind}{size}")
    for size in (2, 4, 8):
        values[f"f{size}"] = np.array(-0.375, f"<f{size}")
    np.savez(OUT / "scalars.npz", **values)
    texts = (f"{name} {v.item().decode() if v.dtype.kind == 'S' else str(v.item())}" for name, v in values.items())
    (OUT / "scalars.txt").write_text("".join(t.replace("True", "true").replace("False", "false") + "\n" for t in texts))


wav()
npy()
scalars()
