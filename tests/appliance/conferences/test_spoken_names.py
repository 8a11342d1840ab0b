"""Names that callers say (R7): what counts as said, whose name is known already, which files go."""

from __future__ import annotations

import math
from array import array
from pathlib import Path

import pytest

from appliance.conferences import presence, spoken_names
from appliance.conferences.presence import Person
from appliance.models import Bridge, Conference, ConferenceRole
from appliance.system.config import Config
from tests.appliance.people import add_bridge, add_phone, add_user

NOW = 1_700_000_000.0
RATE = 16000


@pytest.fixture
def media(db: Config) -> Config:
    """A media with alice's bridge 600, her phone 101, bruno's bridge 601 and phone 102, and no names yet."""
    for first, phone, extension in (("Alice", "101", "600"), ("Bruno", "102", "601")):
        email = add_user(first).email
        add_phone(email, phone)
        add_bridge(email, extension)
    db.paths.names.mkdir(parents=True)
    return db


def bridge(extension: str = "600") -> Bridge:
    row: Bridge = Bridge.get(Bridge.extension == extension)
    return row


def enter(
    channel: str, name: str, *, number: str = "+33611", phone: str | None = None, on: str = "600"
) -> Conference:
    person = Person(channel, ConferenceRole.ADMIN, number, "", phone, name)
    presence.record_join(bridge(on).id, person, NOW)
    conference = Conference.running(bridge(on))
    assert conference is not None
    return conference


def tone(seconds: float, peak: int = 8000) -> array[int]:
    return array("h", (round(peak * math.sin(n / 10)) for n in range(round(seconds * RATE))))


def record(config: Config, name: str, sound: bytes) -> Path:
    """Write a file as Asterisk's Record() does."""
    file = Path(f"{spoken_names.path(config, name)}.sln16")
    file.write_bytes(sound)
    return file


def test_r7_a_name_that_was_said_counts_and_its_file_stays(media: Config) -> None:
    file = record(media, "1-1", tone(1.0).tobytes())
    assert spoken_names.has_speech(media, "1-1") is True
    assert file.exists()


def test_r7_a_short_name_counts_and_a_click_of_the_key_does_not(media: Config) -> None:
    record(media, "1-1", tone(spoken_names.MIN_LENGTH_S).tobytes())
    assert spoken_names.has_speech(media, "1-1") is True
    click = record(media, "1-2", tone(spoken_names.MIN_LENGTH_S - 0.01).tobytes())
    assert spoken_names.has_speech(media, "1-2") is False
    assert not click.exists()


@pytest.mark.parametrize("peak", [0, spoken_names.MIN_PEAK - 1])
def test_r7_silence_and_the_noise_of_a_room_are_no_name_and_are_deleted(media: Config, peak: int) -> None:
    file = record(media, "1-1", array("h", [peak, -peak] * RATE).tobytes())
    assert spoken_names.has_speech(media, "1-1") is False
    assert not file.exists()


@pytest.mark.parametrize("sample", [spoken_names.MIN_PEAK, -spoken_names.MIN_PEAK, 32767, -32768])
def test_r7_the_loudest_moment_decides_whichever_way_it_swings(media: Config, sample: int) -> None:
    record(media, "1-1", array("h", [0] * RATE + [sample]).tobytes())
    assert spoken_names.has_speech(media, "1-1") is True


@pytest.mark.parametrize("sound", [b"", b"\x00", b"\x7f\x7f\x7f", tone(1.0).tobytes() + b"\x00"])
def test_nothing_recorded_or_half_a_sample_is_no_name_and_never_an_error(media: Config, sound: bytes) -> None:
    file = record(media, "1-1", sound)
    assert spoken_names.has_speech(media, "1-1") is False
    assert not file.exists()


def test_r7_who_skipped_their_name_has_no_file_and_no_name(media: Config) -> None:
    assert spoken_names.has_speech(media, "1-1") is False
    media.paths.names.rmdir()
    assert spoken_names.has_speech(media, "1-1") is False, "nor where names cannot be kept"


def test_a_file_is_called_by_its_channel_and_by_nothing_that_leaves_the_directory(media: Config) -> None:
    assert spoken_names.file_stem("1700000000.42") == "1700000000-42"
    for hostile in ("../../etc/passwd", "a/b", "x\0y", "a&b,c", "."):
        assert spoken_names.path(media, spoken_names.file_stem(hostile)).parent == media.paths.names


