#!/usr/bin/env python3
"""Sound from a recording's magnitudes while they come: its frames are sent at their pace, its samples arrive meanwhile.

Needs numpy and websockets (pip install numpy websockets), and a service on http://127.0.0.1:8080:

    python3 examples/live.py examples/audio/speech_en_m1_libri_16k.wav found.wav --lookahead 3
"""
import argparse
import asyncio
import json
import time
import wave

import numpy as np
import websockets

N_FFT, HOP = 1024, 256


def read(path):
    with wave.open(path) as file:
        assert file.getsampwidth() == 2, "a WAV file of 16 bits"
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, file.getnchannels())
        return samples.mean(axis=1).astype(np.float32) / 32768, file.getframerate()


def magnitudes(samples):
    padded = np.pad(samples, N_FFT // 2)
    window = np.hanning(N_FFT + 1)[:-1]
    frames = np.lib.stride_tricks.sliding_window_view(padded, N_FFT)[::HOP]
    return np.abs(np.fft.rfft(frames * window)).astype("<f4")


async def feed(socket, frames, seconds):
    start = time.monotonic()
    for index, frame in enumerate(frames):
        await asyncio.sleep(max(0, start + index * seconds - time.monotonic()))
        await socket.send(frame.tobytes())
    await socket.send(json.dumps({"type": "end"}))


async def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recording")
    parser.add_argument("out")
    parser.add_argument("--url", default="ws://127.0.0.1:8080/v1/live")
    parser.add_argument("--key", help="sent as a bearer token")
    parser.add_argument("--lookahead", type=int, default=3)
    arguments = parser.parse_args()
    samples, rate = read(arguments.recording)
    headers = {"Authorization": f"Bearer {arguments.key}"} if arguments.key else {}
    async with websockets.connect(arguments.url, additional_headers=headers, max_size=None) as socket:
        await socket.send(json.dumps({"type": "start", "operation": "reconstruct", "n_fft": N_FFT, "hop_length": HOP,
                                      "sample_rate": rate, "lookahead": arguments.lookahead, "format": "pcm16"}))
        print(await socket.recv())
        sender = asyncio.create_task(feed(socket, magnitudes(samples), HOP / rate))
        with wave.open(arguments.out, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(rate)
            async for message in socket:
                if isinstance(message, bytes):
                    file.writeframes(message)
                else:
                    print(message)
        await sender


asyncio.run(main())
