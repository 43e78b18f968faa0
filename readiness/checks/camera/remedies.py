"""What can be done about a camera and the light before it."""

from __future__ import annotations

from readiness.core.model import Action, Owner, Remedy, System
from readiness.core.text import Text

AGAIN = Remedy(text=Text(sv="Gör testet igen.", en="Run the test again."), action=Action.RUN_AGAIN)
PRIVACY = Remedy(
    text=Text(sv="Tillåt program att använda kameran.", en="Let programs use the camera."),
    action=Action.OPEN_CAMERA_PRIVACY,
)
CLOSE_OTHER = Remedy(
    text=Text(sv="Stäng andra program som visar bild. Gör sedan testet igen.", en="Close other programs that show video. Then run the test again."),
    action=Action.RUN_AGAIN,
)  # fmt: skip
OPEN_SHUTTER = Remedy(
    text=Text(sv="Öppna luckan framför kameran. Titta också efter en knapp med en kamera på.", en="Open the shutter in front of the camera. Also look for a key with a camera on it."),
    action=Action.RUN_AGAIN,
)  # fmt: skip
UNCOVER = Remedy(
    text=Text(sv="Ta bort det som täcker kameran. Det kan vara en lucka, tejp eller ett finger.", en="Take away what covers the camera. It may be a shutter, tape or a finger."),
    action=Action.RUN_AGAIN,
)  # fmt: skip
REPLUG = Remedy(
    text=Text(sv="Dra ut kamerans sladd och sätt i den igen.", en="Unplug the camera and plug it in again."),
    action=Action.RUN_AGAIN,
)
OTHER_SOCKET = Remedy(
    text=Text(sv="Sätt kamerans sladd direkt i datorn, helst i ett annat uttag.", en="Plug the camera straight into the computer, if possible in another socket."),
    action=Action.RUN_AGAIN,
)  # fmt: skip
CHOOSE = Remedy(
    text=Text(sv="Välj en annan kamera.", en="Choose another camera."), action=Action.CHOOSE_DEVICE
)
RESTART = Remedy(text=Text(sv="Starta om datorn.", en="Restart the computer."))
BUY = Remedy(
    text=Text(sv="Be om en kamera av din chef eller av IT.", en="Ask your manager or IT for a camera."),
    owner=Owner.BUY,
)
BUY_BETTER = Remedy(
    text=Text(sv="Be om en bättre kamera av din chef eller av IT.", en="Ask your manager or IT for a better camera."),
    owner=Owner.BUY,
)  # fmt: skip
MORE_LIGHT = Remedy(
    text=Text(sv="Tänd mer ljus i rummet. En lampa bakom skärmen ger mest.", en="Put on more light in the room. A lamp behind the screen helps most."),
    action=Action.RUN_AGAIN,
)  # fmt: skip
LESS_LIGHT = Remedy(
    text=Text(sv="Rikta bort lampan från ansiktet, eller dra för gardinen.", en="Turn the lamp away from your face, or draw the curtain."),
    action=Action.RUN_AGAIN,
)  # fmt: skip
TURN_FROM_WINDOW = Remedy(
    text=Text(sv="Sitt så att fönstret är framför dig, inte bakom.", en="Sit so that the window is in front of you, not behind."),
    action=Action.RUN_AGAIN,
)  # fmt: skip
DRAW_CURTAIN = Remedy(
    text=Text(sv="Dra för gardinen och tänd en lampa framför dig.", en="Draw the curtain and put on a lamp in front of you."),
    action=Action.RUN_AGAIN,
)  # fmt: skip
WIPE = Remedy(
    text=Text(sv="Torka av kamerans glas med en torr, mjuk duk.", en="Wipe the camera's glass with a dry, soft cloth."),
    action=Action.RUN_AGAIN,
)  # fmt: skip
FOCUS = Remedy(
    text=Text(sv="Sitt en armlängd bort. Vrid på kamerans ring för skärpa, om den har en.", en="Sit an arm's length away. Turn the camera's focus ring, if it has one."),
    action=Action.RUN_AGAIN,
)  # fmt: skip
FIFTY_HERTZ = Remedy(
    text=Text(sv="Ställ in kameran på 50 Hz mot blinkande ljus. Det finns i kamerans program.", en="Set the camera to 50 Hz against flickering light. It is in the camera's program."),
    action=Action.RUN_AGAIN,
    steps={
        System.WINDOWS: (
            Text(sv="Öppna appen Kamera från startmenyn.", en="Open the app Camera from the start menu."),
            Text(sv="Klicka på kugghjulet och välj Videoinställningar.", en="Click the gear and choose Video settings."),
            Text(sv="Ändra det som ska minska flimmer till 50 Hz.", en="Change Flicker reduction to 50 Hz."),
        ),
        System.MACOS: (
            Text(sv="Öppna programmet från kamerans tillverkare och välj 50 Hz.", en="Open the program of the camera's maker and choose 50 Hz."),
        ),
        System.LINUX: (
            Text(sv="Be IT ställa kamerans power_line_frequency på 50 Hz.", en="Ask IT to set the camera's power_line_frequency to 50 Hz."),
        ),
    },
)  # fmt: skip
OTHER_LAMP = Remedy(
    text=Text(sv="Släck lampan som blinkar, eller byt den mot en annan.", en="Put out the lamp that flickers, or change it for another."),
    action=Action.RUN_AGAIN,
)  # fmt: skip
TURN_CAMERA = Remedy(
    text=Text(sv="Vrid kameran rätt, eller vrid bilden i kamerans program.", en="Turn the camera the right way up, or turn the picture in the camera's program."),
    action=Action.RUN_AGAIN,
)  # fmt: skip
SIT_DOWN = Remedy(
    text=Text(sv="Sätt dig framför kameran. Rikta den mot dig.", en="Sit in front of the camera. Point it at yourself."),
    action=Action.RUN_AGAIN,
)  # fmt: skip
COME_CLOSER = Remedy(
    text=Text(sv="Flytta dig eller kameran närmare.", en="Move yourself or the camera closer."), action=Action.RUN_AGAIN
)  # fmt: skip
MOVE_BACK = Remedy(
    text=Text(sv="Flytta dig eller kameran en bit bakåt.", en="Move yourself or the camera a little back."), action=Action.RUN_AGAIN
)  # fmt: skip
AIM = Remedy(
    text=Text(sv="Rikta kameran så att ditt ansikte hamnar mitt i bilden.", en="Aim the camera so that your face is in the middle."),
    action=Action.RUN_AGAIN,
)  # fmt: skip
