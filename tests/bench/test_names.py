from __future__ import annotations

from tests.bench.names import Channels


def test_channels_are_known_by_the_files_of_their_names() -> None:
    channels = Channels()
    channel = {"Channel": "PJSIP/trunk-00000001", "Uniqueid": "pont-17.5"}
    channels.heard({"Event": "Newchannel", "CallerIDNum": "+33600000101"} | channel)
    channels.heard({"Event": "ConfbridgeJoin"} | channel)
    channels.heard({"Event": "ConfbridgeJoin", "Channel": "Local/1@pont-anchor-1;2", "Uniqueid": "1.6"})
    channels.heard({"Event": "FullyBooted"})
    assert channels.callers == {"pont-17-5": "+33600000101"}
    assert list(channels.entered) == ["pont-17-5"]
