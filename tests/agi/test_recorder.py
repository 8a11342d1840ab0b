"""A recorder captures while people talk, and nothing is said of it that no file proves (R20, R32)."""

from __future__ import annotations

from pathlib import Path

import pytest

from agi.channels import Participant
from agi.recorder import GROWTH_TIMEOUT_S, Take
from agi.room import Room
from appliance.conferences import control
from appliance.conferences.service_codes import Switch
from appliance.models import Announcement, HistoryEntry, HistoryEvent, Recording
from appliance.recordings import files, retention
from appliance.speech.prompts import Prompt
from appliance.system.config import Config
from tests.agi.rooms import NOW, OUTSIDE, Clock, ScriptedAmi, conference, did, go, names, record, turn


@pytest.fixture(autouse=True)
def _people_have_narrowband_phones(room: Room, ami: ScriptedAmi) -> None:
    ami.variables = {seat.channel: "(alaw)" for seat in room.channels.people.values()}


def take(room: Room) -> Take:
    found = room.recorder.take
    assert found is not None
    return found


def channel(room: Room, recording: int, number: int | None = None) -> str:
    """The half of a recorder that is in the conference; of the take that was called for, or of another."""
    number = take(room).number if number is None else number
    return f"Local/{room.bridge_id}-{recording}-{number}@pont-recorder-00000002;2"


def comes(room: Room, recording: int, number: int | None = None) -> str:
    name = channel(room, recording, number)
    assert room.register_channel({"Channel": name})
    return name


def file(room: Room) -> Path:
    return files.take_file(room.config, take(room).recording, take(room).number)


def grows(room: Room, by: int = 32768) -> None:
    """Asterisk writes some of what it hears."""
    with file(room).open("ab") as stream:
        stream.write(b"x" * by)


def called(actions: list[dict[str, str]]) -> list[str]:
    return [action["Channel"].split("-")[1] for action in actions if action["Action"] == "Originate"]


def hung_up(actions: list[dict[str, str]]) -> list[str]:
    return [action["Channel"] for action in actions if action["Action"] == "Hangup"]


def state(recording: int) -> tuple[str, str]:
    row = Recording.get_by_id(recording)
    return row.state, row.reason


def said() -> list[str]:
    """What is still to be said."""
    return [row.prompt for row in Announcement.select().order_by(Announcement.id)]


@pytest.fixture
def running(room: Room) -> int:
    """A recording that everybody was told of."""
    recording = record(room)
    room.reconcile()
    comes(room, recording)
    grows(room)
    room.reconcile()
    room.announcer.finished()
    Announcement.delete().execute()
    return recording


def test_r20_a_recorder_is_called_and_writes_a_take_of_its_own(room: Room, ami: ScriptedAmi) -> None:
    recording = record(room)
    (call,) = did(room, ami)
    number = take(room).number
    assert (call["Action"], call["Channel"], call["Exten"]) == (
        "Originate",
        f"Local/{room.bridge_id}-{recording}-{number}@pont-recorder/n",
        "record",
    )
    assert f"PONT_TAKE={room.config.paths.takes}/{recording}-{number}" in call["Variable"].split(",")
    assert did(room, ami) == [], "one is enough"


def test_r20_that_it_records_is_said_once_its_file_grows_and_not_before(room: Room, ami: ScriptedAmi) -> None:
    recording = record(room)
    room.reconcile()
    comes(room, recording)
    file(room).write_bytes(b"h" * 44)
    assert did(room, ami) == []
    assert state(recording) == ("starting", "")
    assert room.recorder.awaiting_capture, "it is looked at again soon"
    grows(room)
    assert next(action.get("Value") for action in did(room, ami)) == Prompt.RECORDING_ON
    assert state(recording) == ("recording", "")
    assert not room.recorder.awaiting_capture


@pytest.mark.parametrize("came", [True, False], ids=["it came", "it did not come"])
def test_r20_what_captures_nothing_has_failed_and_the_administrators_are_told(
    room: Room, ami: ScriptedAmi, clock: Clock, came: bool
) -> None:
    recording = record(room)
    room.reconcile()
    name = comes(room, recording) if came else ""
    clock.now += GROWTH_TIMEOUT_S
    assert did(room, ami) == []
    clock.now += 0.1
    actions = did(room, ami)
    assert state(recording) == ("failed", "no_sound")
    assert hung_up(actions) == ([name] if came else [])
    assert f"PONT_SAY={Prompt.RECORDING_FAILED}" in actions[-1]["Variable"]
    assert did(room, ami) == []
    assert called(did(room, ami)) == []
    again = record(room)
    assert called(did(room, ami)) == [str(again)], "it can be tried again"


def test_r20_off_hangs_up_and_on_again_is_another_recording(
    room: Room, ami: ScriptedAmi, running: int
) -> None:
    name = channel(room, running)
    turn(room, Switch.RECORDING, on=False)
    assert hung_up(did(room, ami)) == [name]
    assert state(running) == ("waiting", "")
    assert did(room, ami) == []
    second = record(room)
    assert called(did(room, ami)) == [str(second)]


def test_r17_a_pause_is_not_captured_and_after_it_another_take_goes_on(
    room: Room, ami: ScriptedAmi, running: int
) -> None:
    first = take(room).number
    turn(room, Switch.PAUSED)
    assert channel(room, running) in hung_up(did(room, ami))
    assert did(room, ami) == []
    turn(room, Switch.PAUSED, on=False)
    assert str(running) in called(did(room, ami))
    assert take(room).number > first
    comes(room, running)
    grows(room)
    did(room, ami)
    assert (state(running), said()) == (("recording", ""), []), "nobody is told again"