def test_r7_who_comes_back_from_the_same_phone_has_the_name_they_said_last(media: Config) -> None:
    del media
    conference = enter("1.1", "1-1", phone="101", number="+33611")
    enter("1.2", "1-2", phone="102", number="+33611")
    assert spoken_names.previous_recording(conference, "101", "+33699") == "1-1", "whatever number it claims"
    presence.record_leave("1.1", NOW)
    enter("1.3", "1-3", phone="101")
    assert spoken_names.previous_recording(conference, "101", "") == "1-3"
    assert spoken_names.previous_recording(conference, "103", "+33611") == "", "a phone is not its number"


def test_r7_who_comes_back_from_the_same_number_has_their_name_even_after_they_left(media: Config) -> None:
    del media
    conference = enter("1.1", "1-1", number="+33611")
    enter("1.2", "1-2", number="+33622")
    enter("1.3", "", number="+33622")
    presence.record_leave("1.1", NOW)
    assert spoken_names.previous_recording(conference, None, "+33611") == "1-1"
    assert spoken_names.previous_recording(conference, None, "+33622") == "1-2", (
        "who skipped it later did not unsay it"
    )
    assert spoken_names.previous_recording(conference, None, "+33633") == ""


def test_r7_a_number_that_a_stranger_claims_is_not_the_phone_of_the_box(media: Config) -> None:
    del media
    conference = enter("1.1", "1-1", phone="101", number="101")
    assert spoken_names.previous_recording(conference, None, "101") == ""


@pytest.mark.parametrize(
    "number",
    ["", "anonymous", "Anonymous", "unavailable", "restricted", "unknown", "0", "00", "+12", "+", "-",
     "33 611", "+33611x", "+33611\n", "++33611", "３３６１１"],
)  # fmt: skip
def test_r7_a_withheld_number_is_nobodys(media: Config, number: str) -> None:
    del media
    conference = enter("1.1", "1-1", number=number)
    assert spoken_names.previous_recording(conference, None, number) == ""


@pytest.mark.parametrize("number", ["101", "33611", "+33611", "0033611", "+331"])
def test_r7_a_number_of_three_digits_or_more_is_somebodys(media: Config, number: str) -> None:
    del media
    conference = enter("1.1", "1-1", number=number)
    assert spoken_names.previous_recording(conference, None, number) == "1-1"


def test_r7_a_phone_of_the_box_is_known_whatever_it_withholds(media: Config) -> None:
    del media
    conference = enter("1.1", "1-1", number="anonymous", phone="101")
    assert spoken_names.previous_recording(conference, "101", "anonymous") == "1-1"


def test_r7_a_name_said_in_another_conference_is_not_known(media: Config) -> None:
    del media
    enter("1.1", "1-1", number="+33611")
    enter("1.2", "1-2", number="+33611", on="601")
    assert spoken_names.previous_recording(Conference.running(bridge("600")), None, "+33611") == "1-1"
    presence.record_leave("1.1", NOW)
    later = enter("1.3", "", number="+33644")
    assert spoken_names.previous_recording(later, None, "+33611") == "", (
        "a conference later on the same bridge"
    )
    assert spoken_names.previous_recording(None, "101", "+33611") == ""


def test_a_sweep_keeps_names_in_use_and_those_of_live_channels_and_deletes_the_rest(media: Config) -> None:
    enter("1.1", "1-1")
    enter("1.2", "1-2")
    enter("2.1", "2-1", on="601")
    presence.record_leave("1.2", NOW)
    presence.record_leave("2.1", NOW)
    for name in ("1-1", "1-2", "2-1", "3-1", "3-2"):
        record(media, name, b"")
    assert spoken_names.sweep(media, {"3.1"}) is True
    left = {file.stem for file in media.paths.names.iterdir()}
    assert left == {"1-1", "1-2", "3-1"}, "also of who left a conference that goes on"


def test_a_sweep_that_does_not_know_the_channels_deletes_nothing_and_says_whether_it_should(
    media: Config,
) -> None:
    assert spoken_names.sweep(media, None) is False, "no names at all"
    enter("1.1", "1-1")
    record(media, "1-1", b"")
    assert spoken_names.sweep(media, None) is False, "all are in use"
    record(media, "3-1", b"")
    assert spoken_names.sweep(media, None) is True
    assert len(list(media.paths.names.iterdir())) == 2


def test_a_sweep_with_no_channels_at_all_keeps_what_is_in_use(media: Config) -> None:
    enter("1.1", "1-1")
    for name in ("1-1", "3-1"):
        record(media, name, b"")
    spoken_names.sweep(media, set())
    assert [file.stem for file in media.paths.names.iterdir()] == ["1-1"]
    assert spoken_names.sweep(media, set()) is False, "nothing is left to delete"


def test_a_sweep_touches_no_directory(media: Config) -> None:
    (media.paths.names / "kept").mkdir()
    assert spoken_names.sweep(media, set()) is False
    assert (media.paths.names / "kept").is_dir()
