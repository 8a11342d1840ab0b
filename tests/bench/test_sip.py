from __future__ import annotations

import pytest

from tests.bench import sip

BYE = (
    b"BYE sip:bench@10.0.0.1:5 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.2;branch=a\r\n"
    b"Via: SIP/2.0/UDP 10.0.0.3;branch=b\r\n"
    b"From: <sip:1@a>;tag=x\r\nTo: <sip:2@b>;tag=y\r\nCall-ID: c\r\nCSeq: 7 BYE\r\n\r\n"
)


def test_a_request_is_answered_along_the_way_it_came() -> None:
    answer = sip.parse(sip.answer(sip.parse(BYE)))
    assert answer.status == 200
    assert answer.method == "BYE"
    assert answer.vias == ["SIP/2.0/UDP 10.0.0.2;branch=a", "SIP/2.0/UDP 10.0.0.3;branch=b"]
    assert (answer.headers["call-id"], answer.headers["to"]) == ("c", "<sip:2@b>;tag=y")


def test_what_is_not_sip_is_refused() -> None:
    with pytest.raises(ValueError, match="not SIP"):
        sip.parse(b"\x80\x08\x00\x01")


def test_the_offer_names_where_sound_is_wanted() -> None:
    assert sip.media(sip.offer("10.0.0.1", 4000)) == ("10.0.0.1", 4000)
    with pytest.raises(ValueError, match="no sound"):
        sip.media("v=0\r\n")


def test_the_digest_is_that_of_rfc_2617_without_qop() -> None:
    challenge = 'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'
    proof = sip.authorization(challenge, "GET", "/dir/index.html", "Mufasa", "Circle Of Life")
    assert 'response="670fd8c2df070c60b045671b8b24ff02"' in proof


def test_with_qop_a_count_and_a_nonce_of_ours_go_along() -> None:
    challenge = 'Digest realm="pont",nonce="1/2",opaque="3",algorithm=MD5,qop="auth"'
    proof = sip.authorization(challenge, "INVITE", "sip:600@box", "trunk", "secret")
    assert 'opaque="3"' in proof
    assert "qop=auth, nc=00000001, cnonce=" in proof
    assert "secret" not in proof


def test_a_contact_may_have_a_name_and_parameters() -> None:
    assert sip.address_of("box <sip:10.0.0.2:5060>;expires=3") == "sip:10.0.0.2:5060"
    assert sip.address_of("sip:10.0.0.2:5060;ob") == "sip:10.0.0.2:5060"
