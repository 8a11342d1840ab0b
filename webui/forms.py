"""What all forms share: making a change, saying why it was not made, and detecting edit conflicts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import current_app, flash
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField

from appliance.asterisk_config import configuration
from appliance.errors import ConfigurationRefusedError, EditConflictError, RefusedError
from appliance.models import Table, database
from webui.context import site
from webui.language import say

T = TypeVar("T")
Row = TypeVar("Row", bound=Table)
Values = Mapping[str, object]


def reload(row: Row) -> Row:
    """Read a row again, within a change: use cases know things by names, which others may have changed."""
    again: Row = type(row).get_by_id(row.id)
    return again


@dataclass(frozen=True)
class Result(Generic[T]):
    """A change that was made."""

    result: T


class Form(FlaskForm):
    """A form whose change goes through configuration.change(); with no fields it is a mere confirmation."""

    def save(self, use_case: Callable[[], T]) -> Result[T] | None:
        """Make the change; None if it was not made, and the form says why."""
        try:
            result, outcome = configuration.change(site().config, site().gate.bring_into_force, use_case)
        except RefusedError as refusal:
            self.form_errors.append(say(refusal.text))
            return None
        except ConfigurationRefusedError as refusal:
            current_app.logger.error("%s", refusal)
            self.form_errors.append(
                _("The telephone system did not accept this, so nothing was changed. The journal says why.")
            )
            return None
        if isinstance(outcome, configuration.Pending):
            current_app.logger.warning("saved, not in force yet: %s", outcome.reason)
            flash(_("Saved. Takes effect as soon as the telephone system is back."), "warning")
        if outcome.left_out:
            current_app.logger.error("left out: %s", "; ".join(outcome.left_out))
            flash(_("One entry of the directory cannot be passed to the telephone system."), "warning")
        return Result(result)

    def run(self, use_case: Callable[[], T]) -> Result[T] | None:
        """Run a use case that Asterisk is not part of; None if it refused, and the form says why."""
        try:
            return Result(use_case())
        except RefusedError as refusal:
            self.form_errors.append(say(refusal.text))
            return None


class EditForm(Form):
    """A form over values that somebody else may change while it is being filled in."""

    version = HiddenField()

    def __init__(self, values: Values, typed: Values | None = None) -> None:
        """`values`, by field name, are what the form shows at first, unless something is `typed` already."""
        super().__init__(data={**values, **(typed or {}), "version": _version(values)})
        self.theirs: dict[str, object] = {}
        """What others have saved since the form was shown, by field name."""

    def save_if_unchanged(self, current: Callable[[], Values], use_case: Callable[[], T]) -> Result[T] | None:
        """Save unless `current()` differs from what the form was shown with; then show both.

        Saving again replaces the other values: the editor has seen them.
        """

        def unless_stale() -> T:
            with database.atomic("IMMEDIATE"):
                values = current()
                if _version(values) != self.version.data:
                    raise EditConflictError(values)
                return use_case()

        try:
            return self.save(unless_stale)
        except EditConflictError as stale:
            self.compare(stale.values)
            return None

    def compare(self, values: Values) -> None:
        """Show what others have saved, beside what is typed."""
        self.version.data = _version(values)
        self.theirs = {
            name: value for name, value in values.items() if name in self and self[name].data != value
        }
        self.form_errors.append(
            _(
                "Somebody else has changed this while you were editing. Compare below; saving again"
                " replaces their values by yours."
            )
        )


def _version(values: Values) -> str:
    text: Any = json.dumps(dict(values), sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
