"""A voice that is torn is told from a whole one, however it is torn; and a file that is no network is told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.analysis import sound_splices
from readiness.analysis.sound_splices import Splices, splices
from tests.material import noises, shaping
from tests.material.shaping import Samples
from tests.material.torn import KINDS, torn

RATE = 16_000
LIMIT = 9.0
"""Natural log odds in 6 s; the profile asks for a little more before it calls a voice torn."""


def heard(voice: Samples) -> Splices:
    found = splices(voice)
    assert found is not None
    return found


@pytest.mark.parametrize("kind", list(KINDS))
def test_however_a_voice_is_torn_it_is_heard(voice: Samples, kind: str) -> None:
    random = np.random.default_rng(10)
    parts = [torn(part, RATE, random, kind) for part in np.split(voice, 5)]
    places = sum(len(joints) for _, joints in parts)
    found = heard(np.concatenate([part for part, _ in parts]))
    assert found.certainty > LIMIT
    assert 0.2 * places < found.count < 1.5 * places


def test_what_is_missing_in_whole_packets_is_surer(voice: Samples) -> None:
    packet, random = RATE // 50, np.random.default_rng(4)
    lost = np.sort(random.choice(voice.size // packet - 1, 40, replace=False)) * packet
    told = {}
    for name, early in (("whole", 0), ("anywhere", packet)):
        torn_voice = voice.copy()
        for start in lost + random.integers(early + 1, size=lost.size):
            torn_voice[start : start + packet] *= np.linspace(0.6, 0.2, packet)
        told[name] = heard(torn_voice)
        assert told[name].certainty > LIMIT
    added = {name: found.in_packets - found.certainty for name, found in told.items()}
    assert added["whole"] > 5
    assert added["anywhere"] < 0.5 * added["whole"]


@pytest.mark.parametrize("coder", [("MP3", "MPEG_LAYER_III"), ("OGG", "VORBIS"), ("OGG", "OPUS")])
@pytest.mark.parametrize("kind", ["silenced", "again", "skipped"])
def test_what_a_coder_smeared_is_heard(voice: Samples, kind: str, coder: tuple[str, str]) -> None:
    """Nothing is zero any more, and nothing the very same."""
    random = np.random.default_rng(8)
    samples = np.concatenate([torn(part, RATE, random, kind)[0] for part in np.split(voice, 5)])
    assert heard(shaping.coded(samples, RATE, *coder)).certainty > LIMIT


def test_a_whole_voice_is_none_in_noise_behind_coders_and_with_keys(voice: Samples) -> None:
    random = np.random.default_rng(9)
    keys = noises.keyboard(voice.size, RATE, random)
    clicked = voice.copy()
    clicked[RATE // 4 :: RATE // 4] += 0.1
    for whole in (
        voice,
        voice + random.normal(0, 0.001, voice.size),
        shaping.coded(voice, RATE, "OGG", "OPUS", 0.6),
        shaping.coded(voice, RATE, "OGG", "VORBIS", 0.4),
        voice + 10 ** (-33 / 20) * keys / np.sqrt(shaping.power(keys)),
        clicked,
    ):
        assert heard(whole).certainty < LIMIT


def test_the_level_does_not_matter(voice: Samples) -> None:
    cut = np.delete(voice, np.s_[2 * RATE : 2 * RATE + 800])
    assert heard(cut * 1e-3).certainty == pytest.approx(heard(cut).certainty, abs=0.05)


def test_a_long_recording_is_as_sure_as_a_part_of_it(voice: Samples) -> None:
    """Else whatever is doubtful now and then would add up."""
    random = np.random.default_rng(10)
    part = np.concatenate([torn(part, RATE, random, "held")[0] for part in np.split(voice, 5)])
    assert heard(np.tile(part, 4)).certainty == pytest.approx(6 / 5 * heard(part).certainty, rel=0.1)
    assert heard(np.tile(part, 4)).count == pytest.approx(4 * heard(part).count, abs=4)


@settings(max_examples=30)
@given(seed=st.integers(0, 2**32 - 1), level=st.floats(0, 1.0), size=st.integers(0, 5_000))
def test_any_sound_gives_an_answer(seed: int, level: float, size: int) -> None:
    found = heard(np.random.default_rng(seed).uniform(-level, level, size))
    assert 0 <= found.certainty <= 6 * found.count


def test_a_file_that_is_no_network_is_told(tmp_path: Path) -> None:
    whole = sound_splices.MODEL.read_bytes()
    file = tmp_path / "model.npz"
    with pytest.raises(OSError, match="model"):
        sound_splices.read(file)
    for content in (b"", b"no network", whole[:-100]):
        file.write_bytes(content)
        with pytest.raises(ValueError, match="model"):
            sound_splices.read(file)
    np.savez(file, **{"first.weight": np.zeros(3)})
    with pytest.raises(ValueError, match="no whole network"):
        sound_splices.read(file)


def test_without_its_network_nothing_is_known(voice: Samples, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound_splices, "_network", lambda: None)
    assert splices(voice) is None
    shapeless = dict.fromkeys(sound_splices.read(), np.zeros((2, 2), np.float32))
    monkeypatch.setattr(sound_splices, "_network", lambda: shapeless)
    assert splices(voice) is None
