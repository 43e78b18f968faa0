"""How each figure is measured, in words: what `readiness explain` and the window's "why" tell."""

from __future__ import annotations

from collections.abc import Mapping

from readiness.core.text import Text

METHODS: Mapping[str, Text] = {
    "computer": Text(
        sv="Systemet får frågor om sig självt: processor, minne, disk, ström, skärmar och program.",
        en="The system is asked about itself: processor, memory, disk, power, screens and programs.",
    ),
    "camera": Text(
        sv="Kameran filmar några sekunder. Bilderna räknas och deras ljus mäts. Inget sparas.",
        en="The camera films for a few seconds. The pictures are counted and their light measured. Nothing is kept.",
    ),
    "microphone": Text(
        sv="Först mäts rummet när det är tyst. Sedan mäts rösten när någon läser högt. Inget sparas.",
        en="First the room is measured in silence. Then the voice while somebody reads aloud. Nothing is kept.",
    ),
    "speaker": Text(
        sv="Högtalaren spelar ett svep av toner. Mikrofonen lyssnar efter det.",
        en="The speaker plays a sweep of tones. The microphone listens for it.",
    ),
    "connection": Text(
        sv="Datorn provar vägen till varje server i profilen: namn, kontakt och säker koppling.",
        en="The computer tries the way to each server of the profile: name, contact and secure link.",
    ),
    "media_path": Text(
        sv="Ljud och bild i små paket går till IT:s server, som i ett samtal. Tid och förlust mäts.",
        en="Small packets of sound and picture go to IT's server. Time and loss are measured.",
    ),
    "capacity": Text(
        sv="Datorn skickar och hämtar data hos IT:s server, så snabbt det går. Hastigheten mäts åt båda hållen.",
        en="The computer sends to and fetches from IT's server as fast as it can. The speed is measured both ways.",
    ),
    "location": Text(
        sv="Tre svarstider mäts sida vid sida: till nätet i huset, till IT och till mötestjänsten.",
        en="Three times are measured side by side: to the building's network, IT and the meeting service.",
    ),
    "computer.cores": Text(sv="Processorns kärnor.", en="The processor's cores."),
    "computer.processor_max_mhz": Text(sv="Processorns högsta hastighet.", en="The processor's highest speed."),
    "computer.memory_total_gib": Text(sv="Datorns minne.", en="The computer's memory."),
    "computer.memory_free_gib": Text(sv="Det minne som är ledigt under testet.", en="The memory that is free during the test."),
    "computer.disk_free_gib": Text(sv="Det som är ledigt på disken.", en="What is free on the disk."),
    "computer.cpu_busy_percent": Text(sv="Hur upptagen processorn är en kort stund, testets egen del borträknad.", en="How busy the processor is for a moment, less the test's own part."),
    "computer.busiest_program_percent": Text(sv="Den andel av processorn som det flitigaste programmet tar.", en="The share of the processor that the busiest program takes."),
    "computer.battery_percent": Text(sv="Batteriets laddning.", en="The battery's charge."),
    "computer.power_saving": Text(sv="Om datorn är inställd på att spara ström.", en="Whether the computer is set to save power."),
    "computer.screen_width_px": Text(sv="Den största skärmens bredd.", en="The largest screen's width."),
    "computer.screen_height_px": Text(sv="Den största skärmens höjd.", en="The largest screen's height."),
    "computer.support_left_days": Text(sv="Dagar kvar tills systemet inte längre får rättningar.", en="Days left until the system gets no more fixes."),
    "computer.support_notice_days": Text(sv="Dagar kvar tills systemet inte längre får rättningar.", en="Days left until the system gets no more fixes."),
    "camera.black_percent": Text(sv="Andelen bilder som är svarta (ljus högst 20 av 255).", en="The share of pictures that are black (light of at most 20 in 255)."),
    "camera.longest_still_seconds": Text(sv="Den längsta tid som bilden står helt stilla.", en="The longest time that the picture stands quite still."),
    "camera.frame_rate_hz": Text(sv="Bilder i sekunden, räknade när de kommer fram.", en="Pictures a second, counted as they arrive."),
    "camera.height": Text(sv="Rader i bilden, räknade på kortaste sidan.", en="Lines of the picture, counted on its shorter side."),
    "microphone.swing_p999": Text(sv="Hur långt ljudet slår ut. En levande mikrofon brusar alltid lite.", en="How far the sound swings. A live microphone always has a little noise."),
    "microphone.activity_percent": Text(sv="Den andel av tiden som någon pratar (ITU-T P.56).", en="The share of the time that somebody talks (ITU-T P.56)."),
    "microphone.active_level_dbfs": Text(sv="Röstens styrka medan någon pratar (ITU-T P.56). 0 är det starkaste som går.", en="The strength of the voice while somebody talks (ITU-T P.56). 0 is the loudest there is."),
    "microphone.snr_db": Text(sv="Hur mycket starkare rösten är än bruset i rummet.", en="How much stronger the voice is than the noise in the room."),
    "microphone.clipped_percent": Text(sv="Den andel av ljudet som slår i taket och blir avhugget.", en="The share of the sound that hits the ceiling and is cut off."),
    "microphone.dc_offset": Text(sv="Hur långt ljudets mitt ligger från noll, 1 är fullt utslag.", en="How far the middle of the sound lies from zero, 1 is full swing."),
    "microphone.loop_peak_db": Text(sv="Hur tydligt högtalarens svep av toner hörs i mikrofonen.", en="How clearly the speaker's sweep of tones is heard in the microphone."),
    "speaker.loop_peak_db": Text(sv="Hur tydligt högtalarens svep av toner hörs i mikrofonen.", en="How clearly the speaker's sweep of tones is heard in the microphone."),
    "speaker.loop_gain_db": Text(sv="Hur starkt högtalaren hörs i mikrofonen, mot hur starkt den spelar.", en="How loud the speaker is in the microphone, to how loud it plays."),
    "speaker.loop_side_difference_db": Text(sv="Hur olika starkt vänster och höger sida hörs.", en="How differently loud the left and right sides are heard."),
    "connection.clock_off_seconds": Text(sv="Hur fel datorns klocka går mot IT:s server.", en="How wrong the computer's clock is against IT's server."),
    "location.loss_percent": Text(sv="Andelen frågor som inte fick svar.", en="The share of questions without an answer."),
    "location.rtt_ms": Text(sv="Tiden från fråga till svar, den vanliga (median).", en="The time from question to answer, the usual one (median)."),
    "location.spread_ms": Text(sv="Hur mycket längre de långsamma svaren tar än de vanliga.", en="How much longer the slow answers take than the usual ones."),
    "location.wifi_signal_dbm": Text(sv="Wifi-signalens styrka. −30 är mycket stark, −90 mycket svag.", en="The strength of the Wi-Fi signal. −30 is very strong, −90 very weak."),
    "media_path.rtt_ms_p50": Text(sv="Fördröjning tur och retur, den vanliga (median).", en="The delay there and back, the usual one (median)."),
    "media_path.loss_percent_up": Text(sv="Andelen ljud och bild som försvinner på väg ut.", en="The share of sound and picture that is lost on the way out."),
    "media_path.loss_percent_down": Text(sv="Andelen ljud och bild som försvinner på väg in.", en="The share of sound and picture that is lost on the way in."),
    "media_path.jitter_ms_up": Text(sv="Hur ojämnt det som skickas kommer fram (spridning).", en="How unevenly what is sent arrives (spread)."),
    "media_path.jitter_ms_down": Text(sv="Hur ojämnt det som tas emot kommer fram (spridning).", en="How unevenly what is received arrives (spread)."),
    "media_path.concealed_percent_up": Text(sv="Den andel av ditt ljud som de andras program får gissa.", en="The share of your sound that the others' programs must guess."),
    "media_path.concealed_percent_down": Text(sv="Den andel av de andras ljud som ditt program får gissa.", en="The share of the others' sound that your program must guess."),
    "media_path.mouth_to_ear_ms_up": Text(sv="Tiden från din mun till de andras öron.", en="The time from your mouth to the others' ears."),
    "media_path.mouth_to_ear_ms_down": Text(sv="Tiden från de andras mun till dina öron.", en="The time from the others' mouths to your ears."),
    "media_path.still_percent_up": Text(sv="Den andel av tiden som din bild skulle stå still.", en="The share of the time that your picture would stand still."),
    "media_path.still_percent_down": Text(sv="Den andel av tiden som de andras bild skulle stå still.", en="The share of the time that the others' picture would stand still."),
    "media_path.picture_180_kbps_up": Text(sv="Hastigheten som blir kvar till din bild i storlek 180.", en="The speed that is left for your picture of size 180."),
    "media_path.picture_180_kbps_down": Text(sv="Hastigheten som blir kvar till de andras bild i storlek 180.", en="The speed that is left for the others' picture of size 180."),
    "media_path.picture_360_kbps_up": Text(sv="Hastigheten som blir kvar till din bild i storlek 360.", en="The speed that is left for your picture of size 360."),
    "media_path.picture_360_kbps_down": Text(sv="Hastigheten som blir kvar till de andras bild i storlek 360.", en="The speed that is left for the others' picture of size 360."),
    "media_path.picture_720_kbps_up": Text(sv="Hastigheten som blir kvar till din bild i storlek 720.", en="The speed that is left for your picture of size 720."),
    "media_path.picture_720_kbps_down": Text(sv="Hastigheten som blir kvar till de andras bild i storlek 720.", en="The speed that is left for the others' picture of size 720."),
    "media_path.picture_1080_kbps_up": Text(sv="Hastigheten som blir kvar till din bild i storlek 1080.", en="The speed that is left for your picture of size 1080."),
    "media_path.picture_1080_kbps_down": Text(sv="Hastigheten som blir kvar till de andras bild i storlek 1080.", en="The speed that is left for the others' picture of size 1080."),
    "capacity.loaded_rtt_ms_up": Text(sv="Fördröjningen medan något stort skickas.", en="The delay while something large is sent."),
    "capacity.loaded_rtt_ms_down": Text(sv="Fördröjningen medan något stort hämtas.", en="The delay while something large is fetched."),
    "capacity.capacity_kbps_up": Text(sv="Hastigheten ut från datorn.", en="The speed out from the computer."),
    "capacity.capacity_kbps_down": Text(sv="Hastigheten in till datorn.", en="The speed in to the computer."),
}  # fmt: skip
"""By check (`camera`), and by figure (`camera.frame_rate_hz`) where there is more to tell."""
