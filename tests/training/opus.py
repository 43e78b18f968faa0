"""A voice through Opus with packets lost on the way, whose places the decoder fills in (RFC 6716, section 4.4)."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np

from tests.material.shaping import Samples
from tests.material.torn import Random

_FRAME_SECONDS = 0.02
_APPLICATIONS, _SET_BITRATE = (2048, 2049), 4002
_RUNS = (1, 2, 2, 3, 4, 5)
"""Packets in a row that are lost: one alone is filled in so well that few hear it."""
_LARGEST_PACKET = 4000
_DELAY_SECONDS = 0.0065
"""What an encoder looks ahead, at its usual settings."""


def _library() -> Any:
    library = ctypes.CDLL("libopus.so.0")
    library.opus_encoder_create.restype = library.opus_decoder_create.restype = ctypes.c_void_p
    pointer, number = ctypes.c_void_p, ctypes.c_int
    library.opus_encoder_ctl.argtypes = [pointer, number, number]
    library.opus_encode_float.argtypes = [pointer, pointer, number, pointer, number]
    library.opus_decode_float.argtypes = [pointer, pointer, number, pointer, number, number]
    library.opus_encoder_destroy.argtypes = library.opus_decoder_destroy.argtypes = [pointer]
    return library


def packets_lost(voice: Samples, rate: int, random: Random) -> tuple[Samples, list[int]]:
    """Mono at 48 kHz, where one to three runs of packets are lost amid what is loud, and where they end."""
    library, error = _library(), ctypes.c_int()
    encoder = library.opus_encoder_create(rate, 1, int(random.choice(_APPLICATIONS)), ctypes.byref(error))
    decoder = library.opus_decoder_create(rate, 1, ctypes.byref(error))
    library.opus_encoder_ctl(encoder, _SET_BITRATE, int(random.choice((16_000, 24_000, 40_000))))
    size = int(_FRAME_SECONDS * rate)
    whole = np.pad(voice * 0.6 / np.abs(voice).max(), (0, -voice.size % size)).astype(np.float32)
    frames, packet = np.ascontiguousarray(whole.reshape(-1, size)), (ctypes.c_ubyte * _LARGEST_PACKET)()
    lost = _lost(frames, random)
    out = np.zeros_like(frames)
    for frame, into, is_lost in zip(frames, out, lost, strict=True):
        length = library.opus_encode_float(encoder, frame.ctypes.data, size, packet, _LARGEST_PACKET)
        sent = (None, 0) if is_lost else (packet, length)
        library.opus_decode_float(decoder, *sent, into.ctypes.data, size, 0)
    library.opus_encoder_destroy(encoder)
    library.opus_decoder_destroy(decoder)
    ends = np.flatnonzero(lost[:-1] & ~lost[1:]) + 1
    late = int(_DELAY_SECONDS * rate)
    return out.reshape(-1)[: voice.size].astype(np.float64), [int(end) * size + late for end in ends]


def _lost(
    frames: np.ndarray[Any, np.dtype[np.float32]], random: Random
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    energy = np.mean(np.square(frames), axis=1)
    lost = np.zeros(len(frames), np.bool_)
    loud = np.flatnonzero(energy > 0.5 * np.mean(energy))
    for _ in range(int(random.integers(1, 4))):
        start = int(random.choice(loud))
        lost[start : start + int(random.choice(_RUNS))] = True
    return lost
