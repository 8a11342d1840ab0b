"""What is being written is kept for whoever writes it, and is sent once, however often they ask."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from appliance.errors import RefusedError
from appliance.invitations import changes, drafts
from appliance.models import Bridge, Invitation, InvitationDraft, OutgoingMail, database
from appliance.system.config import Config
from tests.appliance.invitations.invited import NOW, add_callable_bridge, filled, invite
from tests.appliance.people import add_user


def draft(now: float = NOW) -> InvitationDraft:
    """A draft of Alice's."""
    bridge = Bridge.get_or_none() or add_callable_bridge()
    return drafts.keep(bridge.user, bridge, "{}", now)


def test_a_draft_is_sent_once(db: Config) -> None:
    kept = draft()
    sent = changes.create(db, kept.bridge, filled(), NOW, draft=kept, actor="test")
    with pytest.raises(RefusedError, match="was already sent or removed"):
        changes.create(db, kept.bridge, filled(), NOW, draft=kept, actor="test")
    assert (Invitation.select().count(), OutgoingMail.select().count()) == (1, 3)
    stored = InvitationDraft.get()
    assert (stored.invitation, stored.sent_at) == (sent, NOW)
    assert list(drafts.unsent(kept.user)) == []


def test_a_double_click_sends_once(db: Config) -> None:
    kept = draft()
    together = Barrier(2)

    def send(_: int) -> bool:
        together.wait()
        try:
            changes.create(db, Bridge.get(), filled(), NOW, draft=kept, actor="test")
        except RefusedError:
            return False
        finally:
            database.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(send, range(2))) == [False, True]
    assert (Invitation.select().count(), OutgoingMail.select().count()) == (1, 3)
    assert len(list(db.paths.mail.iterdir())) == 3


def test_so_is_a_change(db: Config) -> None:
    invitation = invite(db)
    kept = drafts.keep(invitation.organiser, invitation.bridge, "{}", NOW, invitation=invitation, version=1)
    changes.change(db, invitation, filled(message="x"), NOW, version=1, draft=kept, actor="test")
    assert InvitationDraft.get().sent_at == NOW
    with pytest.raises(RefusedError, match="already sent or removed"):
        changes.change(db, invitation, filled(message="y"), NOW, version=2, draft=kept, actor="test")
    assert Invitation.get().message == "x"


def test_what_was_sent_or_removed_is_not_written_on(db: Config) -> None:
    sent, removed = draft(), draft()
    changes.create(db, sent.bridge, filled(), NOW, draft=sent, actor="test")
    drafts.remove(removed)
    for kept in (sent, removed):
        with pytest.raises(RefusedError, match="was already sent or removed"):
            drafts.change(kept, "{}", NOW)
    drafts.remove(sent)
    assert InvitationDraft.get().id == sent.id, "it is known for a month that it was sent"


def test_drafts_are_somebodys_own_the_newest_first_and_go_after_a_month(db: Config) -> None:
    del db
    old = draft()
    newer = draft(NOW + 60)
    drafts.change(newer, '{"subject": "x"}', NOW + 120)
    assert [row.id for row in drafts.unsent(old.user, old.bridge)] == [newer.id, old.id]
    assert list(drafts.unsent(add_user("Bruno"))) == []
    draft(NOW + drafts.KEPT + 60)
    assert old.id not in [row.id for row in InvitationDraft.select()]
    assert newer.id in [row.id for row in InvitationDraft.select()]


def test_a_few_dozen_drafts_are_kept_of_one_person(db: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    del db
    monkeypatch.setattr(drafts, "MAX_DRAFTS", 2)
    bridge = add_callable_bridge()
    for n in range(4):
        drafts.keep(bridge.user, bridge, str(n), NOW + n)
    assert [row.content for row in drafts.unsent(bridge.user)] == ["3", "2"]
