from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from readiness.analysis import sound, sound_room, sound_silero, sound_voice
from readiness.analysis.sound_band import band, is_mirrored, stretched_from
from readiness.analysis.sound_clipping import crowd_before_filter, slope
from readiness.analysis.sound_frames import frames
from readiness.analysis.sound_level import resampled
from tests.material import noises, shaping
from tests.material.shaping import Samples
from tests.material.voices import spoken

RATE = 16000


def tone(amplitude: float, seconds: float = 2.0, rate: int = RATE, hz: float = 997.0) -> Samples:
    return amplitude * np.sin(2 * np.pi * hz * np.arange(int(seconds * rate)) / rate)


def figures(mono: Samples, rate: int = RATE) -> dict[str, Any]:
    """Without the models of rooms and of what is beneath a voice, which take longer than all the rest."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sound, "scores", lambda _samples, _level: None)
        patch.setattr(sound, "beneath", lambda _samples, _rate, _level, _background: None)
        return sound.figures(mono[:, None], rate)


def figures_and_room(mono: Samples) -> dict[str, Any]:
    return sound.figures(mono[:, None], RATE)


@pytest.mark.parametrize("rate", [8000, 16000, 44100, 48000, 192000])
def test_active_level_of_a_steady_tone_is_its_rms(rate: int) -> None:
    level, activity = sound.active_level(tone(0.1, rate=rate), rate)
    assert level == pytest.approx(-23.01, abs=0.1)
    assert activity == pytest.approx(1, abs=0.03)


@given(gain_db=st.floats(-40, 0))
def test_active_level_follows_the_gain(gain_db: float) -> None:
    rng = np.random.default_rng(7)
    bursts = rng.normal(0, 0.1, 4 * RATE) * (np.arange(4 * RATE) % RATE < 0.6 * RATE)
    level, activity = sound.active_level(bursts, RATE)
    quieter, same_activity = sound.active_level(bursts * 10 ** (gain_db / 20), RATE)
    # Thresholds are a factor of two apart, and the level between two of them is interpolated.
    assert quieter - level == pytest.approx(gain_db, abs=0.3)
    assert same_activity == pytest.approx(activity, abs=0.06)


def test_pauses_do_not_lower_the_active_level() -> None:
    speaking = np.random.default_rng(3).normal(0, 0.1, 2 * RATE)
    paused = np.concatenate((speaking, np.zeros(6 * RATE)))
    level, activity = sound.active_level(paused, RATE)
    assert level == pytest.approx(sound.rms_dbfs(speaking), abs=0.6)
    assert activity == pytest.approx(0.26, abs=0.04)


def test_silence_has_no_level_and_no_voice() -> None:
    found = figures(np.zeros(RATE))
    assert found["active_level_dbfs"] == sound.FLOOR_DBFS
    assert found["swing_p999"] == 0
    assert found["clipped_percent"] == 0
    assert found["voice_seconds"] == 0


def test_a_device_that_pops_as_it_opens_and_then_gives_nothing_is_silent() -> None:
    popping = np.zeros(2 * RATE)
    popping[RATE // 50 : RATE // 50 + RATE // 100] = 0.02
    assert figures(popping)["swing_p999"] == 0
    popping[RATE : RATE + RATE // 100] = 0.02  # later on it is a sound
    assert figures(popping)["swing_p999"] > 0.01


def test_nothing_recorded_is_zero_seconds() -> None:
    assert sound.figures(np.empty((0, 1)), RATE) == {"seconds": 0.0}


def test_a_whole_voice_has_no_fault(voice: Samples) -> None:
    found = figures_and_room(voice)
    assert found["active_level_dbfs"] == pytest.approx(-26, abs=0.1)
    assert found["voice_seconds"] > 3
    assert found["snr_without_rumble_db"] > 16
    assert found["clipped_percent"] < 0.1
    assert found["clipped_crowd"] < 2
    assert found["clipped_slope"] > 0.6
    assert found["holes"] == found["repeats"] == 0
    assert found["echo_strength"] < 0.07
    assert found["signal_mos"] > 3
    assert found["band_edge_hz"] > 6000


@given(kind=st.sampled_from(sorted({**noises.STEADY, **noises.BURSTS})), seed=st.integers(0, 99))
@settings(max_examples=6)
def test_nobody_speaks_in_noise(kind: str, seed: int) -> None:
    noise = {**noises.STEADY, **noises.BURSTS}[kind](3 * RATE, RATE, np.random.default_rng(seed))
    found = figures(0.01 * noise / np.sqrt(shaping.power(noise)))
    assert found["voice_seconds"] < 0.3
    assert "snr_db" not in found


def test_a_faint_voice_is_still_a_voice(voice: Samples) -> None:
    found = figures(shaping.in_steps(shaping.gain(voice, -36)))
    assert found["voice_seconds"] > 3
    assert found["active_level_dbfs"] == pytest.approx(-62, abs=0.5)


@given(snr=st.floats(2, 15), kind=st.sampled_from(["white", "pink", "fan"]), seed=st.integers(0, 99))
@settings(max_examples=5)
def test_noise_ratio_and_level_in_steady_noise(voice: Samples, snr: float, kind: str, seed: int) -> None:
    noise = noises.STEADY[kind](voice.size, RATE, np.random.default_rng(seed))
    noise *= 10 ** ((-26 - snr) / 20) / np.sqrt(shaping.power(noise))
    found = figures(voice + noise)
    assert found["snr_db"] == pytest.approx(snr, abs=2.5)
    assert found["active_level_dbfs"] == pytest.approx(-26, abs=1.0)


def _after_a_second_of_room(voice: Samples, noise: Samples, ratio_db: float) -> Samples:
    """As the test listens: first a second in which nobody talks."""
    noise = noise * 10 ** ((-26 - ratio_db) / 20) / np.sqrt(shaping.power(noise))
    return np.concatenate((np.zeros(RATE), voice)) + noise


@pytest.mark.parametrize("kind", ["white", "pink", "brown", "fan"])
@pytest.mark.parametrize("ratio", [4.0, 10.0, 22.0])
def test_a_second_of_the_room_gives_noise_and_level_exactly(voice: Samples, kind: str, ratio: float) -> None:
    noise = noises.STEADY[kind](voice.size + RATE, RATE, np.random.default_rng(12))
    noise = shaping.high_pass(noise, RATE, 50)  # what lies below does not count
    found = figures(_after_a_second_of_room(voice, noise, ratio))
    assert found["snr_db"] == pytest.approx(ratio, abs=1.2)
    assert found["active_level_dbfs"] == pytest.approx(-26, abs=0.5)


def test_hum_is_as_loud_as_it_is(voice: Samples) -> None:
    """A tone's quietest moments are as loud as all others, unlike those of noise."""
    hum = noises.hum(voice.size + RATE, RATE, np.random.default_rng(2), 50, 8)
    assert figures(_after_a_second_of_room(voice, hum, 10))["snr_db"] == pytest.approx(10, abs=1)


