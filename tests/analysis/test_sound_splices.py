from __future__ import annotations

import numpy as np

from readiness.analysis.sound_level import active_level
from readiness.analysis.sound_splices import splices
from tests.material import noises, shaping
from tests.material.shaping import Samples

RATE = 16000


def joints(voice: Samples) -> int:
    return splices(voice, active_level(voice, RATE)[0])


def without(voice: Samples, *pieces: slice) -> Samples:
    kept = np.ones(voice.size, dtype=np.bool_)
    for piece in pieces:
        kept[piece] = False
    return voice[kept]


def test_joints_where_pieces_of_words_are_missing_are_found(voice: Samples) -> None:
    """Nothing is left of the missing pieces but the jump, and the pulses of the voice out of step."""
    loud = np.flatnonzero(np.abs(voice) > 0.5 * np.abs(voice).max())
    pieces = [slice(at, at + RATE // 20) for at in loud[:: loud.size // 12]]
    assert joints(without(voice, *pieces)) >= 3
    assert joints(voice) <= 1


def test_joints_are_sure_where_they_lie_whole_packets_apart(voice: Samples) -> None:
    """Lost packets leave joints on their clock of 10 ms; a synthesiser's may lie anywhere."""
    packet, off = RATE // 50, RATE // 250
    loud = np.unique(np.flatnonzero(np.abs(voice) > 0.5 * np.abs(voice).max()) // packet) * packet
    pairs = [(int(loud[at]), int(loud[-1 - at])) for at in range(0, loud.size // 3, 2)]

    def both_are_sure(later: int) -> int:
        starts = ((first, second + later) for first, second in pairs)
        cut = (without(voice, *(slice(at, at + packet) for at in pair)) for pair in starts)
        return sum(joints(torn) == 4 for torn in cut)

    assert both_are_sure(later=0) > both_are_sure(later=off)


def test_clicks_of_one_sample_and_of_keys_are_no_joints(voice: Samples) -> None:
    clicked = voice.copy()
    clicked[RATE // 4 :: RATE // 4] += 0.3
    assert joints(clicked) <= 1
    keys = noises.keyboard(voice.size, RATE, np.random.default_rng(9))
    assert joints(voice + 10 ** (-33 / 20) * keys / np.sqrt(shaping.power(keys))) <= 1
