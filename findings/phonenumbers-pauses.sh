#!/bin/bash
# phonenumbers takes a password after two pauses for an extension, refuses it in a link, and dials the word "poste".
#
# Packages: phonenumbers 9.0.43, Python 3.11.
# Expected: `+33970000600,,482913#` (a number, two pauses, a password, as phones dial it) is no telephone number, and
#   raises NumberParseException. In a `tel:` URI, where # must be written %23, the same holds. An extension is called
#   `poste` in French and is recognised.
# Instead: what follows the commas is the extension, and the number is valid. E.164 leaves it out without a word, and
#   the object differs from that of the number alone. With %23 the whole is refused. Of `poste 12` the letters are
#   pressed as on a keypad (p is 7, o is 6 ...) and appended to the number; `ext` and `int` are recognised.
# What it means: a line of an invitation that is pasted into a field for a number is accepted. Check that
#   `extension` is None, compare numbers in E.164, and cut a `tel:` link at the first comma before it is parsed.
#
# Seen: E.164, extension, is valid
#   +33970000600,,482913#: ('+33970000600', '482913', True)
#   tel:+33970000600,,482913: ('+33970000600', '482913', True)
#   tel:+33970000600,,482913%23: 'The string supplied did not seem to be a phone number.'
#   +33970000600 ext 12: ('+33970000600', '12', True)
#   +33970000600 poste 12: ('+339700006007678312', None, False)
#   equals the number alone: False

. "$(dirname "$0")/common.inc"

python_install phonenumbers==9.0.43

python - << 'END'
import phonenumbers
from expect import expect
from phonenumbers import PhoneNumberFormat


def read(text: str) -> object:
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException as error:
        return error._msg
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return e164, number.extension, phonenumbers.is_valid_number(number)


for text, wanted in {
    "+33970000600,,482913#": ("+33970000600", "482913", True),
    "tel:+33970000600,,482913": ("+33970000600", "482913", True),
    "tel:+33970000600,,482913%23": "The string supplied did not seem to be a phone number.",
    "+33970000600 ext 12": ("+33970000600", "12", True),
    "+33970000600 poste 12": ("+339700006007678312", None, False),
}.items():
    expect(text, read(text), wanted)
alone, longer = phonenumbers.parse("+33970000600"), phonenumbers.parse("+33970000600,,482913#")
expect("equals the number alone", alone == longer, False)
END