def test_rumble_counts_where_wide_band_begins(voice: Samples) -> None:
    random = np.random.default_rng(3).normal(size=voice.size + RATE)
    rumble = shaping.filtered(random, RATE, lambda hz: 1 / np.maximum(hz, 70))
    unsent = shaping.filtered(random, RATE, lambda hz: (hz > 5) & (hz < 35))
    assert figures(_after_a_second_of_room(voice, rumble, 12))["snr_without_rumble_db"] < 15.5
    assert figures(_after_a_second_of_room(voice, unsent, 12))["snr_without_rumble_db"] > 20


@pytest.mark.parametrize("base", [50.0, 60.0])
def test_a_lone_line_of_the_mains_is_told_as_such_and_is_no_rumble(voice: Samples, base: float) -> None:
    line = tone(1, voice.size / RATE + 1, hz=base)
    found = figures(_after_a_second_of_room(voice, line, 12))
    assert found["hum_hz"] == base
    assert found["snr_without_rumble_db"] > 25


def test_noise_in_bursts_is_told_from_steady_noise(voice: Samples) -> None:
    keys = noises.keyboard(voice.size, RATE, np.random.default_rng(5))
    paused = np.concatenate((voice[: 2 * RATE], np.zeros(RATE), voice[2 * RATE : 4 * RATE]))
    found = figures(paused + 0.02 * keys[: paused.size] / np.sqrt(shaping.power(keys)))
    assert found["burst_db"] > 10
    assert found["snr_steady_db"] > found["snr_db"] + 10
    assert found["snr_db"] == pytest.approx(8, abs=5)


