"""What each figure of the camera's evidence is called."""

from __future__ import annotations

from readiness.core.text import Text

CAMERA_NAMES = {
    "asked_width": Text(sv="Önskad bredd", en="Width asked for"),
    "asked_height": Text(sv="Önskad höjd", en="Height asked for"),
    "first_frame_seconds": Text(sv="Till första bilden", en="Until the first picture"),
    "frames": Text(sv="Bilder", en="Pictures"),
    "seconds": Text(sv="Mätt under", en="Measured for"),
    "width": Text(sv="Bredd", en="Width"),
    "height": Text(sv="Höjd", en="Height"),
    "sizes": Text(sv="Olika storlekar", en="Different sizes"),
    "frame_rate_hz": Text(sv="Bilder per sekund", en="Pictures a second"),
    "fresh_frame_rate_hz": Text(sv="Nya bilder per sekund", en="New pictures a second"),
    "frame_gap_p95_ms": Text(sv="Mellan bilder, 95 % under", en="Between pictures, 95 % below"),
    "frame_gap_max_ms": Text(sv="Mellan bilder, längst", en="Between pictures, longest"),
    "frame_gap_ms": Text(sv="Väntan på varje bild", en="Wait for each picture"),
    "frame_gap_seconds": Text(sv="När varje bild kom", en="When each picture came"),
    "still_percent": Text(sv="Stillastående", en="Standing still"),
    "longest_still_seconds": Text(sv="Längsta stillastående", en="Longest standstill"),
    "luma_mean": Text(sv="Ljus, medel (0–255)", en="Light, mean (0–255)"),
    "luma_p95": Text(sv="Ljus, de ljusaste (0–255)", en="Light, the brightest (0–255)"),
    "modes": Text(sv="Kameralägen", en="Camera modes"),
    "delivered": Text(sv="Storlekar som kameran gav", en="Sizes that the camera gave"),
    "steady_frame_rate_hz": Text(
        sv="Nya bilder per sekund vid rörelse", en="New pictures a second in motion"
    ),
    "change_luma": Text(
        sv="Ändring från bild till bild (0–255)", en="Change from picture to picture (0–255)"
    ),
    "luma_p05": Text(sv="Ljus, de mörkaste (0–255)", en="Light, the darkest (0–255)"),
    "luma_p99": Text(sv="Ljus, det allra ljusaste (0–255)", en="Light, the very brightest (0–255)"),
    "spread_luma": Text(
        sv="Hur ljuset skiljer sig i bilden (0–255)", en="How the light differs in the picture (0–255)"
    ),
    "scene_luma": Text(sv="Ojämnhet i bilden (0–255)", en="Unevenness of the picture (0–255)"),
    "noise_luma": Text(sv="Brus i bilden (0–255)", en="Noise in the picture (0–255)"),
    "grain_luma": Text(
        sv="Gryn som ändras i varje bild (0–255)", en="Grain that changes in every picture (0–255)"
    ),
    "motionless_seconds": Text(
        sv="Tid då inget av personen rör sig", en="Time when nothing of the person moves"
    ),
    "dark_card_percent": Text(sv="Del med en enda mörk färg", en="Part of one dark colour"),
    "smooth_percent": Text(sv="Största delen där inget syns", en="Largest part where nothing is seen"),
    "smooth_light_ratio": Text(sv="Ljuset bredvid den delen (gånger)", en="Light beside that part (times)"),
    "bands_percent": Text(sv="Ränder av ljus som vandrar", en="Bands of light that wander"),
    "line_order_ratio": Text(sv="Radernas ordning (gånger)", en="Order of the lines (times)"),
    "colour_shift_ratio": Text(sv="Färger på fel plats (gånger)", en="Colours in the wrong place (times)"),
    "copy_likeness": Text(sv="Halvor som är lika (0–1)", en="Halves that are alike (0–1)"),
    "skin_blueness": Text(sv="Hudens blå ton", en="Blue tone of the skin"),
    "edge_width_px": Text(sv="Kanternas bredd (bildpunkter)", en="Width of the edges (pixels)"),
    "sharpest_edge_px": Text(
        sv="De skarpaste kanternas bredd (bildpunkter)", en="Width of the sharpest edges (pixels)"
    ),
    "sharpest_edge_face_percent": Text(
        sv="Deras bredd mot ansiktets höjd", en="Their width to the face's height"
    ),
    "fine_detail_db": Text(sv="Fina detaljer mot grova", en="Fine detail beside coarse"),
    "damaged_percent": Text(sv="Bilder med skador som stannar", en="Pictures with damage that stays"),
    "lost_percent": Text(sv="Delar av filmen som saknas", en="Parts of the film that are lost"),
    "flicker_percent": Text(sv="Flimmer", en="Flicker"),
    "corrupt_percent": Text(sv="Trasiga bilder", en="Broken pictures"),
    "colour_cast": Text(sv="Färgstick", en="Colour cast"),
    "face_percent": Text(sv="Bilder med ett ansikte", en="Pictures with a face"),
    "face_score": Text(sv="Hur säkert ansiktet är (0–1)", en="How sure the face is (0–1)"),
    "face_turned_degrees": Text(sv="Bilden är vriden (grader)", en="The picture is turned (degrees)"),
    "face_height_share": Text(
        sv="Ansiktets höjd av bilden (0–1)", en="The face's height of the picture (0–1)"
    ),
    "face_x_share": Text(sv="Ansiktet i sidled (0–1)", en="The face from left to right (0–1)"),
    "face_y_share": Text(sv="Ansiktet i höjdled (0–1)", en="The face from top to bottom (0–1)"),
    "face_luma": Text(sv="Ljus i ansiktet (0–255)", en="Light on the face (0–255)"),
    "face_luma_p95": Text(sv="Ansiktets ljusaste (0–255)", en="The face's brightest (0–255)"),
    "face_clipped_percent": Text(sv="Ansiktet överexponerat", en="The face overexposed"),
    "around_luma": Text(sv="Ljus runt personen (0–255)", en="Light around the person (0–255)"),
    "backlight_ratio": Text(sv="Motljus (gånger)", en="Backlight (times)"),
    "mirrored": Text(sv="Bilden speglas av kameran", en="The camera mirrors the picture"),
    "shutter_closed": Text(sv="Luckan är stängd", en="The shutter is closed"),
    "black_percent": Text(sv="Svarta bilder", en="Black pictures"),
}
