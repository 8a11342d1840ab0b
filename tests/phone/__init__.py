"""Real SIP phones for tests, which say tones and keys and know what they hear.

with Phone("10.1.2.3", username="101", password=secret, sounds=Sounds(root)) as alice:
    call = alice.call("600").answered(within=5)
    call.hears_music()
"""

from .call import Call, Status
from .link import PhoneError
from .phone import Phone
from .sounds import Sounds

__all__ = ["Call", "Phone", "PhoneError", "Sounds", "Status"]
