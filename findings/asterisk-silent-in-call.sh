#!/bin/bash
# Asterisk does not answer some SIP requests inside a call, not even by "501 Not Implemented", and allows them.
#
# Packages: Asterisk 22.10.1 (Debian 14), all of its modules loaded.
# Expected: a request that a server does not know, or does not want, is answered: 405, 415, 489, 501 (RFC 3261, 8.2).
#   Outside a call Asterisk does so.
# Instead: inside a call SUBSCRIBE, NOTIFY, PUBLISH, an unknown method, and INFO with a body of an unknown type get no
#   answer at all. SUBSCRIBE, NOTIFY and PUBLISH stand in the `Allow` of its own answers. OPTIONS is answered by a
#   module, res_pjsip_dlg_options: where modules are loaded one by one and this one is left out, OPTIONS in a call gets
#   no answer either.
# What it means: a phone or proxy takes no answer for a dead peer: after 32 s (64 * T1) the request counts as timed out,
#   and RFC 3261 (12.2.1.2) has the caller end the call by then. Load res_pjsip_dlg_options, res_pjsip_empty_info and
#   res_pjsip_dtmf_info, and test a provider's or phone's keep-alive for longer than 32 s.
#
# Seen: status of the answer within 3 s, None: no answer
#   outside a call: {'OPTIONS': 200, 'INFO': 501, 'FOO': 501}
#   in a call: {'OPTIONS': 200, 'INFO': 200, 'UPDATE': 200, 'MESSAGE': 202}
#   in a call: {'INFO text/plain': None, 'SUBSCRIBE': None, 'NOTIFY': None, 'PUBLISH': None, 'FOO': None}
#   in Allow: ['NOTIFY', 'PUBLISH', 'SUBSCRIBE']
#   OPTIONS in a call, without res_pjsip_dlg_options: None

. "$(dirname "$0")/common.inc"
. "$beside/asterisk.inc"

asterisk_install
config pjsip.conf << 'END'
[udp]
type = transport
protocol = udp
bind = 127.0.0.1:5060
[phone]
type = endpoint
context = called
disallow = all
allow = alaw
[phone]
type = identify
endpoint = phone
match = 127.0.0.1
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

DETAILS = {
    "INFO text/plain": {"method": "INFO", "body": "x", "kind": "text/plain"},
    "SUBSCRIBE": {"Event": "presence", "Expires": "60"},
    "NOTIFY": {"Event": "presence", "Subscription_State": "active"},
    "PUBLISH": {"Event": "presence"},
    "MESSAGE": {"body": "hello", "kind": "text/plain"},
}


def answers(phone: Phone, *names: str) -> dict[str, int | None]:
    return {name: phone.request(**{"method": name, **DETAILS.get(name, {})}) for name in names}


outside = {name: answers(Phone("600"), name)[name] for name in ("OPTIONS", "INFO", "FOO")}
expect("outside a call", outside, {"OPTIONS": 200, "INFO": 501, "FOO": 501})

phone = Phone("600")
expect("INVITE", phone.request("INVITE", sdp("m=audio 40000 RTP/AVP 8")), 200)
expect("in a call", answers(phone, "OPTIONS", "INFO", "UPDATE", "MESSAGE"),
       {"OPTIONS": 200, "INFO": 200, "UPDATE": 200, "MESSAGE": 202})
silent = ("INFO text/plain", "SUBSCRIBE", "NOTIFY", "PUBLISH", "FOO")
expect("in a call", answers(phone, *silent), dict.fromkeys(silent))
phone.request("OPTIONS")
allowed = [name for name in phone.allow if name in silent]
expect("in Allow", sorted(allowed), ["NOTIFY", "PUBLISH", "SUBSCRIBE"])
phone.request("BYE")
END

asterisk_stop
config modules.conf << 'END'
[modules]
autoload = yes
noload = res_pjsip_dlg_options.so
END
asterisk_start
inside python3 - << 'END'
from expect import expect
from sip import Phone, sdp

phone = Phone("600")
expect("INVITE", phone.request("INVITE", sdp("m=audio 40000 RTP/AVP 8")), 200)
expect("OPTIONS in a call, without res_pjsip_dlg_options", phone.request("OPTIONS"), None)
phone.request("BYE")
END
