#!/usr/bin/env python3
"""Sound while it comes: a recording's magnitudes, or with --rate its samples, are sent at their pace, and samples arrive meanwhile.

Needs numpy and websockets (pip install numpy websockets), and a service on http://127.0.0.1:8080:

    python3 examples/live.py examples/audio/speech_en_m1_libri_16k.wav found.wav --lookahead 3

The recording at another speed, or at another pitch:

    python3 examples/live.py examples/audio/speech_en_m1_libri_16k.wav slower.wav --rate 0.8 --semitones 2

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


def pcm16(samples):
    return np.clip(np.rint(samples * 32768), -32768, 32767).astype("<i2").tobytes()


def magnitudes(samples):
    padded = np.pad(samples, N_FFT // 2)
    window = np.hanning(N_FFT + 1)[:-1]
    frames = np.lib.stride_tricks.sliding_window_view(padded, N_FFT)[::HOP]
    return np.abs(np.fft.rfft(frames * window)).astype("<f4")


def started(arguments, rate):
    """The operation, and its parameters."""
    common = {"n_fft": N_FFT, "hop_length": HOP, "sample_rate": rate, "lookahead": arguments.lookahead}
    if arguments.rate is None:
        return "reconstruct", common
    return "stretch", {**common, "rate": arguments.rate, "semitones": arguments.semitones}


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
        operation, parameters = started(arguments, rate)
        await socket.send(json.dumps({"type": "start", "operation": operation, **parameters}))
        print(await socket.recv())
        sender = asyncio.create_task(feed())
        async for message in socket:
            if isinstance(message, bytes):
                write(pcm16(np.frombuffer(message, "<f4")))
            else:
                print(message)
        await sender


async def over_grpc(arguments, frames, rate, write):
    import grpc

    sys.path.append(str(Path(__file__).resolve().parent.parent / "src" / "main" / "proto"))
    messages, services = grpc.protos_and_services("grpc_service.proto")

    kinds = {bool: "bool_param", int: "int64_param", float: "double_param", str: "string_param"}
    model, begun = started(arguments, rate)

    def parameter(value):
        return messages.InferParameter(**{kinds[type(value)]: value})

    def request(frame=None, **parameters):
        asked = messages.ModelInferRequest(
            model_name=model,
            parameters={name: parameter(value) for name, value in {"sequence_id": "live.py", **parameters}.items()})
        if frame is not None:
            name, shape = ("audio", [1, frame.size]) if model == "stretch" else ("magnitude", [1, frame.size, 1])
            asked.inputs.add(name=name, datatype="FP32", shape=shape)
            asked.raw_input_contents.append(frame.tobytes())
        return asked

    async def feed():
        yield request(sequence_start=True, **begun)
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
            write(pcm16(np.frombuffer(of.raw_output_contents[0], "<f4")))


async def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recording")
    parser.add_argument("out")
    parser.add_argument("--url", default="ws://127.0.0.1:8080/v1/live")
    parser.add_argument("--grpc", metavar="HOST:PORT", help="plays over gRPC instead")
    parser.add_argument("--key", help="sent as a bearer token")
    parser.add_argument("--lookahead", type=int, default=3)
    parser.add_argument("--rate", type=float, help="sends the samples, and hears them so many times as fast")
    parser.add_argument("--semitones", type=float, default=0.0, help="with --rate: the pitch is raised by so many")
    arguments = parser.parse_args()
    samples, rate = read(arguments.recording)
    with wave.open(arguments.out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        play = over_grpc if arguments.grpc else over_socket
        hops = [samples[at:at + HOP] for at in range(0, len(samples), HOP)]
        frames = magnitudes(samples) if arguments.rate is None else hops
        await play(arguments, frames, rate, file.writeframes)


asyncio.run(main())
