"""What the figures that profiles set limits for are called."""

from __future__ import annotations

from readiness.collector import figures
from readiness.core.text import Language, Text

_WAYS = {
    "up": Text(sv="{name}, från datorn", en="{name}, from the computer"),
    "down": Text(sv="{name}, till datorn", en="{name}, to the computer"),
}
"""What a name that ends with a direction means."""

_NAMES = {
    name: Text(sv=sv, en=en)
    for name, sv, en in (
        ("camera.backlight_ratio", "Motljus", "Light from behind"),
        ("camera.black_percent", "Svarta bilder", "Black frames"),
        ("camera.change_luma", "Ändring mellan bilder", "Change between frames"),
        ("camera.clipped_percent", "Utfrätt ljus", "Burnt-out light"),
        ("camera.colour_cast", "Färgstick", "Colour cast"),
        ("camera.corrupt_percent", "Skadade bilder", "Damaged frames"),
        ("camera.edge_width_px", "Kanters bredd (skärpa)", "Width of edges (sharpness)"),
        ("camera.sharpest_edge_px", "De skarpaste kanternas bredd", "Width of the sharpest edges"),
        ("camera.sharpest_edge_face_percent", "Deras bredd mot ansiktet", "Their width to the face"),
        ("camera.fine_detail_db", "Fina detaljer mot grova", "Fine detail beside coarse"),
        ("camera.damaged_percent", "Skador som stannar", "Damage that stays"),
        ("camera.lost_percent", "Delar av filmen som saknas", "Parts of the film that are lost"),
        ("camera.face_luma", "Ansiktets ljus", "Light on the face"),
        ("camera.face_clipped_percent", "Utfrätt ljus i ansiktet", "Burnt-out light in the face"),
        ("camera.face_height_share", "Ansiktets höjd", "Height of the face"),
        ("camera.face_luma_p95", "Ansiktets ljusaste delar", "The face's lightest parts"),
        ("camera.face_percent", "Bilder med ansikte", "Frames with a face"),
        ("camera.face_x_share", "Ansiktets plats i sidled", "The face's place sideways"),
        ("camera.face_top_share", "Ansiktets avstånd uppåt", "The face's distance upwards"),
        ("camera.face_y_share", "Ansiktets plats i höjdled", "The face's place in height"),
        ("camera.flicker_percent", "Flimmer", "Flicker"),
        ("camera.frame_rate_hz", "Bilder per sekund", "Frames a second"),
        ("camera.height", "Bildens höjd", "Height of the picture"),
        ("camera.longest_still_seconds", "Längsta stopp i bilden", "Longest stop in the picture"),
        ("camera.luma_mean", "Bildens ljus", "Light of the picture"),
        ("camera.luma_p99", "Bildens ljusaste delar", "The picture's lightest parts"),
        ("camera.noise_luma", "Brus i bilden", "Noise in the picture"),
        ("camera.grain_luma", "Gryn som ändras", "Grain that changes"),
        ("camera.spread_luma", "Ljus som läcker in", "Light that leaks in"),
        ("camera.scene_luma", "Skillnader i bilden", "Differences within the picture"),
        ("capacity.capacity_kbps", "Hastighet", "Speed"),
        ("capacity.loaded_rtt_ms", "Svarstid när linjen är full", "Response time of a full line"),
        ("computer.battery_percent", "Batteri", "Battery"),
        ("computer.busiest_program_percent", "Programmet som arbetar mest", "The busiest program"),
        ("computer.cores", "Processorkärnor", "Processor cores"),
        ("computer.cpu_busy_percent", "Upptagen processor", "Busy processor"),
        ("computer.disk_free_gib", "Ledigt på disken", "Free disk space"),
        ("computer.memory_free_gib", "Ledigt minne", "Free memory"),
        ("computer.memory_total_gib", "Minne", "Memory"),
        ("computer.power_saving", "Energisparläge", "Power saving"),
        ("computer.processor_max_mhz", "Processorns hastighet", "Speed of the processor"),
        ("computer.screen_height_px", "Skärmens höjd", "Height of the screen"),
        ("computer.screen_width_px", "Skärmens bredd", "Width of the screen"),
        ("computer.support_left_days", "Systemet får uppdateringar i", "The system gets updates for"),
        ("computer.support_notice_days", "Varning innan uppdateringarna slutar", "Notice before updates end"),
        ("connection.clock_off_seconds", "Klockan går fel", "The clock is off by"),
        ("location.loss_percent", "Förlorade svar", "Lost answers"),
        ("location.rtt_ms", "Svarstid", "Response time"),
        ("location.spread_ms", "Ojämn svarstid", "Uneven response time"),
        ("location.wifi_signal_dbm", "Wifi-signal", "Wi-Fi signal"),
        ("media_path.clock_stepped_ms", "Klockan ställdes om", "The clock was set"),
        ("media_path.concealed_percent", "Ljud som fick gissas", "Sound that was guessed"),
        ("media_path.jitter_ms", "Ojämn ankomst", "Uneven arrival"),
        ("media_path.loss_percent", "Förlorade paket", "Lost packets"),
        ("media_path.mouth_to_ear_ms", "Från mun till öra", "From mouth to ear"),
        ("media_path.packets_forged", "Förfalskade paket", "Forged packets"),
        ("media_path.packets_moved", "Paket från annan adress", "Packets from another address"),
        ("media_path.packets_other_session", "Paket från annan mätning", "Packets of another measurement"),
        ("media_path.packets_refused", "Nekade paket", "Refused packets"),
        ("media_path.picture_1080_kbps", "Hastighet för bild 1080", "Speed for a picture of 1080"),
        ("media_path.picture_180_kbps", "Hastighet för bild 180", "Speed for a picture of 180"),
        ("media_path.picture_360_kbps", "Hastighet för bild 360", "Speed for a picture of 360"),
        ("media_path.picture_720_kbps", "Hastighet för bild 720", "Speed for a picture of 720"),
        ("media_path.rtt_ms_p50", "Svarstid", "Response time"),
        ("media_path.still_percent", "Stillastående bild", "Picture standing still"),
        ("microphone.active_level_dbfs", "Röstens styrka", "Loudness of the voice"),
        ("microphone.activity_percent", "Tid med röst", "Time with a voice"),
        ("microphone.background_mos", "Betyg för bakgrunden", "Score of the background"),
        ("microphone.band_edge_hz", "Högsta ton", "Highest tone"),
        ("microphone.bare_room_snr_db", "Röst mot brus i kalt rum", "Voice over noise in a bare room"),
        ("microphone.calm_background_mos", "Betyg för lugn bakgrund", "Score of a calm background"),
        ("microphone.channel_difference_db", "Skillnad mellan kanaler", "Difference between channels"),
        ("microphone.clicks_per_second", "Klick i sekunden", "Clicks a second"),
        ("microphone.clipped_crowd", "Avklippta toppar tätt", "Cut-off peaks close together"),
        ("microphone.clipped_percent", "Avklippta toppar", "Cut-off peaks"),
        ("microphone.clipped_slope", "Toppar som plattats till", "Peaks that were flattened"),
        ("microphone.dc_offset", "Förskjuten nollnivå", "Shifted zero level"),
        ("microphone.decay_db", "Hur fort ljudet dör ut", "How fast sounds die away"),
        ("microphone.echo_strength", "Eko", "Echo"),
        ("microphone.dry_echo_strength", "Eko i ett dämpat rum", "Echo in a quiet-walled room"),
        ("microphone.floor_spread_db", "Ojämnt bakgrundsljud", "Uneven background sound"),
        ("microphone.band_spread_db", "Efterklang mellan orden", "Tails between the words"),
        ("microphone.full_band_hz", "Högsta ton vid fullt ljud", "Highest tone of full sound"),
        ("microphone.holes", "Hål i ljudet", "Holes in the sound"),
        ("microphone.hum_certainty_db", "Hur stilla brumets toner står", "How still the hum's tones stand"),
        ("microphone.hum_contrast_db", "Brumets tydlighet", "How clear the hum is"),
        ("microphone.hum_db", "Brum", "Hum"),
        ("microphone.hum_lines", "Toner i brumet", "Tones of the hum"),
        ("microphone.lone_hum_db", "Brum i en enda ton", "Hum of one tone"),
        ("microphone.loop_peak_db", "Provton i mikrofonen", "Test tone in the microphone"),
        ("microphone.overruns", "Tappat ljud", "Dropped sound"),
        ("microphone.pause_seconds", "Paus i talet", "Pause in the speech"),
        ("microphone.rate_hz", "Mätningar av ljudet per sekund", "Samples of sound a second"),
        ("microphone.signal_mos", "Betyg för rösten", "Score of the voice"),
        (
            "microphone.slow_signal_mos",
            "Betyg för rösten i ett kalt rum",
            "Score of the voice in a bare room",
        ),
        ("microphone.tonal_snr_db", "Röst mot brus med en ton", "Voice over noise with a tone"),
        ("microphone.snr_beneath_db", "Röst mot allt annat", "Voice over all else"),
        ("microphone.snr_db", "Röst mot brus", "Voice over noise"),
        ("microphone.snr_steady_db", "Röst mot jämnt brus", "Voice over steady noise"),
        ("microphone.packet_repeats", "Lika långa bitar som sägs igen", "Pieces of one length said again"),
        ("microphone.splices", "Skarvar i ljudet", "Joints in the sound"),
        ("microphone.swing_p999", "Ljudets utslag", "Swing of the sound"),
        ("microphone.voice_beneath_db", "Rösten mot det som skiljs bort", "Voice over what is taken away"),
        ("microphone.voice_seconds", "Tid med röst", "Time with a voice"),
        ("speaker.loop_gain_db", "Provtonens styrka", "Loudness of the test tone"),
        ("speaker.loop_peak_db", "Provtonens tydlighet", "How clear the test tone is"),
        ("speaker.loop_side_difference_db", "Skillnad mellan sidorna", "Difference between the sides"),
    )
}


def figure_name(figure: str, language: Language) -> str:
    """What a limit's figure (`camera.frame_rate_hz`) is called; its own name where we have no words."""
    if (named := _NAMES.get(figure)) is not None:
        return named.say(language)
    name, _, end = figure.rpartition("_")
    if end in _WAYS and (named := _NAMES.get(name)) is not None:
        return _WAYS[end].say(language, {"name": named.say(language)})
    return figures.label(figure.partition(".")[2] or figure)
