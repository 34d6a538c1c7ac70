#!/usr/bin/env python3
"""Writes model_infer_request.bin beside this script: a ModelInferRequest made by the wire format alone, without protobuf."""
import pathlib
import struct


def varint(value):
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def field(number, content):
    """A field of bytes, of text, or a message."""
    return varint(number << 3 | 2) + varint(len(content)) + content


def number(field_number, value):
    return varint(field_number << 3) + varint(value)


def parameter(name, value):
    return field(4, field(1, name) + field(2, value))


# Two bins and three frames, real parts before imaginary ones.
values = [0, 1e-20, 3, -1, 2, 1, 0, 1e-20, 4, 0, -2, 1]
tensor = field(1, b"spectrogram") + field(2, b"FP32") + field(3, b"".join(map(varint, [1, 2, 2, 3])))
request = (
    field(1, b"phase")
    + field(2, b"1")
    + field(3, b"forty-two")
    + parameter(b"floor", varint(4 << 3 | 1) + struct.pack("<d", 1e-6))     # double_param
    + parameter(b"priority", number(2, 7))                                  # int64_param
    + parameter(b"layout", field(3, b"subbands"))                           # string_param
    + field(5, tensor)
    + field(6, field(1, b"phase"))
    + field(7, struct.pack("<12f", *values))
)
pathlib.Path(__file__).with_suffix(".bin").write_bytes(request)
