"""`make call`: dial the demo bridge with two test phones that play tones; say what happens, step by step."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from tests.calls.mails import Mailbox, Recorded
from tests.phone import Phone, PhoneError, Sounds

LAB = Path(__file__).resolve().parents[2] / ".lab"
DEMO = LAB / "demo.json"


def main() -> None:
    """Call as alice (phone 101) and as an outside line; exit 1 where something is not as it should be."""
    if not DEMO.exists():
        sys.exit("There is no lab to call: `make up` first.")
    demo = json.loads(DEMO.read_text())
    begun = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - begun:5.1f} s  {text}", flush=True)

    try:
        hold_a_conference(demo, say)
    except (AssertionError, PhoneError) as error:
        sys.exit(f"       not as it should be: {error}\n       `pont check` in the box says more.")


def hold_a_conference(demo: dict, say, directory: Path = LAB) -> None:  # type: ignore[no-untyped-def, type-arg]
    """The main job: a guest waits with music, the organiser comes, they talk; an MP3 of it comes by mail."""
    mailbox = Mailbox(demo)
    sip, bridge, account = demo["sip"], demo["bridges"][0], demo["phones"][0]
    common = {"local_ip": demo["host_address"], "sounds": Sounds(demo["root"], language="fr")}
    trunk = demo["trunk"]
    with (
        Phone(sip["host"], sip["port"], trunk["username"], trunk["password"], number="+33612345678", **common)
        as outside,
        Phone(sip["host"], sip["port"], account["username"], account["password"], **common) as alice,
    ):  # fmt: skip
        say(f"+33612345678 calls {bridge['number']} through the trunk")
        guest = outside.call(bridge["number"]).answered()
        guest.hears_prompt("pont/welcome")
        say("they hear the welcome and enter nothing")
        guest.hears_prompt("pont/say-name", within=12)
        guest.dtmf("#")
        say("they are asked for their name, and skip it with #")
        guest.hears_prompt("conf-waitforleader", within=12)
        guest.hears_music(within=12)
        say("they are told to wait for the organiser, and hear music")
        organiser = alice.call(bridge["extension"]).answered()
        say(f"alice (phone {account['extension']}) calls {bridge['extension']}: administrator, with no PIN")
        organiser.hears_prompt("pont/say-name")
        organiser.dtmf("#")
        guest.plays(1000)
        organiser.plays(440)
        organiser.hears(1000)
        guest.hears(440)
        say("each hears the other's tone: they talk")
        organiser.dtmf("*3")
        guest.hears_prompt("pont/all-muted")
        organiser.hears_not(1000)
        organiser.dtmf("*3")
        organiser.hears(1000, within=10)
        say("alice keys *3: the guest hears that they are muted, and is; *3 again: they talk")
        organiser.dtmf("*7")
        guest.hears_prompt("pont/recording-on", within=12)
        guest.pause(5)
        organiser.dtmf("*7")
        guest.hears_prompt("pont/recording-off")
        say("alice keys *7, and again 5 s after the announcement: both hear that they are recorded, then not")
        organiser.hang_up()
        guest.hears_music(within=12)
        say("alice hangs up; the guest, alone, hears music")
        guest.hang_up()
        say("they hang up too")
    mail = mailbox.one("alice@", within=30)
    recorded = Recorded(mail, directory)
    assert recorded.lasts(440) > 2, "alice is not heard in the recording"
    assert recorded.lasts(1000) > 2, "the guest is not heard in the recording"
    say(
        f"a mail to {mail['To']} brings the recording, {recorded.seconds:.0f} s as MP3: both tones are heard "
        f"in it, and the announcements. Listen: {recorded.mp3}"
    )


if __name__ == "__main__":
    main()
