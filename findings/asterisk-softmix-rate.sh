#!/bin/bash
# Two silent listeners with wideband phones make everybody in a conference hear a hole.
#
# Packages: Asterisk 22.10.1 (Debian 14).
# Expected: a talker and a listener at 8 kHz hear no difference when listeners at 16 kHz join: each listener
#   with another rate is served by resampling.
# Instead: some two seconds after the second channel above the conference's rate has joined (one alone changes
#   nothing), the bridge goes up to 16 kHz for all. Everybody's converters are built anew, and what was under way is
#   dropped: an 8 kHz listener, who was served without conversion before, hears a hole of 20 to 35 ms, or two.
# What it means: channels that a program adds to a conference (announcer, recorder, anchor) should have the rate that the
#   phones have, or 8 kHz. `maximum_sample_rate = 8000` in the bridge profile keeps the conference as it is, and costs
#   wideband phones their sound.
#
# Seen: a tone, as heard at 8 kHz for 14 s; the wideband listeners join after 4 and after 8 s (an example)
#   14 s recorded: True
#   holes in the room as it comes (at s, ms): [(9.5, 29), (9.6, 20)]
#   holes heard after 8 s, in a room as it comes: True
#   holes heard before, with one wideband listener: []
#   holes heard with maximum_sample_rate = 8000: []

. "$(dirname "$0")/common.inc"
. "$beside/asterisk.inc"

asterisk_install
config confbridge.conf << 'END'
[general]
[free]
type = bridge
[kept]
type = bridge
maximum_sample_rate = 8000
[person]
type = user
quiet = yes
END
config extensions.conf << 'END'
[half]
exten => _[fk]!,1,Answer()
 same => n,ConfBridge(${EXTEN},${EXTEN},person)
exten => tone,1,Answer()
 same => n,Playback(/var/spool/tone)
exten => listen,1,Answer()
 same => n,Record(/var/spool/${ROOM}.sln,0,14,kq)
exten => stay,1,Answer()
 same => n,Wait(60)
END
asterisk_start

inside python3 - "$tree/var/spool" << 'END'
import math
import sys
import time
from array import array
from pathlib import Path

from ami import Ami
from expect import expect, wait_until

spool = Path(sys.argv[1])
RATE = 8000
ROOMS = "free", "kept"
tone = array("h", (round(8000 * math.sin(2 * math.pi * 400 * n / RATE)) for n in range(30 * RATE)))
(spool / "tone.sln").write_bytes(tone.tobytes())
ami = Ami()


def join(exten: str, codec: str) -> None:
    for room in ROOMS:
        ami.ask("Originate", Channel=f"Local/{room}@half/n", Context="half", Exten=exten, Priority="1",
                Codecs=codec, Variable=f"ROOM={room}", Async="true")


def holes(room: str) -> list[tuple[float, int]]:
    """Where the tone is silent for more than 10 ms: at which second, for how many milliseconds."""
    heard = array("h", (spool / f"{room}.sln").read_bytes())
    found, last = [], next(n for n, sample in enumerate(heard) if sample)
    for n in range(last, len(heard)):
        if abs(heard[n]) > 200:
            if n - last > RATE / 100:
                found.append((round(last / RATE, 1), round((n - last) / RATE * 1000)))
            last = n
    return found


join("tone", "slin")
join("listen", "slin")
for _ in range(2):
    # The bridge looks at its rate every two seconds or so: let it look between the two, and see no need.
    time.sleep(4)
    join("stay", "slin16")
done = wait_until(lambda: all((spool / f"{room}.sln").stat().st_size >= 2 * 13 * RATE for room in ROOMS), 20)
expect("14 s recorded", done, True)
print("holes in the room as it comes (at s, ms):", holes("free"))
free, kept = holes("free"), holes("kept")
expect("holes heard after 8 s, in a room as it comes", any(8 < at < 13 and ms >= 15 for at, ms in free), True)
expect("holes heard before, with one wideband listener", [hole for hole in free if hole[0] < 8], [])
expect("holes heard with maximum_sample_rate = 8000", kept, [])
END
