#!/bin/bash
# A call that offers encrypted and plain sound is refused or taken by the order of the two lines.
#
# Packages: Asterisk 22.10.1 (Debian 14).
# Expected: an offer with two audio streams, one RTP/SAVP (encrypted), one RTP/AVP (plain), as phones send it that are
#   set to "encryption optional", reaches an endpoint without media encryption by its plain stream, in either order:
#   the other stream is refused with port 0 (RFC 3264, 6).
# Instead: Asterisk looks at the first stream and refuses the call (488) if it is the encrypted one.
# What it means: such phones are "unreachable" or not by a detail of their firmware. `media_encryption = sdes` with
#   `media_encryption_optimistic = yes` on the endpoint takes all four offers.
#
# Seen: status of the answer to INVITE
#   no media_encryption: {'AVP': 200, 'SAVP': 488, 'AVP, SAVP': 200, 'SAVP, AVP': 488}
#   sdes, optimistic: {'AVP': 200, 'SAVP': 200, 'AVP, SAVP': 200, 'SAVP, AVP': 200}

. "$(dirname "$0")/common.inc"
. "$beside/asterisk.inc"

asterisk_install
config pjsip.conf << 'END'
[udp]
type = transport
protocol = udp
bind = 127.0.0.1:5060
[phone](!)
type = endpoint
context = called
disallow = all
allow = alaw
[plain](phone)
[optimistic](phone)
media_encryption = sdes
media_encryption_optimistic = yes
[plain]
type = identify
endpoint = plain
match_header = X-Phone: plain
[optimistic]
type = identify
endpoint = optimistic
match_header = X-Phone: optimistic
END
config extensions.conf << 'END'
[called]
exten => 600,1,Answer()
 same => n,Wait(60)
END
asterisk_start

inside python3 - << 'END'
from expect import expect
from sip import Phone, sdp

# A key of nothing but "A", in base64: 30 bytes.
CRYPTO = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + "QUFB" * 10
STREAM = {"AVP": "m=audio 40000 RTP/AVP 8", "SAVP": f"m=audio 40002 RTP/SAVP 8\r\n{CRYPTO}"}


def answers(endpoint: str) -> dict[str, int | None]:
    seen = {}
    for offer in ("AVP", "SAVP", "AVP, SAVP", "SAVP, AVP"):
        phone = Phone("600")
        body = sdp(*(STREAM[name] for name in offer.split(", ")))
        seen[offer] = phone.request("INVITE", body, X_Phone=endpoint)
        if seen[offer] == 200:
            phone.request("BYE")
    return seen


expect("no media_encryption", answers("plain"), {"AVP": 200, "SAVP": 488, "AVP, SAVP": 200, "SAVP, AVP": 488})
expect("sdes, optimistic", answers("optimistic"), dict.fromkeys(("AVP", "SAVP", "AVP, SAVP", "SAVP, AVP"), 200))
END
