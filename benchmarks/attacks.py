"""Small requests that ask for much: items 1 to 4, 8 and 10 of benchmarks/hostile, as far as one request is enough.

An attack is a function that yields what is sent. Its docstring is the rule.
"""

import struct

import numpy as np

from asks import GRACE, JSON, NPY, Ask, first_frame, npz, npz_finite, refused, v1, v2
from service import npy, sound, stft, wav, wav_header
from wire import chunked, empty_npy, finite, gzip, request

WAV = "audio/wav"
LARGEST = 2**31 - 1
PRIME = 1048573  # the largest below phasor.limits.max-fft-size
ALGORITHMS = ("auto coarse_to_fine hybrid griffinlim fast_griffinlim agla admm raar difference_map spsi pghi rtpghi rtpghi_lookahead"
    " rtisi_la gsrtisi_la live").split()

rng = np.random.default_rng(15)
FEW = np.abs(rng.standard_normal((5, 4))).astype(np.float32)
COMPLEX = (FEW * np.exp(1j * rng.uniform(-3, 3, FEW.shape))).astype(np.complex64)
SAMPLES = rng.standard_normal(64).astype(np.float32)
SPEECH = sound(0.5, 16000, 1)


# 1: memory that parameters ask for


def lengths():
    """A length that no memory holds is refused at once, at every endpoint and by every algorithm."""
    for algorithm in ALGORITHMS:
        yield v1("reconstruct", FEW, right=refused, load=algorithm == "auto", algorithm=algorithm, length=LARGEST, response_format="npy")
    for length in (LARGEST - 8, 2**30, 3 * 10**8):
        yield v1("reconstruct", FEW, right=refused, algorithm="griffinlim", length=length, response_format="npy")
        yield v1("istft", COMPLEX, right=refused, length=length, response_format="npy")
    yield v1("reconstruct", COMPLEX, right=refused, length=LARGEST, response_format="npy")
    yield v1("reconstruct", COMPLEX, right=refused, length=LARGEST, sample_rate=16000, algorithm="admm", init="given")
    yield v1("reconstruct", SAMPLES, right=refused, input="audio", n_fft=8, length=LARGEST, response_format="npy")
    yield v1("reconstruct", SAMPLES, right=refused, input="audio", n_fft=8, length=LARGEST, algorithm="raar", response_format="npy")
    yield v2("reconstruct", right=refused, inputs={"magnitude": FEW[None]}, length=LARGEST)
    yield v2("istft", right=refused, inputs={"spectrogram": np.stack([FEW, FEW])[None]}, length=LARGEST)


def middle_lengths():
    """A length far beyond the frames, which is still answered, holds no more than is reserved."""
    for length in (4 * 10**6, 8 * 10**6, 10**7, 13_600_000, 16 * 10**6, 2 * 10**7, 4 * 10**7):
        for endpoint in ("reconstruct", "istft"):
            yield v1(endpoint, COMPLEX, seconds=5, length=length, response_format="npy")
        yield v1("reconstruct", SAMPLES, seconds=5, input="audio", n_fft=8, length=length, response_format="npy")


def items_times_length():
    """Many small items of a large length are counted together."""
    many = np.ones((20000, 2, 2), np.float32)
    for algorithm in ("griffinlim", "auto", "spsi", "rtisi_la"):
        yield v1("reconstruct", many, right=refused, algorithm=algorithm, length=10**6, response_format="npy")
    yield v1("istft", many.astype(np.complex64), right=refused, length=10**6, response_format="npy")