def test_keys_are_heard_amid_words(voice: Samples) -> None:
    keys = noises.keyboard(voice.size, RATE, np.random.default_rng(8))
    found = figures_and_room(voice + 10 ** (-33 / 20) * keys / np.sqrt(shaping.power(keys)))
    assert found["clicks_per_second"] > 2
    assert found["snr_db"] == pytest.approx(7, abs=5)
    assert figures(voice)["clicks_per_second"] < 1.5


@pytest.mark.parametrize("base", [50.0, 60.0])
def test_hum_of_the_mains_stands_out(voice: Samples, base: float) -> None:
    hum = noises.hum(voice.size, RATE, np.random.default_rng(2), base, 8)
    found = figures(voice + 10 ** (-40 / 20) * hum / np.sqrt(shaping.power(hum)))
    assert found["hum_hz"] == base
    assert found["hum_db"] == pytest.approx(-14, abs=2)
    assert found["hum_contrast_db"] > 26


def test_clipping_counts_flat_tops_and_not_a_loud_tone(voice: Samples) -> None:
    assert figures(np.clip(tone(0.9), -0.45, 0.45))["clipped_percent"] > 20
    assert figures(tone(0.99))["clipped_percent"] < 6
    edge = 0.25 * float(np.abs(voice).max())
    share = 100 * float(np.mean(np.abs(voice) >= edge))
    assert figures(np.clip(voice, -edge, edge))["clipped_percent"] == pytest.approx(share, rel=0.1)


def test_a_cut_that_was_resampled_still_crowds(voice: Samples) -> None:
    edge = 0.25 * float(np.abs(voice).max())
    assert figures(resampled(np.clip(voice, -edge, edge), RATE, 48000), 48000)["clipped_crowd"] > 3


@pytest.mark.parametrize("codec", [None, ("OGG", "OPUS", 0.6), ("MP3", "MPEG_LAYER_III", 0.5)])
@pytest.mark.parametrize("share", [7, 12])
def test_a_stage_that_saturates_softly_flattens_what_nears_its_ceiling(
    voice: Samples, share: float, codec: tuple[str, str, float] | None
) -> None:
    edge = float(np.quantile(np.abs(voice), 1 - share / 100))
    soft = 0.6 * np.tanh(1.15 * resampled(voice, RATE, 48000) / edge)
    found = figures(soft if codec is None else shaping.coded(soft, 48000, *codec), 48000)
    assert found["clipped_slope"] < 0.46


@pytest.mark.parametrize("codec", [None, ("OGG", "OPUS", 0.6)])
def test_a_limiter_leaves_the_wave_its_slope(voice: Samples, codec: tuple[str, str, float] | None) -> None:
    loud = shaping.limited(shaping.gain(resampled(voice, RATE, 48000), 20), 48000, 0.93)
    found = figures(loud if codec is None else shaping.coded(loud, 48000, *codec), 48000)
    assert found["active_level_dbfs"] > -12
    assert found["clipped_slope"] > 0.55
    assert found["clipped_crowd"] < 1.8


@given(gain_db=st.floats(-20, 0))
@settings(max_examples=5)
def test_the_slope_near_the_ceiling_is_the_waves_own_at_any_gain(gain_db: float) -> None:
    assert slope(shaping.gain(tone(0.9, hz=197), gain_db), RATE) == pytest.approx(0.53, abs=0.03)


def test_too_little_sound_has_no_slope() -> None:
    for samples in (np.empty(0), np.zeros(RATE), np.zeros(9), tone(0.5, seconds=0.001)):
        assert slope(samples, RATE) is None


@pytest.mark.parametrize("rate", [16000, 44100, 48000])
def test_the_telephone_band_ends_at_its_edge(voice: Samples, rate: int) -> None:
    narrow = shaping.low_pass(resampled(voice, RATE, rate), rate, 3400)
    found = figures(narrow, rate)
    assert found["band_edge_hz"] == pytest.approx(3400, abs=250)
    assert found["band_drop_db"] > 30