def test_r8_who_is_alone_with_their_music_is_not_captured_but_hears_that_it_would(
    room: Room, ami: ScriptedAmi
) -> None:
    go(room, 2)
    room.reconcile()
    recording = record(room)
    assert called(did(room, ami)) == [str(recording)]
    name = comes(room, recording)
    grows(room)
    room.reconcile()
    assert state(recording) == ("recording", "")
    assert hung_up(did(room, ami)) == [name]
    assert called(did(room, ami)) == []


def test_a_recording_that_no_longer_grows_is_cut_short_and_all_are_told(
    room: Room, ami: ScriptedAmi, clock: Clock, running: int
) -> None:
    for _ in range(3):
        clock.now += GROWTH_TIMEOUT_S
        grows(room)
        assert did(room, ami) == []
    clock.now += GROWTH_TIMEOUT_S + 0.1
    name = channel(room, running)
    actions = did(room, ami)
    assert hung_up(actions) == [name]
    assert state(running) == ("waiting", "no_sound")
    noted = HistoryEntry.select().where(HistoryEntry.event == HistoryEvent.RECORDING)
    assert [(row.effect, row.reason) for row in noted] == [("recording_cut_short", "no_sound")]
    assert next(action["Value"] for action in actions if "Value" in action) == Prompt.RECORDING_CUT


def test_b6_below_the_floor_no_recording_begins_and_all_are_told(
    room: Room, ami: ScriptedAmi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "free_mb", lambda _: room.config.recordings.floor_mb - 0.1)
    recording = record(room)
    room.reconcile()
    assert state(recording) == ("failed", "disk_full")
    assert room.recorder.take is None
    assert next(action["Value"] for action in ami.actions if "Value" in action) == Prompt.RECORDING_NO_ROOM


def test_b6_a_recording_that_runs_goes_on_down_to_half_the_floor(
    room: Room, ami: ScriptedAmi, running: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    floor = room.config.recordings.floor_mb
    monkeypatch.setattr(retention, "free_mb", lambda _: floor / 2)
    assert did(room, ami) == []
    monkeypatch.setattr(retention, "free_mb", lambda _: floor / 2 - 0.1)
    assert len(hung_up(did(room, ami))) == 1
    assert state(running) == ("waiting", "disk_full")


def test_r20_a_recorder_that_comes_when_it_is_no_longer_wanted_is_hung_up(
    room: Room, ami: ScriptedAmi
) -> None:
    first = record(room)
    room.reconcile()
    late = channel(room, first)
    turn(room, Switch.RECORDING, on=False)
    second = record(room)
    assert called(did(room, ami)) == [str(second)]
    ami.actions.clear()
    assert room.register_channel({"Channel": late})
    assert hung_up(ami.actions) == [late]
    assert take(room).recording == second


def test_of_two_recorders_the_newer_stays(room: Room, ami: ScriptedAmi, running: int) -> None:
    older = channel(room, running)
    comes(room, running)
    assert ami.actions[-1]["Action"] != "Hangup", "one that is listed again is the same"
    newer = comes(room, running, take(room).number + 1)
    assert ami.actions[-1] == {"Action": "Hangup", "Channel": older}
    room.unregister_channel({"Channel": older})
    assert take(room).channel == newer


def test_a_recorder_found_after_a_restart_records_on_or_is_hung_up(
    room: Room, ami: ScriptedAmi, running: int
) -> None:
    name, number = channel(room, running), take(room).number
    room.recorder.take = None
    comes(room, running, number)
    assert did(room, ami) == []
    assert take(room).begun, "its file is as long as it was"
    room.recorder.take = None
    strange = name.replace(f"-{running}-", f"-{running + 1}-")
    room.register_channel({"Channel": strange})
    actions = did(room, ami)
    assert (hung_up(actions), called(actions)) == ([strange], [str(running)])


def test_a_recorder_that_is_lost_is_called_again_for_the_same_recording(
    room: Room, ami: ScriptedAmi, running: int
) -> None:
    before = take(room).number
    assert room.unregister_channel({"Channel": channel(room, running)})
    assert called(did(room, ami)) == [str(running)]
    assert take(room).number > before, "in another file"


def test_r21_at_the_end_the_recorder_is_hung_up(room: Room, ami: ScriptedAmi, running: int) -> None:
    control.end(conference(room), OUTSIDE, NOW)
    assert channel(room, running) in hung_up(did(room, ami))
    assert state(running) == ("waiting", "")


@pytest.mark.parametrize(
    ("phones", "wideband"),
    [
        ("alaw alaw", True),
        ("g722 alaw", False),
        ("alaw g722", False),
        ("g722 g722", True),
        ("g722 alaw g722", True),
    ],
)
def test_the_recorder_hears_wideband_unless_that_changed_the_rate_for_the_others(
    room: Room, ami: ScriptedAmi, phones: str, wideband: bool
) -> None:
    channels = [f"PJSIP/phone-{number}" for number, _ in enumerate(phones.split())]
    room.channels.people = {
        f"9.{number}": Participant(name, muted=False) for number, name in enumerate(channels)
    }
    ami.variables = {name: f"({codec})" for name, codec in zip(channels, phones.split(), strict=True)}
    record(room)
    call = did(room, ami)[-1]
    assert call.get("Codecs") == ("slin16" if wideband else None)


def test_a_conference_that_is_over_leaves_an_empty_room(room: Room, ami: ScriptedAmi, config: Config) -> None:
    record(room)
    room.reconcile()
    late = channel(room, take(room).recording)
    for number in (1, 2):
        go(room, number)
    did(room, ami)
    assert room.empty
    assert room.register_channel({"Channel": late})
    assert names(did(room, ami)) == [("Hangup", late)]
    assert list(config.paths.takes.iterdir()) == []
