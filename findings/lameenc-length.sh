#!/bin/bash
# lameenc writes no Xing header: with a variable bit rate, one minute is shown as 23 seconds or as three minutes.
#
# Packages: lameenc 1.9.0, mutagen 1.48.1, Python 3.11.
# Expected: lameenc is LAME, whose files begin with a Xing or Info header. From it a player knows the length of a
#   file with variable bit rate (VBR), and how much of the first and last frame is not sound.
# Instead: that header is written by seeking back to the start of a file, and lameenc only returns bytes: there is none.
#   mutagen, as any program that does not read the whole file, multiplies the first frame's bit rate by the file's
#   size. One minute that begins with silence (a small first frame) gets 187 s, one that ends with it 23 s. At a
#   constant rate the length is right, but for the encoder's delay and padding, which nobody can cut off: 84 ms here,
#   152 ms at 8 kHz; of no sample at all lameenc makes an MP3 of 144 ms.
# What it means: encode at a constant bit rate with lameenc. Keep the length beside the file where it matters, and test
#   for "nothing was recorded" before encoding, not on the MP3.
#
# Seen: seconds by mutagen
#   header named Xing or Info: False
#   60 s, VBR, silence first: 190.0 (to tens of seconds)
#   60 s, VBR, silence last: 20.0 (likewise)
#   60 s, constant 32 kbit/s: 60.084
#   10 s of 8 kHz, constant 32 kbit/s: 10.152
#   0 s of 8 kHz, constant 32 kbit/s: 0.144

. "$(dirname "$0")/common.inc"

python_install lameenc==1.9.0 mutagen==1.48.1

python - << 'END'
import io
import random
from array import array

import lameenc
from expect import expect
from mutagen.mp3 import MP3

RATE = 16000
rng = random.Random(1)
noise = array("h", (rng.randrange(-12000, 12000) for _ in range(30 * RATE)))
silence = array("h", bytes(2 * 30 * RATE))


def mp3(sound: array, rate: int, *, vbr: bool) -> bytes:
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_in_sample_rate(rate)
    encoder.set_channels(1)
    encoder.set_quality(5)
    if vbr:
        encoder.set_vbr(lameenc.VBR_MTRH)
        encoder.set_vbr_quality(2)
    else:
        encoder.set_bit_rate(32)
    return bytes(encoder.encode(sound.tobytes()) + encoder.flush())


def length(file: bytes, digits: int) -> float:
    return round(MP3(io.BytesIO(file)).info.length, digits)


first, last = mp3(silence + noise, RATE, vbr=True), mp3(noise + silence, RATE, vbr=True)
expect("header named Xing or Info", any(name in first[:500] + last[:500] for name in (b"Xing", b"Info")), False)
expect("60 s, VBR, silence first", length(first, -1), 190.0)
expect("60 s, VBR, silence last", length(last, -1), 20.0)
expect("60 s, constant 32 kbit/s", length(mp3(silence + noise, RATE, vbr=False), 3), 60.084)
expect("10 s of 8 kHz, constant 32 kbit/s", length(mp3(silence[:80000], 8000, vbr=False), 3), 10.152)
expect("0 s of 8 kHz, constant 32 kbit/s", length(mp3(array("h"), 8000, vbr=False), 3), 0.144)
END