@pytest.mark.parametrize("hiss_dbfs", [-86, -74])
def test_the_telephone_band_has_no_need_of_a_sharp_edge(voice: Samples, hiss_dbfs: float) -> None:
    """Cheap resamplers end slowly, a little beyond 4 kHz; and the card's own hiss goes on above."""
    whole = resampled(voice, RATE, 48000)
    hiss = np.random.default_rng(3).normal(0, 10 ** (hiss_dbfs / 20), whole.size)

    def edge(ends_at_hz: float) -> float:
        found = figures(shaping.low_pass(whole, 48000, ends_at_hz, width=3000) + hiss, 48000)
        return float(found["band_edge_hz"])

    assert edge(4000) < 4700
    assert edge(7000) > 5500


def test_eight_thousand_samples_a_second_reach_four_kilohertz(voice: Samples) -> None:
    assert figures(resampled(voice, RATE, 8000), 8000)["band_edge_hz"] <= 4000


def test_a_telephone_with_a_slow_edge_is_told_though_noise_came_after_it(voice: Samples) -> None:
    """The noise fills what lies beyond its band, but is fainter than a whole voice is there."""
    hz = np.fft.rfftfreq(voice.size, 1 / RATE)
    slow = 10 ** (-np.maximum(0, hz - 3000) * 0.016 / 20)
    line = np.fft.irfft(np.fft.rfft(voice) * slow, voice.size)
    noise = np.random.default_rng(2).normal(0, 10 ** (-66 / 20), voice.size)
    assert figures(line + noise)["band_edge_hz"] < 4500
    assert figures(voice + noise)["band_edge_hz"] > 4700


@pytest.mark.parametrize("factor", [2, 6])
def test_repeated_and_drawn_out_samples_tell_their_first_rate(voice: Samples, factor: int) -> None:
    slow = resampled(voice, RATE, 8000)
    lines = np.interp(np.arange(slow.size * factor) / factor, np.arange(slow.size), slow)
    for stretched in (np.repeat(slow, factor), lines):
        assert stretched_from(shaping.in_steps(stretched), 8000 * factor) == 8000
    assert stretched_from(voice, RATE) is None


@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000])
@pytest.mark.parametrize("drawn", ["held", "lines"])
def test_what_was_resampled_after_it_was_drawn_out_is_known_by_its_mirror_image(
    voice: Samples, drawn: str, rate: int
) -> None:
    slow = resampled(voice, RATE, 8000)
    lines = np.interp(np.arange(slow.size * 6) / 6, np.arange(slow.size), slow)
    wide = resampled(np.repeat(slow, 6) if drawn == "held" else lines, 48_000, rate)
    assert is_mirrored(wide, rate)
    assert not is_mirrored(resampled(voice, RATE, rate), rate)
    assert not is_mirrored(np.zeros(rate), rate)


