"""What can be found out about the camera, in words."""

from __future__ import annotations

from readiness.checks.camera.remedies import (
    AGAIN,
    AIM,
    BUY,
    BUY_BETTER,
    CHOOSE,
    CLOSE_OTHER,
    COME_CLOSER,
    DRAW_CURTAIN,
    FIFTY_HERTZ,
    FOCUS,
    LESS_LIGHT,
    MORE_LIGHT,
    MOVE_BACK,
    OPEN_SHUTTER,
    OTHER_LAMP,
    OTHER_SOCKET,
    PRIVACY,
    REPLUG,
    RESTART,
    SIT_DOWN,
    TURN_CAMERA,
    TURN_FROM_WINDOW,
    UNCOVER,
    WIPE,
)
from readiness.checks.remedies import ASK_IT
from readiness.core.model import Action, Activity, FindingKind, Need, Owner, Remedy
from readiness.core.text import Text
from readiness.devices.ports import Problem

SEEN = (Activity.BE_SEEN,)

ABSENT = FindingKind(
    code="camera.absent",
    title=Text(sv="Datorn hittar ingen kamera", en="The computer finds no camera"),
    detail=Text(sv="Andra kan inte se dig, men du kan höra och prata.", en="Others cannot see you, but you can hear and talk."),
    activities=SEEN, evidence=("problem",), need=Need.CAMERA,
    remedies=(
        Remedy(text=Text(sv="Sätt i kameran, om du har en. Gör sedan testet igen.", en="Plug in the camera, if you have one. Then run the test again."), action=Action.RUN_AGAIN),
        BUY,
    ),
)  # fmt: skip
IN_USE = FindingKind(
    code="camera.in_use",
    title=Text(sv="Ett annat program använder kameran", en="Another program is using the camera"),
    detail=Text(sv="Systemet säger: {detail}.", en="The system says: {detail}."),
    activities=SEEN, evidence=("problem", "problem_detail"), need=Need.KNOWLEDGE,
    remedies=(CLOSE_OTHER, RESTART),
)  # fmt: skip
DENIED = FindingKind(
    code="camera.denied",
    title=Text(sv="Datorn släpper inte fram kameran", en="The computer does not let programs use the camera"),
    detail=Text(sv="Då kan ingen se dig.", en="Then nobody can see you."),
    activities=SEEN, evidence=("problem", "problem_detail"), need=Need.PERMISSION,
    remedies=(PRIVACY, ASK_IT),
)  # fmt: skip
NO_FRAMES = FindingKind(
    code="camera.no_frames",
    title=Text(sv="Kameran startar men skickar ingen bild", en="The camera starts but sends no picture"),
    detail=Text(sv="Andra ser bara en tom ruta.", en="Others see an empty square only."),
    activities=SEEN, evidence=("problem", "device_name"), need=Need.CAMERA,
    remedies=(REPLUG, RESTART, CHOOSE, BUY),
)  # fmt: skip
REMOVED = FindingKind(
    code="camera.removed",
    title=Text(sv="Kameran försvann under testet", en="The camera went away during the test"),
    detail=Text(sv="Testet hann inte bli klart.", en="The test could not finish."),
    activities=SEEN, evidence=("problem", "device_name"), remedies=(REPLUG, ASK_IT),
)  # fmt: skip
NO_BACKEND = FindingKind(
    code="camera.no_backend",
    title=Text(sv="Datorn saknar det som behövs för att läsa kameran", en="The computer lacks what is needed to read the camera"),
    detail=Text(sv="Då kan inget program visa din bild.", en="Then no program can show your picture."),
    activities=SEEN, evidence=("problem", "problem_detail"), need=Need.COMPUTER, remedies=(ASK_IT,),
)  # fmt: skip
UNREADABLE_FILE = FindingKind(
    code="camera.unreadable_file",
    title=Text(sv="Inspelningen går inte att läsa", en="The recording cannot be read"),
    detail=Text(sv="Felet är: {detail}.", en="The error is: {detail}."),
    activities=SEEN, evidence=("problem", "problem_detail"),
    remedies=(Remedy(text=Text(sv="Välj en annan fil, till exempel en mp4-fil.", en="Choose another file, for example an mp4 file.")),),
)  # fmt: skip
FAILED = FindingKind(
    code="camera.failed",
    title=Text(sv="Kameran gick inte att testa", en="The camera could not be tested"),
    detail=Text(sv="Felet är: {detail}.", en="The error is: {detail}."),
    activities=SEEN, evidence=("problem", "problem_detail"), remedies=(AGAIN, REPLUG, ASK_IT),
)  # fmt: skip
TOO_SHORT = FindingKind(
    code="camera.too_short",
    title=Text(sv="Filmen är för kort för att säga något", en="The film is too short to tell anything"),
    detail=Text(sv="Den har bara {frames:d} bilder.", en="It has only {frames:d} pictures."),
    activities=SEEN, evidence=("frames", "seconds"), remedies=(AGAIN, CHOOSE),
)  # fmt: skip
BLACK = FindingKind(
    code="camera.black",
    title=Text(sv="Bilden är svart", en="The picture is black"),
    detail=Text(sv="{percent:.0f} procent av bilderna är helt mörka. Luckan kan vara stängd.", en="{percent:.0f} per cent of the pictures are all dark. The shutter may be closed."),
    activities=SEEN, evidence=("black_percent", "luma_mean", "spread_luma", "scene_luma", "dark_card_percent"), need=Need.KNOWLEDGE,
    remedies=(OPEN_SHUTTER, CHOOSE, ASK_IT),
)  # fmt: skip
COVERED = FindingKind(
    code="camera.covered",
    title=Text(sv="Något täcker kameran", en="Something covers the camera"),
    detail=Text(sv="Nästan inget syns i bilden.", en="Almost nothing is seen in the picture."),
    activities=SEEN, evidence=("scene_luma", "spread_luma", "luma_mean", "smooth_percent", "smooth_light_ratio", "shutter_closed"), need=Need.KNOWLEDGE,
    remedies=(UNCOVER, WIPE, CHOOSE),
)  # fmt: skip
FROZEN = FindingKind(
    code="camera.frozen",
    title=Text(sv="Bilden står stilla", en="The picture stands still"),
    detail=Text(sv="Den stod stilla i {seconds:.1f} sekunder.", en="It stood still for {seconds:.1f} seconds."),
    activities=SEEN, evidence=("longest_still_seconds", "still_percent", "motionless_seconds"), need=Need.CAMERA,
    remedies=(REPLUG, RESTART, CHOOSE),
)  # fmt: skip
CORRUPT = FindingKind(
    code="camera.corrupt",
    title=Text(sv="Bilden är trasig", en="The picture is broken"),
    detail=Text(sv="{percent:.0f} procent av bilderna har fel i sig.", en="{percent:.0f} per cent of the pictures have faults in them."),
    activities=SEEN, evidence=("corrupt_percent", "damaged_percent", "lost_percent", "line_order_ratio", "copy_likeness", "colour_shift_ratio", "skin_blueness"), need=Need.CAMERA,
    remedies=(OTHER_SOCKET, RESTART, CHOOSE, BUY),
)  # fmt: skip
LOW_RESOLUTION = FindingKind(
    code="camera.low_resolution",
    title=Text(sv="Bilden är grov", en="The picture is coarse"),
    detail=Text(sv="Den är {height:d} rader hög. {wanted:.0f} är bra.", en="It is {height:d} lines high. {wanted:.0f} is good."),
    activities=SEEN, evidence=("width", "height", "delivered", "modes"), need=Need.CAMERA,
    remedies=(CHOOSE, BUY_BETTER),
)  # fmt: skip
TOO_DARK = FindingKind(
    code="camera.too_dark",
    title=Text(sv="Det är för mörkt", en="It is too dark"),
    detail=Text(sv="Ljuset når {luma:.0f} av 255. Det bör nå {wanted:.0f}.", en="The light reaches {luma:.0f} of 255. It should reach {wanted:.0f}."),
    activities=SEEN, evidence=("luma_p99", "face_luma_p95", "noise_luma"), need=Need.KNOWLEDGE,
    remedies=(MORE_LIGHT, WIPE, BUY_BETTER),
)  # fmt: skip
OVEREXPOSED = FindingKind(
    code="camera.overexposed",
    title=Text(sv="Bilden är för ljus", en="The picture is too bright"),
    detail=Text(sv="{percent:.0f} procent har blivit helt vitt.", en="{percent:.0f} per cent has become all white."),
    activities=SEEN, evidence=("face_clipped_percent", "clipped_percent", "face_luma"), need=Need.KNOWLEDGE,
    remedies=(LESS_LIGHT, CHOOSE, BUY_BETTER),
)  # fmt: skip
BACKLIT = FindingKind(
    code="camera.backlit",
    title=Text(sv="Ljuset kommer bakifrån, så ansiktet blir mörkt", en="The light is behind you, so your face is dark"),
    detail=Text(sv="Det är {times:.0f} gånger ljusare bakom dig.", en="It is {times:.0f} times brighter behind you."),
    activities=SEEN, evidence=("backlight_ratio", "face_luma_p95", "around_luma"), need=Need.KNOWLEDGE,
    remedies=(TURN_FROM_WINDOW, DRAW_CURTAIN),
)  # fmt: skip
ROTATED = FindingKind(
    code="camera.rotated",
    title=Text(sv="Bilden ligger på sidan eller är upp och ner", en="The picture lies on its side or is upside down"),
    detail=Text(sv="Den är vriden {degrees:d} grader.", en="It is turned {degrees:d} degrees."),
    activities=SEEN, evidence=("face_turned_degrees",), need=Need.KNOWLEDGE,
    remedies=(TURN_CAMERA, ASK_IT),
)  # fmt: skip
LOW_FRAME_RATE = FindingKind(
    code="camera.low_frame_rate",
    title=Text(sv="Bilden hackar", en="The picture is jerky"),
    detail=Text(sv="Kameran ger {rate:.0f} bilder i sekunden. {wanted:.0f} är bra.", en="The camera gives {rate:.0f} pictures a second. {wanted:.0f} is good."),
    activities=SEEN, evidence=("frame_rate_hz", "steady_frame_rate_hz", "luma_p99"), need=Need.CAMERA,
    remedies=(
        Remedy(text=Text(sv="Tänd mer ljus i rummet. Kameran blir långsam i mörker.", en="Put on more light in the room. Cameras are slow in the dark."), action=Action.RUN_AGAIN),
        CLOSE_OTHER, OTHER_SOCKET, BUY_BETTER,
    ),
)  # fmt: skip
FLICKER = FindingKind(
    code="camera.flicker",
    title=Text(sv="Bilden blinkar i takt med lampan", en="The picture flickers with the lamp"),
    detail=Text(sv="Ljuset ändras {percent:.0f} procent från bild till bild.", en="The light changes by {percent:.0f} per cent from picture to picture."),
    activities=SEEN, evidence=("flicker_percent", "bands_percent"), need=Need.KNOWLEDGE,
    remedies=(FIFTY_HERTZ, OTHER_LAMP),
)  # fmt: skip
NOISY = FindingKind(
    code="camera.noisy",
    title=Text(sv="Bilden är grynig", en="The picture is grainy"),
    detail=Text(sv="Det beror oftast på för lite ljus.", en="Mostly that comes from too little light."),
    activities=SEEN, evidence=("noise_luma", "grain_luma"), need=Need.KNOWLEDGE,
    remedies=(MORE_LIGHT, WIPE, BUY_BETTER),
)  # fmt: skip
SOFT = FindingKind(
    code="camera.soft",
    title=Text(sv="Bilden är suddig", en="The picture is blurred"),
    detail=Text(sv="Fina detaljer syns inte.", en="Fine detail cannot be seen."),
    activities=SEEN, evidence=("sharpest_edge_px", "edge_width_px", "fine_detail_db"), need=Need.KNOWLEDGE,
    remedies=(WIPE, FOCUS, CHOOSE, BUY_BETTER),
)  # fmt: skip
NO_FACE = FindingKind(
    code="camera.no_face",
    title=Text(sv="Ingen syns i bilden", en="Nobody is seen in the picture"),
    detail=Text(sv="Inget ansikte syns i {percent:.0f} procent av bilderna.", en="No face is seen in {percent:.0f} per cent of the pictures."),
    activities=SEEN, evidence=("face_percent",), need=Need.KNOWLEDGE,
    remedies=(SIT_DOWN, MORE_LIGHT),
)  # fmt: skip
FACE_TOO_CLOSE = FindingKind(
    code="camera.face_too_close",
    title=Text(sv="Du sitter för nära kameran", en="You sit too close to the camera"),
    detail=Text(sv="Ansiktet tar {percent:.0f} procent av bildens höjd.", en="Your face takes {percent:.0f} per cent of the height."),
    activities=SEEN, evidence=("face_height_share",), need=Need.KNOWLEDGE,
    remedies=(MOVE_BACK,),
)  # fmt: skip
FACE_TOO_SMALL = FindingKind(
    code="camera.face_too_small",
    title=Text(sv="Du sitter för långt från kameran", en="You sit too far from the camera"),
    detail=Text(sv="Ansiktet tar {percent:.0f} procent av bildens höjd.", en="Your face takes {percent:.0f} per cent of the height."),
    activities=SEEN, evidence=("face_height_share",), need=Need.KNOWLEDGE,
    remedies=(COME_CLOSER,),
)  # fmt: skip
FACE_OFF_CENTRE = FindingKind(
    code="camera.face_off_centre",
    title=Text(sv="Du syns i kanten av bilden", en="You are at the edge of the picture"),
    detail=Text(sv="Ansiktet är {percent:.0f} procent från mitten.", en="Your face is {percent:.0f} per cent from the middle."),
    activities=SEEN, evidence=("face_x_share", "face_y_share"), need=Need.KNOWLEDGE,
    remedies=(AIM,),
)  # fmt: skip
FACE_UNKNOWN = FindingKind(
    code="camera.face_unknown",
    title=Text(sv="Programmet kunde inte leta efter ditt ansikte", en="The program could not look for your face"),
    detail=Text(sv="En del av programmet saknas.", en="A part of the program is missing."),
    activities=SEEN, evidence=("face_percent",),
    remedies=(Remedy(text=Text(sv="Be IT installera programmet igen.", en="Ask IT to install the program again."), owner=Owner.IT),),
)  # fmt: skip
VIRTUAL = FindingKind(
    code="camera.virtual",
    title=Text(sv="Det är ett program som ger bilden, inte en kamera", en="A program gives the picture, not a camera"),
    detail=Text(sv="Den heter {name}.", en="It is called {name}."),
    activities=SEEN, evidence=("attachment", "device_name"), remedies=(CHOOSE,),
)  # fmt: skip
COLOUR_CAST = FindingKind(
    code="camera.colour_cast",
    title=Text(sv="Färgerna är inte riktigt som de ska", en="The colours are not quite right"),
    detail=Text(sv="Det syns, men det stör inte mötet.", en="It shows, but it does not disturb the meeting."),
    activities=SEEN, evidence=("colour_cast",),
    remedies=(Remedy(text=Text(sv="Använd lampor med vitt ljus.", en="Use lamps with white light.")),),
)  # fmt: skip
MIRRORED = FindingKind(
    code="camera.mirrored",
    title=Text(sv="Andra ser bilden spegelvänd", en="Others see the picture as in a mirror"),
    detail=Text(sv="Text som du håller upp blir baklänges för dem.", en="Text that you hold up is reversed to them."),
    activities=SEEN, evidence=("mirrored",),
    remedies=(Remedy(text=Text(sv="Stäng av speglingen i kamerans program.", en="Turn mirroring off in the camera's program.")),),
)  # fmt: skip
WORKS = FindingKind(
    code="camera.works",
    title=Text(sv="Kameran ger en bild som rör sig", en="The camera gives a moving picture"),
    detail=Text(sv="{width:d} × {height:d}, {rate:.0f} bilder i sekunden.", en="{width:d} × {height:d}, {rate:.0f} pictures a second."),
    activities=SEEN, evidence=("width", "height", "frame_rate_hz"),
)  # fmt: skip

BY_PROBLEM = {
    Problem.ABSENT: ABSENT, Problem.IN_USE: IN_USE, Problem.DENIED: DENIED,
    Problem.NO_FRAMES: NO_FRAMES, Problem.HUNG: NO_FRAMES, Problem.REMOVED: REMOVED,
    Problem.NO_BACKEND: NO_BACKEND, Problem.UNREADABLE_FILE: UNREADABLE_FILE,
    Problem.FAILED: FAILED,
}  # fmt: skip
KINDS: tuple[FindingKind, ...] = (
    ABSENT, IN_USE, DENIED, NO_FRAMES, REMOVED, NO_BACKEND, UNREADABLE_FILE, FAILED, TOO_SHORT,
    BLACK, COVERED, FROZEN, CORRUPT, LOW_RESOLUTION, TOO_DARK, OVEREXPOSED, BACKLIT, ROTATED,
    LOW_FRAME_RATE, FLICKER, NOISY, FACE_TOO_CLOSE, NO_FACE, SOFT, FACE_TOO_SMALL, FACE_OFF_CENTRE,
    FACE_UNKNOWN, VIRTUAL, COLOUR_CAST, MIRRORED, WORKS,
)  # fmt: skip
