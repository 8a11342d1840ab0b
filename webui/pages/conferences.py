"""The history of conferences (B6): which there were, who was there, and who did what."""

from __future__ import annotations

import time
from typing import Any

from flask import Blueprint, render_template, request
from peewee import JOIN, fn

from appliance import search_past
from appliance.models import (
    ACCOUNT_ROLES,
    Bridge,
    Conference,
    HistoryEntry,
    Participation,
    Phone,
    Recording,
    User,
)
from webui import service_switch
from webui.access import allow, seen_bridges
from webui.context import site
from webui.date_filter import PeriodForm
from webui.event_log import describe
from webui.pages.recordings import STATES
from webui.paging import SIZE, behind, page_of

pages = Blueprint("conferences", __name__)
pages.before_request(service_switch.require_enabled)

HAPPENINGS = 100
"""Rows of what happened that are shown at once."""


@pages.get("/conferences")
@allow(*ACCOUNT_ROLES)
def overview() -> str:
    """List the conferences on all bridges that the viewer sees."""
    return _list(None)


@pages.get("/bridges/<int:bridge_id>/conferences")
@allow(*ACCOUNT_ROLES)
def of_bridge(bridge: Bridge) -> str:
    """List the conferences on a bridge."""
    return _list(bridge)


@pages.get("/conferences/<int:conference_id>")
@allow(*ACCOUNT_ROLES)
def show(conference: Conference) -> str:
    """Show who was in a conference, what happened (from the row `?after=id` on), what was recorded."""
    everybody = Participation.select(Participation, Phone, User).join(Phone, JOIN.LEFT_OUTER)
    everybody = everybody.join(User, JOIN.LEFT_OUTER).where(Participation.conference == conference)
    after = max(0, min(request.args.get("after", 0, type=int), 2**62))
    happened = list(
        HistoryEntry.select(HistoryEntry, Participation)
        .join(Participation, JOIN.LEFT_OUTER)
        .where((HistoryEntry.conference == conference) & (HistoryEntry.id > after))
        .order_by(HistoryEntry.id)
        .limit(HAPPENINGS + 1)
    )
    shown = happened[:HAPPENINGS]
    return render_template(
        "conferences/show.html",
        conference=conference,
        now=time.time(),
        people=page_of(everybody.order_by(Participation.id)),
        most=search_past.people_at_once([conference.id]).get(conference.id, 0),
        happened=[(entry.at, said) for entry in shown if (said := describe(entry)) is not None],
        later=shown[-1].id if len(happened) > HAPPENINGS else None,
        recordings=Recording.select().where(Recording.conference == conference).order_by(Recording.id),
        states=STATES,
    )


def _list(bridge: Bridge | None) -> str:
    form = PeriodForm()
    asked = form.asked([bridge.id] if bridge is not None else seen_bridges())
    found = search_past.conferences(asked, form.words, site().config.region, behind(), SIZE)
    ids = [row.id for row in found.rows]
    return render_template(
        "conferences/overview.html",
        form=form,
        found=found,
        bridge=bridge,
        now=time.time(),
        people=search_past.people_at_once(ids),
        walk=search_past.WALK,
        recorded=_recorded(ids),
    )


def _recorded(conference_ids: list[int]) -> dict[int, int]:
    """How many recordings there are of each of these conferences."""
    counted: Any = (
        Recording.select(Recording.conference, fn.COUNT(Recording.id))
        .where(Recording.conference.in_(conference_ids))
        .group_by(Recording.conference)
        .tuples()
    )
    return dict(counted)
