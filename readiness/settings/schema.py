"""Every setting there is: its name, kind, default and words, and who may set it.

The administrative templates for Windows, the profile manifest for macOS, the tables in IT's pages
and `readiness settings` are all made from `SETTINGS`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from readiness.core.text import LANGUAGES, Text


class Kind(StrEnum):
    """What a value is."""

    TEXT = "text"
    ADDRESS = "address"
    CHOICE = "choice"
    TRUTH = "truth"


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One setting. `default` None: not set. `variable` is its place in the environment.

    A secret is never shown, and never taken from a policy: what a policy says can be read by every
    account of the organisation. `longest` bounds a text, in characters.
    """

    name: str
    kind: Kind
    default: str | bool | None
    title: Text
    help: Text
    allowed: tuple[str, ...] = ()
    longest: int = 200
    by_policy: bool = False
    secret: bool = False
    variable: str | None = None

    @property
    def key(self) -> str:
        """The name in Windows' registry and in property lists: `CollectorUrl`."""
        return "".join(part.capitalize() for part in self.name.split("_"))

    @property
    def expected(self) -> Text:
        """What a value should be, in words."""
        if self.kind is Kind.TRUTH:
            return Text(
                sv="true eller false (i registret 1 eller 0)", en="true or false (1 or 0 in the registry)"
            )
        if self.kind is Kind.CHOICE:
            return Text(sv=" eller ".join(self.allowed), en=" or ".join(self.allowed))
        if self.kind is Kind.ADDRESS:
            return Text(
                sv="en adress som https://moten.example.se",
                en="an address such as https://meetings.example.org",
            )
        return Text(
            sv=f"text med högst {self.longest} tecken", en=f"text of at most {self.longest} characters"
        )

    def fits(self, value: Any) -> bool:
        """Whether `value` is of this kind. Whether an address can be used is for `loading` to say."""
        if self.kind is Kind.TRUTH:
            return type(value) is bool
        if type(value) is not str or len(value) > self.longest or not value.isprintable():
            return False
        return self.kind is not Kind.CHOICE or value in self.allowed


