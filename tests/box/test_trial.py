"""A configuration is tried before it is used, and Asterisk starts on a checked one only."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Box

GENERATED = "/var/lib/pont-generated"


@pytest.fixture
def changed() -> Iterator[dict[Path, str]]:
    """Texts to put back, by file."""
    before: dict[Path, str] = {}
    yield before
    for path, text in before.items():
        path.write_text(text)


@pytest.mark.parametrize(
    ("file", "addition", "complaint"),
    [
        ("modules.conf", "load = chan_nothing.so\n", "chan_nothing.so"),
        (
            "confbridge.conf",
            "[x]\ntype = bridge\nmixing_interval = often\n",
            "app_confbridge.so does not run",
        ),
        ("extensions.conf", '#include "missing.conf"\n', "missing.conf"),
        ("pjsip.conf", "[x]\ntype = endpoint\nallow = !all,g722\nnonsense = 1\n", "nonsense"),
    ],
)
def test_the_trial_refuses(
    box: Box, changed: dict[Path, str], file: str, addition: str, complaint: str
) -> None:
    path = box.root / "etc/asterisk" / file
    changed[path] = path.read_text()
    path.write_text(changed[path] + addition)
    done = box.call(["pont-try-asterisk"])
    assert done.returncode == 1, done
    assert complaint in done.stderr


def test_the_trial_accepts_what_is_there_and_leaves_the_running_one_alone(box: Box) -> None:
    before = box.asterisk("core show uptime seconds").splitlines()[0].split()[:2]
    assert box.call(["pont-try-asterisk"]).returncode == 0
    assert box.asterisk("core show uptime seconds").splitlines()[0].split()[:2] == before
    assert box.run(["ss", "--no-header", "-ltn", "sport", "=", ":5038"]).count("LISTEN") == 1


def test_asterisk_never_starts_on_a_generation_that_nobody_checked(box: Box) -> None:
    verified = box.run(["readlink", f"{GENERATED}/verified"]).strip()
    as_pont = ["setpriv", "--reuid=pont", "--regid=pont", "--clear-groups"]
    try:
        box.run([*as_pont, "mkdir", f"{GENERATED}/unchecked"])
        box.run([*as_pont, "tee", f"{GENERATED}/unchecked/confbridge.conf"], "[x]\ntype=bridge\nnonsense=1\n")
        box.run([*as_pont, "ln", "-sfn", "unchecked", f"{GENERATED}/active"])
        box.run(["systemctl", "restart", "asterisk"])
        box.asterisk("core waitfullybooted")
        assert box.run(["readlink", f"{GENERATED}/active"]).strip() == verified
        shown = box.asterisk("module show like app_confbridge.so")
        assert "Running" in shown
        assert "Not Running" not in shown
    finally:
        box.run([*as_pont, "ln", "-sfn", verified, f"{GENERATED}/active"])
        box.run(["rm", "-r", f"{GENERATED}/unchecked"])
