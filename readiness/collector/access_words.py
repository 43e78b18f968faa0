"""The words of the pages about keys, and about which computers may send."""

from __future__ import annotations

from readiness.core.text import Text

ACCESS = Text(sv="Nycklar", en="Keys")
TITLE = Text(sv="Nycklar och datorer", en="Keys and computers")
WHY = Text(
    sv="En nyckel släpper in nya datorer. Varje dator får sedan en egen kod, som bara gäller den.",
    en="A key lets new computers in. Each computer then gets a code of its own, good for it alone.",
)
KEYS = Text(sv="Nycklar", en="Keys")
NO_KEYS = Text(sv="Det finns inga nycklar än.", en="There are no keys yet.")
KEY = Text(sv="Nyckel", en="Key")
UNIT = Text(sv="Enhet", en="Unit")
UNIT_MAYBE = Text(sv="Enhet, om nyckeln gäller en enda", en="Unit, if the key is for one alone")
CREATED = Text(sv="Skapad", en="Created")
STATE = Text(sv="Gäller", en="Valid")
VALID = Text(sv="Ja", en="Yes")
REVOKED = Text(sv="Återkallad", en="Revoked")
NEW_KEY = Text(sv="Ny nyckel", en="New key")
CREATE = Text(sv="Skapa", en="Create")
REVOKE = Text(sv="Återkalla", en="Revoke")
REVOKE_KEY = Text(sv="Återkalla nyckeln {hint}", en="Revoke the key {hint}")
ROTATING = Text(
    sv="Byt nyckel så här: skapa en ny, ge den till datorerna, återkalla den gamla. "
    "Datorer som redan är inne märker inget.",
    en="To change a key: create a new one, give it to the computers, revoke the old one. "
    "Computers that are in already notice nothing.",
)
CREATED_KEY = Text(
    sv="Den nya nyckeln är {key}. Den visas bara nu.", en="The new key is {key}. It is shown only now."
)
REVOKED_KEY = Text(sv="Nyckeln är återkallad.", en="The key is revoked.")
COMPUTERS = Text(sv="Datorer som får skicka", en="Computers that may send")
COMPUTERS_HOW = Text(
    sv="Stäng av en dator som är borttappad eller inte er. Då tar servern inte emot något från den.",
    en="Shut out a computer that is lost or not yours. The server then takes nothing from it.",
)
COMPUTER = Text(sv="Dator", en="Computer")
BY_KEY = Text(sv="Med nyckel", en="By key")
SINCE = Text(sv="Sedan", en="Since")
SEARCH_FOR = Text(sv="Början av namn, inventarienummer eller id", en="Start of name, asset tag or id")
SEARCH = Text(sv="Sök", en="Search")
NO_COMPUTERS = Text(sv="Ingen dator passar.", en="No computer matches.")
SHUT_OUT = Text(sv="Avstängd", en="Shut out")
TWO_SEND = Text(sv="Två skickar som den här datorn", en="Two send as this computer")
TWO_SEND_HOW = Text(
    sv="Två olika koder används för samma dator. Någon kan ha kopierat en installation, eller skickar i "
    "datorns namn. Stäng av datorn och släpp in den igen. Då gäller ingen gammal kod. "
    "Byt också nyckeln om fler kan ha läst den.",
    en="Two codes are in use for the same computer. Somebody may have copied an installation, or sends in "
    "its name. Shut the computer out and let it in again. Then no old code is good. "
    "Change the key as well if others may have read it.",
)
SHUT = Text(sv="Stäng av", en="Shut out")
SHUT_COMPUTER = Text(sv="Stäng av {computer}", en="Shut out {computer}")
LET_IN = Text(sv="Släpp in igen", en="Let in again")
LET_COMPUTER_IN = Text(sv="Släpp in {computer} igen", en="Let {computer} in again")
DONE_SHUT = Text(sv="Datorn är avstängd.", en="The computer is shut out.")
DONE_LET_IN = Text(
    sv="Datorn får skicka igen. Den hämtar en ny kod själv.",
    en="The computer may send again. It gets a new code by itself.",
)
NEWEST_SHOWN = Text(sv="Listan visar de senaste. Sök för att hitta fler.", en="The list shows the newest. Search to find more.")  # fmt: skip
