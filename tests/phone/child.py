# ruff: noqa: N802, ARG002 - names and arguments of callbacks are pjsua2's
"""The process of one phone: pjsua2 driven by JSON lines. The only module that touches pjsua2.

Run by link.py as a program of its own, because pjsua2 lives once in a process and may abort it.
Reads {"id", "do", ...} from stdin; writes {"id", "ok" | "error"} and {"event", ...} to stdout.
All of pjsua2 runs in one thread: callbacks come only from libHandleEvents.
"""

import ctypes
import json
import os
import queue
import signal
import sys
import threading
import time
from typing import Any

import pjsua2 as pj  # type: ignore[import-untyped]

TONE_AMPLITUDE = 4000  # -18 dBFS: eight phones at once still fit in 16 bits
STATES = {
    pj.PJSIP_INV_STATE_CALLING: "calling",
    pj.PJSIP_INV_STATE_INCOMING: "incoming",
    pj.PJSIP_INV_STATE_EARLY: "early",
    pj.PJSIP_INV_STATE_CONNECTING: "connecting",
    pj.PJSIP_INV_STATE_CONFIRMED: "answered",
    pj.PJSIP_INV_STATE_DISCONNECTED: "ended",
}


def die_with_parent() -> None:
    """SIGKILL for this process when the thread that started it ends (prctl(2), PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    if os.getppid() == 1:
        os._exit(1)


def go_first() -> None:
    """Sound goes before whatever else this machine does: a real phone has a processor of its own."""
    if os.geteuid() == 0:
        os.nice(-11)


class Line(pj.Call):  # type: ignore[misc]
    """One call: its sound is recorded, and a tone generator is what it says."""

    def __init__(self, child: "Child", number: int, call_id: int = pj.PJSUA_INVALID_ID) -> None:
        super().__init__(child.account, call_id)
        self.child, self.number = child, number
        self.audio: Any = None
        self.held = False
        self.muted = False
        self.tone = pj.ToneGenerator()
        self.tone.createToneGenerator(child.rate)
        self.recorder = pj.AudioMediaRecorder()
        self.recorder.createRecorder(os.path.join(child.directory, f"{number}.wav"))
        # Before the answer and on hold there is no media: what feeds it then is silence, so that the
        # recording's clock is the wall's.
        self.silence = pj.ToneGenerator()
        self.silence.createToneGenerator(child.rate)
        self.silence.startTransmit(self.recorder)

    def onCallState(self, prm: Any) -> None:
        info = self.getInfo()  # kept in a variable: what hangs on it is freed with it
        event = {"event": "call", "call": self.number, "state": STATES.get(info.state, str(info.state))}
        event |= {"code": info.lastStatusCode, "reason": info.lastReason, "time": time.monotonic()}
        if info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self.audio = None
            self.child.over.append((self, event))
        else:
            self.child.push(event)

    def onCallMediaState(self, prm: Any) -> None:
        info = self.getInfo()
        media = info.media
        self.audio = None
        for index in range(len(media)):
            active = media[index].status == pj.PJSUA_CALL_MEDIA_ACTIVE
            if active and media[index].type == pj.PJMEDIA_TYPE_AUDIO:
                self.audio = self.getAudioMedia(index)
                self.audio.startTransmit(self.recorder)
                if self.muted:
                    self.mute(True)  # a new stream, after a hold, knows nothing of it
                else:
                    self.tone.startTransmit(self.audio)
        self.child.push({"event": "media", "call": self.number, "active": self.audio is not None})

    def plays(self, freq: float | None) -> None:
        """Says a tone (Hz), or None: silence in packets as before."""
        self.tone.stop()
        if freq is None:
            return
        tone = pj.ToneDesc()
        tone.freq1, tone.freq2, tone.on_msec, tone.off_msec = int(freq), 0, 30000, 0
        tone.volume = TONE_AMPLITUDE
        tones = pj.ToneDescVector()
        tones.append(tone)
        self.tone.play(tones, True)

    def mute(self, muted: bool) -> None:
        """Voice activity detection and nothing to detect: no packets, but for one every 5 s."""
        self.muted = muted
        if self.audio is None:
            return
        (self.tone.stopTransmit if muted else self.tone.startTransmit)(self.audio)
        param = self.getStreamInfo(0).audCodecParam
        param.setting.vad = muted
        self.audStreamModifyCodecParam(0, param)

    def hold(self, held: bool) -> None:
        prm = pj.CallOpParam(True)
        self.held = held
        if held:
            self.setHold(prm)
        else:
            prm.opt.flag = pj.PJSUA_CALL_UNHOLD
            self.reinvite(prm)

    def packets(self) -> dict[str, Any]:
        """RTP packets so far, and the codec in use."""
        stat, info = self.getStreamStat(0), self.getStreamInfo(0)
        return {"sent": stat.rtcp.txStat.pkt, "received": stat.rtcp.rxStat.pkt, "codec": info.codecName}


class Identity(pj.Account):  # type: ignore[misc]
    child: "Child"

    def onRegState(self, prm: Any) -> None:
        self.child.push({"event": "registration", "code": prm.code, "reason": prm.reason})

    def onIncomingCall(self, prm: Any) -> None:
        self.child.number += 1
        line = Line(self.child, self.child.number, prm.callId)
        self.child.lines[line.number] = line
        info = line.getInfo()
        self.child.push({"event": "incoming", "call": line.number, "remote": info.remoteUri})
        ringing = pj.CallOpParam()
        ringing.statusCode = 180
        line.answer(ringing)


class Child:
    """Keeps pjsua2, its one account and its calls; `do_*` are what the parent can ask."""

    def __init__(self, options: dict[str, Any], out: int) -> None:
        self.options, self.out = options, out
        self.directory: str = options["directory"]
        self.rate = 16000 if any(c.upper().startswith("G722") for c in options["codecs"]) else 8000
        self.number = 0
        self.lines: dict[int, Line] = {}
        self.attic: list[Any] = []  # what pjsua2 may still point to
        self.over: list[tuple[Line, dict[str, Any]]] = []
        self.keys: list[tuple[float, Line, str]] = []
        self.endpoint = pj.Endpoint()
        self._start_endpoint()
        self.account = self._make_account()

    def push(self, message: dict[str, Any]) -> None:
        os.write(self.out, (json.dumps(message) + "\n").encode())

    def _start_endpoint(self) -> None:
        config = pj.EpConfig()
        config.uaConfig.threadCnt, config.uaConfig.mainThreadOnly = 0, True
        config.uaConfig.maxCalls = 8
        config.uaConfig.userAgent = self.options["user_agent"]
        config.medConfig.clockRate = config.medConfig.sndClockRate = self.rate
        config.medConfig.noVad = True  # silence is sent as packets: only mute() stops them
        config.medConfig.ecTailLen = 0
        config.logConfig.level, config.logConfig.consoleLevel = self.options["log_level"], 0
        config.logConfig.filename = os.path.join(self.directory, "pjsua.log")
        self.endpoint.libCreate()
        self.endpoint.libInit(config)
        transport = pj.TransportConfig()
        transport.boundAddress = self.options["local_ip"] or ""
        self.endpoint.transportCreate(pj.PJSIP_TRANSPORT_UDP, transport)
        self.endpoint.libStart()
        self.endpoint.audDevManager().setNullDev()
        wanted = [c.upper() for c in self.options["codecs"]]
        codecs = self.endpoint.codecEnum2()
        for index in range(len(codecs)):
            name = codecs[index].codecId
            place = next((i for i, c in enumerate(wanted) if name.upper().startswith(c + "/")), None)
            self.endpoint.codecSetPriority(name, 0 if place is None else 255 - place)
            if place is not None:
                param = self.endpoint.codecGetParam(name)
                param.setting.plc = False  # a hole must sound like a hole
                self.endpoint.codecSetParam(name, param)

    def _make_account(self) -> Identity:
        o = self.options
        config = pj.AccountConfig()
        config.idUri = o["uri"]
        config.regConfig.registrarUri, config.regConfig.registerOnAdd = o["registrar"], False
        config.sipConfig.authCreds.append(pj.AuthCredInfo("digest", "*", o["username"], 0, o["password"]))
        media = config.mediaConfig.transportConfig
        media.boundAddress = o["local_ip"] or ""
        # Phones side by side start apart; pjsua tries the next ports when one is taken.
        media.port, media.portRange = 40000 + os.getpid() % 500 * 40, 40
        config.natConfig.contactRewriteUse = 0
        if o["session_expires"]:
            config.callConfig.timerUse = pj.PJSUA_SIP_TIMER_ALWAYS
            config.callConfig.timerSessExpiresSec = o["session_expires"]
            config.callConfig.timerMinSESec = min(90, o["session_expires"])
        account = Identity()
        account.child = self
        account.create(config)
        return account

    def do_call(self, target: str, caller: str | None, headers: dict[str, str]) -> int:
        prm = pj.CallOpParam(True)
        prm.opt.videoCount = 0
        if caller is not None:
            prm.txOption.localUri = caller
        for name, value in headers.items():
            header = pj.SipHeader()
            header.hName, header.hValue = name, value
            prm.txOption.headers.append(header)
        self.number += 1
        line = self.lines[self.number] = Line(self, self.number)
        line.makeCall(target, prm)
        return line.number

    def do_line(self, call: int, what: str, args: list[Any]) -> Any:
        """plays, mute, hold or packets of one call."""
        return getattr(self.lines[call], what)(*args)

    def do_answer(self, call: int, code: int) -> None:
        prm = pj.CallOpParam(True)
        prm.statusCode = code
        self.lines[call].answer(prm)

    def do_dtmf(self, call: int, digits: str, gap: float) -> None:
        line = self.lines[call]
        if gap <= 0:
            line.dialDtmf(digits)
            return
        start = max([time.monotonic()] + [at + gap for at, other, _ in self.keys if other is line])
        self.keys += [(start + index * gap, line, digit) for index, digit in enumerate(digits)]

    def do_hang_up(self, call: int) -> None:
        if self.lines[call].isActive():
            self.lines[call].hangup(pj.CallOpParam())

    def do_register(self, on: bool) -> None:
        self.account.setRegistration(on)

    def do_quit(self) -> None:
        """BYE for every call, a second for the answers, then the end."""
        self.endpoint.hangupAllCalls()
        until = time.monotonic() + 1
        while any(line.isActive() for line in self.lines.values()) and time.monotonic() < until:
            self.endpoint.libHandleEvents(10)
        os._exit(0)

    def turn(self) -> None:
        """Lets pjsua2 work for up to 10 ms, then does what fell due."""
        self.endpoint.libHandleEvents(10)
        while self.keys and self.keys[0][0] <= time.monotonic():
            _, line, digit = self.keys.pop(0)
            if line.isActive():
                line.dialDtmf(digit)
        for line, event in self.over:
            line.recorder = None  # closing it writes its last quarter of a second: before the parent is told
            self.push(event)
        self.over.clear()

    def obey(self, message: dict[str, Any]) -> None:
        number, do = message.pop("id"), message.pop("do")
        try:
            self.push({"id": number, "ok": getattr(self, "do_" + do)(**message)})
        except pj.Error as error:
            self.push({"id": number, "error": error.info()})
        except Exception as error:
            self.push({"id": number, "error": f"{type(error).__name__}: {error}"})


def main() -> None:
    die_with_parent()
    go_first()
    out = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints must not look like a message
    orders: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    child = Child(json.loads(sys.stdin.readline()), out)

    def listen() -> None:
        for text in sys.stdin:
            orders.put(json.loads(text))
        os._exit(0)  # the parent closed the pipe or is gone

    threading.Thread(target=listen, daemon=True).start()
    child.push({"event": "ready"})
    while True:
        child.turn()
        while not orders.empty():
            child.obey(orders.get())


main()
