#!/usr/bin/env python3
"""Writes sequence_start.bin and sequence_end.bin beside this script: the first and the last request of a sequence, made by the wire
format alone, without protobuf. Their fields are those that Triton's Python client fills for

    async_stream_infer("istft", inputs, request_id="1", sequence_id=42, sequence_start=True, priority=3, timeout=1000000,
                       enable_empty_final_response=True, parameters={"n_fft": 4, "hop_length": 2})
    async_stream_infer("istft", inputs, request_id="2", sequence_id=42, sequence_end=True)
"""
import pathlib
import struct

from model_infer_request import field, number, parameter, varint


def boolean(value):
    return number(1, int(value))


def request(identity, frames, values, parameters):
    shape = b"".join(map(varint, [1, 2, 3, frames]))
    tensor = field(1, b"spectrogram") + field(2, b"FP32") + field(3, shape)
    return (
        field(1, b"istft")
        + field(3, identity)
        + b"".join(parameter(name, value) for name, value in parameters)
        + field(5, tensor)
        + field(7, struct.pack(f"<{len(values)}f", *values))
    )


def sequence(start, end):
    return [
        (b"sequence_id", number(2, 42)),            # int64_param
        (b"sequence_start", boolean(start)),        # bool_param
        (b"sequence_end", boolean(end)),
    ]


here = pathlib.Path(__file__).parent
(here / "sequence_start.bin").write_bytes(request(b"1", 2, [1.0] * 6 + [0.0] * 6, sequence(True, False) + [
    (b"priority", number(5, 3)),                    # uint64_param
    (b"timeout", number(2, 1000000)),
    (b"n_fft", number(2, 4)),
    (b"hop_length", number(2, 2)),
    (b"triton_enable_empty_final_response", boolean(True)),
]))
(here / "sequence_end.bin").write_bytes(request(b"2", 1, [1.0] * 3 + [0.0] * 3, sequence(False, True)))