def test_a_telephone_whose_images_end_more_sharply_ends_where_they_begin() -> None:
    """As of GSM in a file of 16 kHz, whose own filter cuts the images off."""
    random = np.random.default_rng(2)
    said = random.normal(0, 0.05, 6 * RATE) * np.repeat([0, 1] * 12, RATE // 4)

    def with_images(hz: Samples) -> Samples:
        return np.where(hz < 3900, 1.0, np.where(hz < 7400, 10 ** (-(24 + (hz - 3900) / 400) / 20), 1e-5))

    heard = shaping.filtered(said, RATE, with_images) + random.normal(0, 1e-5, said.size)
    assert band(frames(heard, RATE)).edge_hz == pytest.approx(3900, abs=200)


def test_a_whine_with_tones_at_every_kilohertz_is_no_mirror_image(voice: Samples) -> None:
    seconds = np.arange(voice.size) / RATE
    whine = sum(np.sin(2 * np.pi * 1000 * n * seconds + n) for n in range(1, 8))
    assert not is_mirrored(voice + 0.004 * np.asarray(whine), RATE)


@pytest.mark.parametrize(("order", "corner_hz"), [(1, 100.0), (2, 80.0), (2, 110.0)])
def test_peaks_that_were_cut_off_before_a_high_pass_filter_are_found(
    voice: Samples, order: int, corner_hz: float
) -> None:
    """It tilts the flat tops: the values crowd nowhere any more."""

    def filtered(samples: Samples) -> Samples:
        s = 1j * np.fft.rfftfreq(samples.size, 1 / RATE) / corner_hz
        passed = s / (s + 1) if order == 1 else s**2 / (s**2 + np.sqrt(2) * s + 1)
        return np.fft.irfft(np.fft.rfft(samples) * passed, samples.size)

    ceiling = float(np.quantile(np.abs(voice), 0.96))
    assert crowd_before_filter(filtered(np.clip(voice, -ceiling, ceiling)), RATE) > 2
    assert crowd_before_filter(filtered(voice), RATE) < 1.6


def test_an_echo_is_among_the_figures_with_its_delay(voice: Samples) -> None:
    echoed = voice.copy()
    echoed[RATE // 4 :] += 0.4 * voice[: -RATE // 4]
    found = figures(echoed)
    assert found["echo_strength"] > 0.15
    assert found["echo_delay_ms"] == pytest.approx(250, abs=1)
    assert found["late_echo_prominence"] > 10
    assert found["late_echo_delay_ms"] == pytest.approx(250, abs=1)


def test_a_bare_room_lowers_the_score_of_the_voice(voice: Samples) -> None:
    response = noises.tail_room(RATE, np.random.default_rng(4), 1.2, -6)
    bare = shaping.convolved(voice, response)
    found = figures_and_room(bare * np.sqrt(shaping.power(voice) / shaping.power(bare)))
    assert found["signal_mos"] < 2.3
    assert found["snr_steady_db"] > 13


def test_words_that_run_into_one_another_in_a_hall_are_still_a_voice() -> None:
    """The tail alone, as far away from somebody who speaks in a church."""
    said = spoken(
        "it", "Buongiorno a tutti, questa è una prova del microfono prima della riunione.", voice="+f4"
    )
    random = np.random.default_rng(4)
    time = np.arange(3 * RATE) / RATE
    tail = random.normal(size=time.size) * 10 ** (-3 * time / 2.5)
    hall = shaping.convolved(resampled(said.samples, said.rate, RATE), tail)
    found = figures_and_room(0.05 * hall / np.sqrt(shaping.power(hall)))
    assert found["voice_seconds"] > 1
    assert found["decay_db"] < 19


def test_a_rooms_tails_sink_in_each_band_and_noise_does_not(voice: Samples) -> None:
    random = np.random.default_rng(6)
    hall = shaping.convolved(voice, noises.tail_room(RATE, random, 2.5, -12))
    fan = noises.fan(voice.size, RATE, random)
    noisy = voice + 10 ** (-30 / 20) * fan / np.sqrt(shaping.power(fan))
    assert figures(hall)["band_spread_db"] > 6
    assert figures(noisy)["band_spread_db"] < 4


def test_a_long_pause_without_a_burst_says_that_none_hide_beneath_the_voice() -> None:
    """Of a synthesiser's hoarse voice the model takes much off that is no noise."""
    said = resampled(spoken("de+m1", "Guten Tag, ich prüfe mein Mikrofon.").samples, 22050, RATE)
    room = np.random.default_rng(8).normal(0, 3e-4, said.size + RATE)
    room[RATE:] += said
    found = figures_and_room(room)
    assert found["pause_seconds"] > 0.8
    assert found["snr_beneath_db"] is None
    assert found["snr_db"] > 30


def test_offset_is_told_and_kept_out_of_the_level() -> None:
    found = figures(tone(0.1) + 0.2)
    assert found["dc_offset"] == pytest.approx(0.2, abs=0.001)
    assert found["active_level_dbfs"] == pytest.approx(-23.01, abs=0.2)


def test_the_loudest_channel_is_measured() -> None:
    stereo = np.stack((np.zeros(RATE), tone(0.1, 1)), axis=1)
    found = sound.figures(stereo, RATE)
    assert found["channel_levels_dbfs"][0] == sound.FLOOR_DBFS
    assert found["active_level_dbfs"] == pytest.approx(-23.01, abs=0.2)


@pytest.mark.parametrize("rate", [8000, 11025, 22050, 44100, 96000, 192000])
def test_any_rate_gives_the_same_voice(voice: Samples, rate: int) -> None:
    found = figures(resampled(voice, RATE, rate), rate)
    assert found["active_level_dbfs"] == pytest.approx(-26, abs=0.6)
    assert found["voice_seconds"] > 3


@given(
    samples=arrays.arrays(
        np.float64,
        st.tuples(st.integers(0, 4000), st.integers(1, 4)),
        elements=st.floats(-1e3, 1e3, allow_subnormal=False),
    ),
    rate=st.sampled_from([4000, 8000, 11025, 44100, 192000, 384000]),
)
@settings(max_examples=40)
def test_whatever_samples_give_finite_figures(samples: Any, rate: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sound, "scores", lambda _samples, _level: None)
        found = sound.figures(samples, rate)
    for name, value in found.items():
        if isinstance(value, float):
            assert np.isfinite(value), name


def test_without_its_models_the_figure_is_unknown(voice: Samples, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound_room, "_network", lambda: None)
    monkeypatch.setattr(sound_voice, "_detector", lambda _rate: None)
    found = figures_and_room(voice)
    assert found["signal_mos"] is None
    assert found["background_mos"] is None
    assert found["voice_seconds"] is None
    assert found["pause_seconds"] is None
    assert found["active_level_dbfs"] == pytest.approx(-26, abs=0.1)


def test_a_model_that_breaks_is_unknown_and_no_traceback(
    voice: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        def setInput(self, _blob: object) -> None:
            raise ValueError("no such layer")

    other = {name: weight[..., :1] for name, weight in sound_silero.read(16_000).weights.items()}
    wrong = sound_silero.Silero(rate_hz=16_000, weights=other)
    monkeypatch.setattr(sound_room, "_network", Broken)
    monkeypatch.setattr(sound_voice, "_detector", lambda _rate: wrong)
    found = figures_and_room(voice)
    assert found["signal_mos"] is None
    assert found["voice_seconds"] is None


def test_the_level_is_told_moment_by_moment() -> None:
    found = figures(np.concatenate([tone(0.1, 1.0), tone(0.01, 1.0)]))
    at, levels = np.array(found["level_seconds"]), np.array(found["level_dbfs"])
    assert at.shape == levels.shape == (40,)
    assert levels[at < 1] == pytest.approx(-23.0, abs=0.3)
    assert levels[at > 1] == pytest.approx(-43.0, abs=0.3)


def test_no_moment_is_short_enough_for_words_and_no_row_is_long() -> None:
    short, long = figures(tone(0.1, 0.5)), figures(tone(0.1, 60.0, 8000), 8000)
    assert np.diff(short["level_seconds"]).min() >= 0.03
    assert len(long["level_dbfs"]) == len(long["level_seconds"]) <= 240
    assert long["level_seconds"][-1] == pytest.approx(60, abs=1)


def test_the_spectrum_shows_at_which_frequency_a_tone_stands() -> None:
    found = figures(tone(0.1, hz=1000.0))
    hertz, levels = found["spectrum_hz"], found["spectrum_dbfs"]
    assert len(hertz) == len(levels) < 60
    assert hertz == sorted(hertz)
    assert 900 < hertz[int(np.argmax(levels))] < 1100
    assert min(levels) < max(levels) - 40


@pytest.mark.parametrize(("beyond_db", "edge_hz"), [(-6.0, 7500), (-38.0, 3100)])
def test_a_gap_in_a_voice_is_not_its_end(beyond_db: float, edge_hz: float) -> None:
    """Some voices have next to nothing between their formants, and are as loud again beyond."""
    rng = np.random.default_rng(4)
    spectrum = np.fft.rfft(rng.normal(0, 0.1, 5 * RATE))
    hz = np.fft.rfftfreq(5 * RATE, 1 / RATE)
    level_db = np.select([hz < 150, hz < 3100, hz < 4300, hz < 7500], [-60, 0, -38, beyond_db], -60)
    voice = np.fft.irfft(spectrum * 10 ** (level_db / 20), 5 * RATE)
    voice *= np.sin(2 * np.pi * 2 * np.arange(voice.size) / RATE) > 0
    found = band(frames(voice + rng.normal(0, 1e-4, voice.size), RATE))
    assert found.edge_hz == pytest.approx(edge_hz, abs=450)
