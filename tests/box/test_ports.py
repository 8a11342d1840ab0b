"""Ports are open only where they must be."""

import ipaddress

from tests.conftest import Box


def listeners(box: Box, protocol: str) -> set[tuple[str, int, str]]:
    """(address, port, program) of every socket that anybody may speak to."""
    found = set()
    for line in box.run(
        ["ss", "--no-header", "--listening", "--numeric", "--processes", protocol]
    ).splitlines():
        address, _, port = line.split()[3].rpartition(":")
        program = line.partition('users:(("')[2].partition('"')[0]
        found.add((address.strip("[]").partition("%")[0], int(port), program))
    return found


def is_loopback(address: str) -> bool:
    return address != "*" and ipaddress.ip_address(address).is_loopback


def test_only_sip_and_the_web_are_open_to_others_over_tcp(box: Box) -> None:
    outside = {entry for entry in listeners(box, "--tcp") if not is_loopback(entry[0])}
    web = {(address, port, "nginx") for address in ("0.0.0.0", "::") for port in (80, 443)}
    assert outside == {("0.0.0.0", 5060, "asterisk"), *web}


def test_ami_and_fastagi_listen_on_loopback(box: Box) -> None:
    inside = {port: address for address, port, _ in listeners(box, "--tcp") if is_loopback(address)}
    assert inside == {5038: "127.0.0.1", 4573: "127.0.0.1"}


def test_only_sip_and_asterisks_own_questions_to_dns_are_open_over_udp(box: Box) -> None:
    outside = {entry for entry in listeners(box, "--udp") if not is_loopback(entry[0])}
    assert ("0.0.0.0", 5060, "asterisk") in outside
    # PJSIP's resolver: one socket for each IP version, on ports of the system's choice, for answers
    rest = sorted(outside - {("0.0.0.0", 5060, "asterisk")})
    assert [(address, program) for address, _, program in rest] == [
        ("0.0.0.0", "asterisk"),
        ("::", "asterisk"),
    ]
    assert all(port >= 32768 for _, port, _ in rest)


def test_there_is_no_web_server_in_asterisk(box: Box) -> None:
    assert "Server Disabled" in box.asterisk("http show status")
