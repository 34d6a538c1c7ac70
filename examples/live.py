#!/usr/bin/env python3
"""Sound from a recording's magnitudes while they come: its frames are sent at their pace, its samples arrive meanwhile.

Needs numpy and websockets (pip install numpy websockets), and a service on http://127.0.0.1:8080:

    python3 examples/live.py examples/audio/speech_en_m1_libri_16k.wav found.wav --lookahead 3

Or gRPC (pip install numpy grpcio grpcio-tools), with the service's port for it:

    python3 examples/live.py examples/audio/speech_en_m1_libri_16k.wav found.wav --grpc 127.0.0.1:8001
"""
import argparse
import asyncio
import json
import sys
import time
import wave
from pathlib import Path

import numpy as np

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


async def paced(frames, seconds):
    start = time.monotonic()
    for index, frame in enumerate(frames):
        await asyncio.sleep(max(0, start + index * seconds - time.monotonic()))
        yield frame


async def over_socket(arguments, frames, rate, write):
    import websockets

    async def feed():
        async for frame in paced(frames, HOP / rate):
            await socket.send(frame.tobytes())
        await socket.send(json.dumps({"type": "end"}))

    headers = {"Authorization": f"Bearer {arguments.key}"} if arguments.key else {}
    async with websockets.connect(arguments.url, additional_headers=headers, max_size=None) as socket:
        await socket.send(json.dumps({"type": "start", "operation": "reconstruct", "n_fft": N_FFT, "hop_length": HOP,
                                      "sample_rate": rate, "lookahead": arguments.lookahead, "format": "pcm16"}))
        print(await socket.recv())
        sender = asyncio.create_task(feed())
        async for message in socket:
            if isinstance(message, bytes):
                write(message)
            else:
                print(message)
        await sender


async def over_grpc(arguments, frames, rate, write):
    import grpc

    sys.path.append(str(Path(__file__).resolve().parent.parent / "src" / "main" / "proto"))
    messages, services = grpc.protos_and_services("grpc_service.proto")

    def parameter(value):
        kind = "bool_param" if isinstance(value, bool) else "int64_param" if isinstance(value, int) else "string_param"
        return messages.InferParameter(**{kind: value})

    def request(frame=None, **parameters):
        asked = messages.ModelInferRequest(
            model_name="reconstruct",
            parameters={name: parameter(value) for name, value in {"sequence_id": "live.py", **parameters}.items()})
        if frame is not None:
            asked.inputs.add(name="magnitude", datatype="FP32", shape=[1, frame.size, 1])
            asked.raw_input_contents.append(frame.tobytes())
        return asked

    async def feed():
        yield request(sequence_start=True, n_fft=N_FFT, hop_length=HOP, sample_rate=rate,
                      lookahead=arguments.lookahead)
        async for frame in paced(frames, HOP / rate):
            yield request(frame)
        yield request(sequence_end=True)

    metadata = [("authorization", f"Bearer {arguments.key}")] if arguments.key else None
    async with grpc.aio.insecure_channel(arguments.grpc) as channel:
        stream = services.GRPCInferenceServiceStub(channel).ModelStreamInfer(feed(), metadata=metadata)
        async for answer in stream:
            if answer.error_message:
                raise SystemExit(answer.error_message)
            of = answer.infer_response
            if "latency_samples" in of.parameters or "frames" in of.parameters:
                print({name: getattr(value, value.WhichOneof("parameter_choice")) for name, value in of.parameters.items()})
            samples = np.frombuffer(of.raw_output_contents[0], "<f4")
            write(np.clip(np.rint(samples * 32768), -32768, 32767).astype("<i2").tobytes())


async def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recording")
    parser.add_argument("out")
    parser.add_argument("--url", default="ws://127.0.0.1:8080/v1/live")
    parser.add_argument("--grpc", metavar="HOST:PORT", help="plays over gRPC instead")
    parser.add_argument("--key", help="sent as a bearer token")
    parser.add_argument("--lookahead", type=int, default=3)
    arguments = parser.parse_args()
    samples, rate = read(arguments.recording)
    with wave.open(arguments.out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        play = over_grpc if arguments.grpc else over_socket
        await play(arguments, magnitudes(samples), rate, file.writeframes)


asyncio.run(main())