SETTINGS = (
    Setting(
        name="language",
        kind=Kind.CHOICE,
        default="sv",
        allowed=LANGUAGES,
        by_policy=True,
        variable="READINESS_LANGUAGE",
        title=Text(sv="Språk", en="Language"),
        help=Text(
            sv="Språket som programmet börjar med. Den som använder datorn kan byta i fönstret.",
            en="The language that the program begins with. The person can change it in the window.",
        ),
    ),
    Setting(
        name="profile",
        kind=Kind.TEXT,
        default="organisation",
        longest=60,
        by_policy=True,
        variable="READINESS_PROFILE",
        title=Text(sv="Kravprofil", en="Requirement profile"),
        help=Text(
            sv="Profilen som datorn bedöms efter, till exempel organisation eller teams.",
            en="The profile that the computer is judged by, such as organisation or teams.",
        ),
    ),
    Setting(
        name="collector_url",
        kind=Kind.ADDRESS,
        default=None,
        longest=500,
        by_policy=True,
        variable="READINESS_COLLECTOR_URL",
        title=Text(sv="Adress till IT:s server", en="Address of IT's server"),
        help=Text(
            sv="Dit skickas rapporterna. Adressen ska börja med https. Utan den stannar allt på datorn.",
            en="Reports are sent there. The address begins with https. Without it all stays on the computer.",
        ),
    ),
    Setting(
        name="enrolment_key",
        kind=Kind.TEXT,
        default=None,
        longest=500,
        secret=True,
        variable="READINESS_ENROLMENT_KEY",
        title=Text(sv="Anslutningsnyckel", en="Enrolment key"),
        help=Text(
            sv="Nyckeln som ansluter datorn till IT:s server. Den kan bara skicka, aldrig läsa.",
            en="The key that enrols the computer at IT's server. It can only send, never read.",
        ),
    ),
    Setting(
        name="allow_insecure",
        kind=Kind.TRUTH,
        default=False,
        title=Text(sv="Tillåt adress utan kryptering", en="Allow an address without encryption"),
        help=Text(
            sv="Bara för prov. En adress med http godtas då även utanför den egna datorn.",
            en="For trials only. An address with http is then taken beyond this computer too.",
        ),
    ),
    Setting(
        name="turn_user",
        kind=Kind.TEXT,
        default=None,
        by_policy=True,
        title=Text(sv="Användarnamn för TURN", en="User name for TURN"),
        help=Text(
            sv="Namnet som mötestjänstens reläserver (TURN) provas med.",
            en="The name by which the meeting service's relay server (TURN) is tried.",
        ),
    ),
    Setting(
        name="turn_password",
        kind=Kind.TEXT,
        default=None,
        secret=True,
        title=Text(sv="Lösenord för TURN", en="Password for TURN"),
        help=Text(
            sv="Lösenordet till mötestjänstens reläserver (TURN).",
            en="The password for the meeting service's relay server (TURN).",
        ),
    ),
    Setting(
        name="unit",
        kind=Kind.TEXT,
        default=None,
        by_policy=True,
        title=Text(sv="Enhet", en="Unit"),
        help=Text(
            sv="Enheten som datorn hör till, till exempel Hemtjänsten. Den står i rapporten.",
            en="The unit that the computer belongs to, such as Home care. It stands in the report.",
        ),
    ),
    Setting(
        name="asset_tag",
        kind=Kind.TEXT,
        default=None,
        title=Text(sv="Inventarienummer", en="Asset tag"),
        help=Text(
            sv="Datorns inventarienummer. Det är ett för varje dator, så ingen policy sätter det.",
            en="The computer's inventory number. Each has its own, so no policy sets it.",
        ),
    ),
    Setting(
        name="helpdesk_phone",
        kind=Kind.TEXT,
        default=None,
        by_policy=True,
        title=Text(sv="Telefon till IT-stöd", en="Helpdesk's phone"),
        help=Text(sv="Visas där IT behöver hjälpa till.", en="Shown where IT has to help."),
    ),
    Setting(
        name="helpdesk_mail",
        kind=Kind.TEXT,
        default=None,
        by_policy=True,
        title=Text(sv="E-post till IT-stöd", en="Helpdesk's mail"),
        help=Text(sv="Visas där IT behöver hjälpa till.", en="Shown where IT has to help."),
    ),
    Setting(
        name="helpdesk_hours",
        kind=Kind.TEXT,
        default=None,
        by_policy=True,
        title=Text(sv="När IT-stöd svarar", en="When the helpdesk answers"),
        help=Text(sv="Till exempel vardagar 8–16.", en="For example weekdays 8 to 16."),
    ),
    Setting(
        name="recheck",
        kind=Kind.TRUTH,
        default=True,
        by_policy=True,
        title=Text(sv="Påminn efter ändringar", en="Remind after changes"),
        help=Text(
            sv="Datorn ber om ett nytt test när drivrutin, system eller docka har ändrats. "
            "Kamera och mikrofon öppnas inte.",
            en="The computer asks for a new test after changes of driver, system or dock. "
            "Camera and microphone are not opened.",
        ),
    ),
    Setting(
        name="camera",
        kind=Kind.TEXT,
        default=None,
        longest=500,
        title=Text(sv="Kamera", en="Camera"),
        help=Text(sv="Kamerans namn eller id.", en="The camera's name or id."),
    ),
    Setting(
        name="microphone",
        kind=Kind.TEXT,
        default=None,
        longest=500,
        title=Text(sv="Mikrofon", en="Microphone"),
        help=Text(sv="Mikrofonens namn eller id.", en="The microphone's name or id."),
    ),
    Setting(
        name="speaker",
        kind=Kind.TEXT,
        default=None,
        longest=500,
        title=Text(sv="Högtalare", en="Speaker"),
        help=Text(sv="Högtalarens namn eller id.", en="The speaker's name or id."),
    ),
    Setting(
        name="send_user_name",
        kind=Kind.TRUTH,
        default=False,
        title=Text(sv="Skicka användarnamn", en="Send the user name"),
        help=Text(
            sv="Förval för personens eget val. Ingen policy sätter det.",
            en="What the person's own choice begins with. No policy sets it.",
        ),
    ),
    Setting(
        name="send_wifi_name",
        kind=Kind.TRUTH,
        default=False,
        title=Text(sv="Skicka Wi-Fi-nätets namn", en="Send the Wi-Fi's name"),
        help=Text(
            sv="Förval för personens eget val. Ingen policy sätter det.",
            en="What the person's own choice begins with. No policy sets it.",
        ),
    ),
    Setting(
        name="send_serial_number",
        kind=Kind.TRUTH,
        default=False,
        title=Text(sv="Skicka serienummer", en="Send the serial number"),
        help=Text(
            sv="Förval för personens eget val. Ingen policy sätter det.",
            en="What the person's own choice begins with. No policy sets it.",
        ),
    ),
)
BY_NAME = {setting.name: setting for setting in SETTINGS}
ENVIRONMENT = {setting.name: setting.variable for setting in SETTINGS if setting.variable}