def hops():
    """A hop costs no memory, up to 2^31 - 1: refused, or the right answer."""
    for algorithm in ALGORITHMS:
        for hop in (10**8, LARGEST):
            yield v1("reconstruct", FEW, algorithm=algorithm, hop_length=hop, response_format="npy",
                load=algorithm == "rtisi_la" and hop < LARGEST)
    for endpoint in ("stft", "phase", "phase/diagnose", "reconstruct"):
        yield v1(endpoint, SAMPLES, n_fft=8, hop_length=LARGEST, input="audio", response_format="json")
    for hop in (429_496_730, 858_993_459):
        for endpoint in ("istft", "reconstruct"):
            yield v1(endpoint, np.tile(COMPLEX, (1, 2)), hop_length=hop, length=3, response_format="npy")
        yield v1("reconstruct", np.tile(FEW, (1, 2)), hop_length=hop, length=3, algorithm="pghi", response_format="npy")
    yield v1("istft", COMPLEX, hop_length=LARGEST, response_format="npy")
    yield v1("istft", COMPLEX, hop_length=LARGEST, length=LARGEST, right=refused, response_format="npy")
    yield v2("reconstruct", inputs={"magnitude": FEW[None]}, hop_length=LARGEST, algorithm="rtisi_la")
    yield v2("istft", inputs={"spectrogram": np.stack([FEW, FEW])[None]}, hop_length=LARGEST)


def small_hops():
    """A hop far below a large n_fft is computed within its deadline and memory, or refused."""
    tall = np.abs(np.random.default_rng(1).standard_normal((16385, 3))).astype(np.float32)
    for algorithm in ("auto", "rtisi_la", "gsrtisi_la", "griffinlim"):
        yield v1("reconstruct", tall, algorithm=algorithm, hop_length=2, n_iter=2, response_format="npy")
    yield v1("reconstruct", gzip(npy(np.ones((524289, 2), np.float32))), algorithm="rtisi_la", headers={"Content-Encoding": "gzip"},
        hop_length=1, response_format="npy")


