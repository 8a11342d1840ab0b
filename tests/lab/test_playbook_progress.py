"""The lab says in few lines how the playbook goes, and why it failed."""

from lab import playbook
from lab.steps import Steps


def read(text: str) -> tuple[list[str], str, str]:
    said: list[str] = []

    class Told(Steps):
        def say(self, line: str) -> None:
            said.append(line)

    progress = playbook.Progress(Told())
    for line in text.splitlines(keepends=True):
        progress.read(line)
    return said, progress.failure, progress.summary


def test_roles_and_the_summary_are_told() -> None:
    said, failure, summary = read(
        "TASK [Gathering Facts] *******\nok: [box]\n"
        "TASK [base : Set the time zone] ******\nok: [box]\n"
        "TASK [base : Limit the journal] ******\nchanged: [box]\n"
        "TASK [asterisk : Write its configuration] ******\nchanged: [box]\n"
        "RUNNING HANDLER [base : Restart the journal] ***\nchanged: [box]\n"
        "RUNNING HANDLER [asterisk : Restart Asterisk] ***\nchanged: [box]\n"
        "TASK [asterisk : Look at it] ******\nok: [box]\n"
        "PLAY RECAP ****\nbox    : ok=4    changed=2    unreachable=0    failed=0   \n",
    )
    assert said == ["  role base", "  role asterisk"]
    assert failure == ""
    assert summary == "ok=4 changed=2 unreachable=0 failed=0"


def test_the_first_failure_is_told_with_what_the_command_said() -> None:
    _, failure, _ = read(
        "TASK [appliance : Install it] ***\n[ERROR]: Task failed: rc 1\n"
        'fatal: [box]: FAILED! => {"msg": "rc 1", "stderr": "no such version", "stdout": ""}\n'
        'RUNNING HANDLER [asterisk : Try] ***\nfatal: [box]: FAILED! => {"msg": "later"}\n',
    )
    assert failure == "task “Install it”: rc 1\n  no such version"


def test_a_playbook_that_cannot_be_read_is_told() -> None:
    assert read("[ERROR]: conflicting action statements\n")[1] == "[ERROR]: conflicting action statements"
