"""Filters of a list of the past: words and days, kept in the address, so that a search can be bookmarked."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, Field, SearchField
from wtforms.validators import Optional, ValidationError

from appliance.search_past import Filter
from webui.access import viewer
from webui.paging import searched

YEARS = range(1970, 3000)


class PeriodForm(FlaskForm):
    """Words and days."""

    q = SearchField()
    since = DateField(_l("First day"), [Optional()])
    until = DateField(_l("Last day"), [Optional()])

    class Meta:
        csrf = False

    def __init__(self) -> None:
        super().__init__(request.args)
        self.validate()

    @property
    def words(self) -> str:
        """What is searched for."""
        return searched()

    @property
    def narrows(self) -> bool:
        """Whether anything is asked for at all."""
        return any(request.args.get(field.name) for field in self)

    def asked(self, bridges: Any) -> Filter:
        """Return the filter for search_past; a day that is not valid is ignored, and the form says so."""
        return Filter(bridges, self._begin(self.since, 0), self._begin(self.until, 1))

    def validate_since(self, field: Field) -> None:
        """Nothing was recorded in the Middle Ages."""
        if field.data is not None and field.data.year not in YEARS:
            raise ValidationError(_("Write the day as 2026-11-24."))

    validate_until = validate_since

    def _begin(self, field: Field, days: int) -> float | None:
        """Return when a field's day, or one `days` later, begins for the viewer (s since the epoch)."""
        chosen: date | None = field.data
        if chosen is None or field.errors:
            return None
        begin = datetime.combine(chosen + timedelta(days), time(), ZoneInfo(viewer().time_zone))
        return begin.timestamp()