def prime_sizes():
    """Transforms of a prime n_fft take what is reserved, and answer in their time."""
    for size in (PRIME, 524287, 65537):
        yield v1("stft", SAMPLES, n_fft=size, hop_length=size, right=first_frame(SAMPLES, size), load=size == PRIME)
        for endpoint in ("phase", "phase/diagnose", "reconstruct"):
            yield v1(endpoint, SAMPLES, n_fft=size, input="audio", response_format="json" if "/" in endpoint else "npy")
    yield v1("reconstruct", np.ones(((PRIME + 1) // 2, 2), np.float32), n_fft=PRIME, algorithm="admm", response_format="npy")
    yield v2("stft", inputs={"audio": SAMPLES[None]}, n_fft=PRIME)


def lists_asked_for():
    """Hazardous bins are listed within the memory that is reserved: limit counts."""
    silence = gzip(npy(np.zeros(4 * 10**6, np.float32)))
    for limit in (10_000, LARGEST):
        yield v1("phase/diagnose", silence, headers={"Content-Encoding": "gzip"}, seconds=5, n_fft=2, hop_length=1, limit=limit)


def filters():
    """Mel filters hold what is counted of them: edges that coincide and a filterbank of another n_fft are refused."""
    edges = dict(sample_rate=44100, n_fft=16, hop_length=4, n_mels=4096, mel_norm="none", fmin=11025, fmax=11025.000000000002)
    yield v1("mel", SAMPLES, right=refused, load=True, **edges)
    yield v1("reconstruct", gzip(npy(np.ones((4096, 3), np.float32))), headers={"Content-Encoding": "gzip"}, right=refused, input="mel", **edges)
    for bins in (16_700_000, 7_500_000, 3_700_000):
        bank = npz(audio=SAMPLES, filterbank=np.ones((1, bins), np.float32))
        for _ in range(4):
            yield v1("mel", bank, "application/x-npz", right=refused, seconds=5, sample_rate=16000, n_fft=512)


# 2: the parts of JSON


def complex_parts():
    """An object of any name but real and imag is refused at once, and no error echoes what was sent."""
    names = ",".join(f'"{i:x}":[]' for i in range(2_500_000))
    packed = gzip(f'{{"audio":{{{names}}}}}'.encode())
    few = ",".join(f'"{i:x}":[]' for i in range(20_000))
    yield v1("phase", packed, JSON, {"Content-Encoding": "gzip"}, right=refused, seconds=5)
    yield v1("phase", f'{{"audio":{{{few}}}}}'.encode(), JSON, right=refused, load=True)
    yield v1("phase/vjp", f'{{"cotangent":{{"real":[1],"imag":[1],{few}}}}}'.encode(), JSON, right=refused)
    yield v1("phase", b'{"audio":{"' + b"a" * 49_000 + b'":[]}}', JSON, right=refused)
    yield v1("phase", b'{"audio":{' + b'"real":[1],"imag":[1],' * 9999 + b'"real":[1]}}', JSON, right=refused)


def json_shapes():
    """Names, nesting, digits and texts of JSON are bounded, and what is refused is said in few words."""
    deep = 10**6
    few = ",".join(f'"{i:x}":1' for i in range(100_000))
    for body in (b'{"audio":' + b"[" * deep, b'{"' + b"n" * deep + b'":1}', b'{"audio":[' + b"9" * deep + b"]}", f"{{{few}}}".encode(),
            b'{"n_fft":"' + b"8" * deep + b'","audio":[0]}', b'{"audio":[1e999999999]}', b'{"audio":[' + b"[]," * deep + b"[]]}",
            b'{"x":' + b'{"y":' * deep, b'{"audio":[0],"window":"' + b"\\u0041" * deep + b'"}'):
        yield v1("phase", body, JSON, right=refused, seconds=2)
    path = "/v2/models/phase/infer"
    for body in (f'{{"inputs":[{{"name":"audio","shape":[1,1],"datatype":"FP32","data":{{{few}}}}}]}}'.encode(),
            f'{{"parameters":{{{few}}}}}'.encode(), b'{"inputs":[' + b"{}," * deep + b"{}]}", b'{"outputs":[' + b"[" * deep,
            b'{"x":' + b"[" * deep, b'{"id":"' + b"i" * 2 * deep + b'"}', b'{"inputs":[{"shape":[' + b"1," * deep + b"1]}]}"):
        yield Ask(f"/v2 {body[:30]!r} {len(body)} B", lambda body=body: [request(path, JSON, body)], 2.5, refused)


def arrays_of_nothing():
    """An array of many empty items is refused, or answered in its time."""
    for shape in ((200_000_000, 0), (65536, 0), (0, 65536), (0,), (60000, 1, 0), (1, 1) * 15 + (0, 1)):
        for endpoint in ("stft", "reconstruct", "phase/diagnose"):
            yield v1(endpoint, empty_npy("<f4", shape), input="audio", n_fft=8, response_format="json")


# 3: files that flow, and deadlines


def flowing_files():
    """A file that flows is given up at its deadline, however many channels it has and whatever a frame costs."""
    mono, wide = wav(sound(1.25, 16000, 1), 16000), wav(np.tile(sound(1, 16000, 2)[:, None], (1, 60)), 16000)
    for parameters, body in (("n_fft=7603&hop_length=1", mono), (f"n_fft={PRIME}&hop_length=1", mono), ("n_fft=65536&hop_length=1", mono),
            ("n_fft=2048&hop_length=1", wide), ("n_fft=7603&hop_length=1", wide), ("n_fft=1048576&hop_length=3&window=kaiser", mono)):
        path = f"/v1/reconstruct?{parameters}&timeout=0.5"
        yield Ask(f"{path} chunked {len(body)} B", lambda path=path, body=body: chunked(path, WAV, [body]), 0.5 + GRACE,
            load=body is mono and "7603" in parameters)
        yield v1("reconstruct", body, WAV, seconds=0.5, **dict(each.split("=") for each in parameters.split("&")))
    long = wav(sound(60, 16000, 1), 16000)
    for parameters, body in (("n_fft=7603&hop_length=16", long), ("n_fft=2048&hop_length=4", long), ("n_fft=2048&hop_length=256", wide)):
        path = f"/v1/reconstruct?{parameters}&timeout=0.5"
        yield Ask(f"{path} chunked {len(body)} B", lambda path=path, body=body: chunked(path, WAV, [body]), 0.5 + GRACE, load="7603" in path)
    for channels in (16383, 32767):
        body = wav_header(1, channels, 16000)[:-4] + struct.pack("<I", 0xFFFFFFFF) + bytes(2 * channels)
        yield Ask(f"{channels} channels, chunked", lambda body=body: chunked("/v1/reconstruct?timeout=0.5", WAV, [body]), 1.5)


def blocks_and_lengths():
    """A magnitude that is reconstructed in blocks holds no more for a length far beyond its frames."""
    for frames in (22_000, 70_000):
        magnitude = npy(np.zeros((257, frames), np.float32))
        for length in (2 * 10**9, 3 * 10**7):
            yield v1("reconstruct", magnitude, seconds=10, hop_length=128, n_iter=1, sample_rate=16000, length=length)


def deadlines():
    """Every operation and algorithm looks at its deadline."""
    audio, half = wav(sound(4, 16000, 1), 16000), 0.5
    for endpoint in ("stft", "phase", "phase/diagnose", "reconstruct"):
        yield v1(endpoint, audio, WAV, seconds=half, n_fft=7603, hop_length=16)
    magnitude = np.abs(stft(sound(2, 16000, 1) / 32768, 1024, 64)).astype(np.float32)
    for algorithm in ALGORITHMS:
        yield v1("reconstruct", magnitude, seconds=half, algorithm=algorithm, hop_length=64, response_format="npy",
            **({"n_iter": 10000} if algorithm not in "spsi pghi rtpghi rtpghi_lookahead" else {}))
    spectrogram = (stft(sound(2, 16000, 1) / 32768, 4096, 16)).astype(np.complex64)
    for loss in "mse l1 spectral_convergence log_stft multi_resolution_stft phase".split():
        body = npz(spectrogram=spectrogram[:, :400], target=np.zeros(16 * 399, np.float32))
        yield v1("reconstruct/vjp", body, "application/x-npz", seconds=half, loss=loss, hop_length=16, response_format="npz", right=npz_finite)
    pair = npz(audio=sound(4, 16000, 1) / 32768, reference=sound(4, 16000, 2) / 32768)
    yield v1("evaluate", pair, "application/x-npz", seconds=half, n_fft=4096, hop_length=4)


# 4: requests that look small


def small_ones():
    """What looks small and is not does not hold up the small ones."""
    items = np.zeros((60000, 1), np.float32)
    one = np.ones(1, np.float32)
    for endpoint in ("stft", "phase", "phase/diagnose", "reconstruct"):
        yield v1(endpoint, items, input="audio", n_fft=2048, hop_length=LARGEST, response_format="json" if "/" in endpoint else "npy",
            load=endpoint == "stft")
    yield v1("stft", one, n_fft=2**20, window="kaiser", beta=700, right=first_frame(one, 2**20, "kaiser", 700.0), load=True)
    yield v1("stft", one, n_fft=2**20, window="kaiser", right=first_frame(one, 2**20, "kaiser"))
    yield v1("stft", one, n_fft=PRIME, right=first_frame(one, PRIME))
    yield v1("reconstruct", one, input="audio", n_fft=2**20, window="kaiser", hop_length=1, response_format="npy")
    yield v1("reconstruct", FEW, hop_length=LARGEST, length=LARGEST, right=refused, response_format="npy")
    two = np.ones((2, 2), np.complex64)
    yield v1("istft", two, hop_length=2, center="false", window="boxcar", response_format="npy")
    yield v1("istft", np.ones((2, 10**5), np.complex64), hop_length=20000, window="boxcar", response_format="npy")
    yield v1("reconstruct", np.ones((30000, 2, 1), np.float32), hop_length=1, response_format="npy")
    yield v2("stft", inputs={"audio": items[:5000]}, hop_length=LARGEST)
    short = np.ones(1700, np.float32)
    yield v1("mel", short, n_fft=2, hop_length=1, n_mels=4096, sample_rate=16000, log="ln", load=True)
    full = npz(audio=np.ones(41_000, np.float32), filterbank=np.ones((1100, 257), np.float32))
    yield v1("mel", full, "application/x-npz", n_fft=512, hop_length=64, sample_rate=16000)


def slow_decodes():
    """A file that takes its decoder long for few samples is given up, and so is a filterbank of the largest size in its time."""
    zipped = {"Content-Encoding": "gzip"}
    yield v1("stft", gzip(mp4_of_edits(50_000, 60_000)), "audio/mp4", zipped, right=refused, seconds=8)
    mels = dict(sample_rate=16000, n_fft=2**20, n_mels=4096, timeout=0.5)
    yield v1("mel", np.ones(16000, np.float32), right=finite, seconds=0.5 + GRACE, **mels)
    yield v1("reconstruct", np.ones((4096, 2), np.float32), right=lambda answer: True, input="mel", response_format="npy",
        seconds=0.5 + GRACE, **mels)


def mp4_of_edits(samples, edits):
    """An MP4 (ISO 14496-12) of which ffmpeg looks for each edit in all samples before it decodes one."""
    def box(name, *content):
        body = b"".join(content)
        return struct.pack(">I", len(body) + 8) + name + body

    def ints(*values):
        return b"".join(value.to_bytes(4, "big") for value in values)

    def full(name, *content):
        return box(name, bytes(4), *content)

    kind = box(b"ftyp", b"M4A " + bytes(4) + b"M4A mp42")
    entry = box(b"mp4a", ints(0, 1, 0, 0, 1 << 16 | 16, 0, 44100 << 16))
    table = box(b"stbl", full(b"stsd", ints(1), entry), full(b"stts", ints(1, samples, 1)), full(b"stsc", ints(1, 1, samples, 1)),
        full(b"stsz", ints(2, samples)), full(b"stco", ints(1, len(kind) + 8)))
    info = box(b"minf", full(b"smhd", ints(0)), box(b"dinf", full(b"dref", ints(1), box(b"url ", ints(1)))), table)
    media = box(b"mdia", full(b"mdhd", ints(0, 0, 44100, samples, 0)), full(b"hdlr", ints(0), b"soun", bytes(13)), info)
    edit = box(b"edts", full(b"elst", ints(edits) + ints(1000, 0, 1 << 16) * edits))
    track = box(b"trak", box(b"tkhd", ints(7, 0, 0, 1, 0, samples), bytes(60)), edit, media)
    return kind + box(b"mdat", bytes(2 * samples)) + box(b"moov", full(b"mvhd", ints(0, 0, 1000, 1000, 1 << 16), bytes(76)), track)


# 8: gzip


def bombs():
    """What a small body inflates to is bounded and counted, in every form."""
    zipped = {"Content-Encoding": "gzip"}
    spaces = gzip(b" " * 2**28)
    yield v1("phase", spaces, JSON, zipped, right=refused, seconds=5)
    yield v1("phase", gzip(b'{"audio":[' + b"0," * 2**26), JSON, zipped, right=refused, seconds=10)
    yield v1("phase", gzip(empty_npy("<f4", (2**28,)) + bytes(2**28)), NPY, zipped, right=refused, seconds=5)
    yield v1("phase", gzip(gzip(b" " * 2**28)), JSON, zipped, right=refused)
    yield v1("phase", gzip(wav_header(2**27, 1, 16000) + bytes(2**28)), WAV, zipped, seconds=10, n_fft=2**20, hop_length=1)
    path = "/v2/models/phase/infer"
    yield Ask("/v2 spaces", lambda: [request(path, JSON, spaces, zipped)], 5.5, refused)
    yield Ask("/v2 deflate", lambda: [request(path, JSON, spaces, {"Content-Encoding": "deflate"})], 5.5, refused)


def empty_members():
    """A body of many empty gzip members is read without recursion, within its bytes."""
    body = gzip(b"") * 100_000
    yield v1("phase", body + gzip(npy(SAMPLES)), NPY, {"Content-Encoding": "gzip"}, n_fft=8, seconds=3)
    yield Ask("/v2", lambda: [request("/v2/models/phase/infer", JSON, body, {"Content-Encoding": "gzip"})], 3.5, refused)


def endless_headers():
    """A gzip header without an end is refused when the body's bytes are spent."""
    start = b"\x1f\x8b\x08%c\x00\x00\x00\x00\x00\xff"
    for flag in (8, 16):  # a name, a comment
        for path, kind in (("/v1/phase", NPY), ("/v2/models/phase/infer", JSON)):
            yield Ask(f"{path} header flag {flag}, up to 300 MB", lambda path=path, kind=kind, flag=flag: chunked(path, kind,
                [start % flag] + [b"a" * 2**20] * 300, {"Content-Encoding": "gzip"}), 10, refused)
    yield Ask("members with extra fields, 200 MB", lambda: chunked("/v1/phase", NPY, [b"\x1f\x8b\x08\x04\0\0\0\0\0\xff\xff\xff" + bytes(65535)
        + b"\x03\x00" + bytes(8)] * 3000, {"Content-Encoding": "gzip"}), 10, refused)


# 10: and the rest


def media_types():
    """Any number of media types in Accept is answered in one of them, or refused."""
    audio = wav(SPEECH, 16000)
    for count in (50, 51, 60, 300):
        for last in ("application/x-npy", "*/*"):
            accept = ",".join(f"text/a{i}" for i in range(count - 1)) + "," + last
            yield v1("phase", audio, WAV, {"Accept": accept}, n_fft=512)
            yield v1("reconstruct", audio, WAV, {"Accept": accept}, n_fft=512, right=lambda answer: True)
    yield v1("phase", b"hello", WAV, {"Accept": ",".join(f"text/a{i}" for i in range(60))}, right=refused)


def unused_parameters():
    """A value that the chosen way does not use is looked at all the same, or refused."""
    audio = wav(SPEECH, 16000)
    for name, value in dict(n_iter="banana", momentum="x", tolerance="-1", init="nothing", seed="y", power="3", layout="z").items():
        yield v1("reconstruct", audio, WAV, right=refused, **{name: value})
    for name, value in dict(momentum="banana", n_iter="0.5", tolerance="2", seed="1e400").items():
        yield v1("reconstruct", FEW, right=refused, algorithm="pghi", response_format="npy", **{name: value})
    for name, value in dict(floor="banana", floor_mode="banana", pad_mode="banana", center="banana", input="banana", layout="banana").items():
        yield v1("phase", COMPLEX, right=refused, **{name: value})
    yield v1("phase/vjp", npz(spectrogram=COMPLEX, cotangent=FEW), "application/x-npz", right=refused, gradient_policy="exact", floor="banana")


def forms():
    """Parts without a name are parts: no form has more than 50."""
    part = b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n"
    good = b'--b\r\nContent-Disposition: form-data; name="file"\r\nContent-Type: application/x-npy\r\n\r\n' + npy(SAMPLES) + b"\r\n--b--\r\n"
    kind = "multipart/form-data; boundary=b"
    for count in (60, 200_000):
        yield v1("phase", part * count + good, kind, right=refused, n_fft=8, seconds=2)
    yield v1("phase", b"--b\r\nX: " + b"y" * 10**6 + b"\r\n\r\n" + good, kind, right=refused)


REQUESTS = {
    1: (lengths, middle_lengths, items_times_length, hops, small_hops, prime_sizes, filters, lists_asked_for),
    2: (complex_parts, json_shapes, arrays_of_nothing),
    3: (flowing_files, blocks_and_lengths, deadlines),
    4: (small_ones, slow_decodes),
    8: (bombs, empty_members, endless_headers),
    10: (media_types, unused_parameters, forms),
}
