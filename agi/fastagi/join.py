"""agi://.../join: a call for a bridge arrived, or its caller entered digits (R1 to R11).

Fails closed: without an answer from here the dialplan plays "unavailable" and hangs up.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

from agi.fastagi.session import Request
from agi.vocabulary import Answer, Profile, Variable
from appliance.admission.decision import Ask, AskConsent, AskName, Caller, Enter, Refuse
from appliance.admission.reception import Call, Reception, receive
from appliance.conferences import spoken_names
from appliance.conferences.presence import room_name
from appliance.models import ConferenceRole
from appliance.system.config import Config

MAX_TEXT_LENGTH = 80


def script(config: Config, pin_key: bytes) -> Callable[[Request], None]:
    """Make the script, for the server to call with each request."""

    def join(request: Request) -> None:
        call = _read(request)
        _answer(
            request,
            receive(call, config, pin_key, time.time()),
            spoken_names.path(config, spoken_names.file_stem(call.channel_id)),
        )

    return join


def _read(request: Request) -> Call:
    phone, called, number, keyed, digits, tries, calls, began, role, named, consent = request.values(
        Variable.PHONE, Variable.CALLED, Variable.CALLER, Variable.KEYED, Variable.DIGITS,
        Variable.TRIES, Variable.CALLS, Variable.BEGAN, Variable.ROLE, Variable.NAMED, Variable.CONSENT,
    )  # fmt: skip
    if digits:
        request.set(Variable.DIGITS, "")
    return Call(
        called=unquote(called)[:MAX_TEXT_LENGTH],
        caller_number=unquote(number)[:MAX_TEXT_LENGTH],
        caller=Caller(
            phone or None,
            digits if keyed else None,
            int(tries),
            admitted=ConferenceRole(role) if role else None,
            named=bool(named),
            consents=consent == "yes" if consent else None,
        ),
        calls=int(calls),
        channel_id=request.env["agi_uniqueid"],
        began=float(began),
    )


def _answer(request: Request, reception: Reception, name_file: Path) -> None:
    decision = reception.decision
    if reception.bridge_id is not None:
        # From the first answer on, so that the end for all reaches callers before they are in (R21).
        request.set(Variable.ROOM, room_name(reception.bridge_id))
    request.set(Variable.LANGUAGE, reception.language)
    request.set(Variable.PROMPTS, "&".join(decision.prompts))
    match decision:
        case Ask():
            request.set(Variable.WAIT, decision.wait)
            request.set(Variable.DELAY, decision.delay)
            request.set(Variable.TRIES, decision.tries)
            answer = Answer.ASK
        case AskName():
            request.set(Variable.ROLE, decision.role)
            request.set(Variable.NAME_FILE, name_file)
            answer = Answer.NAME
        case AskConsent():
            request.set(Variable.ROLE, decision.role)
            request.set(Variable.WAIT, decision.wait)
            answer = Answer.CONSENT
        case Enter() if reception.bridge_id is not None:
            request.set(Variable.ROLE, decision.role)
            request.set(Variable.SPOKEN_NAME, reception.spoken_name)
            request.set(Variable.PROFILE, Profile.MUTED_PERSON if decision.muted else Profile.PERSON)
            answer = Answer.ENTER
        case Refuse():
            request.set(Variable.DELAY, decision.delay)
            answer = Answer.REFUSE
        case _:
            raise ValueError("a decision to enter needs a bridge")
    # Last: while it is missing, the dialplan admits nobody.
    request.set(Variable.ANSWER, answer)
