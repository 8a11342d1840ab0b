"""One table says what a user may set of a bridge: column, option and field come of it (R25 to R27)."""

from __future__ import annotations

import pytest

from appliance.cli.bridge import change
from appliance.directory.bridge_settings import SETTINGS, BridgeSetting, Kind, checked
from appliance.errors import RefusedError
from appliance.models import Bridge
from webui.settings import SettingsForm


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_each_setting_is_a_column_an_option_and_a_field(setting: BridgeSetting) -> None:
    assert setting.name in Bridge._meta.fields
    assert setting.name in {parameter.name for parameter in change.params}
    assert hasattr(SettingsForm, setting.name)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_a_value_of_another_kind_is_never_kept(setting: BridgeSetting) -> None:
    wrong: object = "yes" if setting.kind in (Kind.SWITCH, Kind.DAYS) else True
    with pytest.raises(TypeError, match=setting.name):
        checked(setting, wrong, 365)


@pytest.mark.parametrize(("days", "kept"), [(0, None), (1, 1), (365, 365)])
def test_b6_days_are_kept_within_what_the_installer_allows(days: int, kept: int | None) -> None:
    setting = SETTINGS[-1]
    assert checked(setting, days, 365) == kept
    for wrong in (-1, 366):
        with pytest.raises(RefusedError, match="1 to 365 days"):
            checked(setting, wrong, 365)
