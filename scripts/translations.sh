#!/bin/sh
# Maintains the French catalogue of the web site, whose message ids are English. Needs the bin directory of the virtual
# environment on PATH.
#   translations.sh compile        compile the catalogue for the site
#   translations.sh update         add new messages of the source to the catalogue; translate the empty ones afterwards
#   translations.sh extract FILE   write all messages of the source to FILE
set -eu
cd "$(dirname "$0")/.."

extract() {
    pybabel --quiet extract --mapping-file=webui/babel.cfg --keywords="RefusedError Text lazy_gettext _l" \
        --no-location --omit-header --sort-output --no-wrap --output-file="$1" .
}

case ${1:-} in
compile)
    # pybabel counts a catalogue without a header as fuzzy. A test verifies that no message is fuzzy.
    pybabel --quiet compile --use-fuzzy --directory=webui/translations
    ;;
update)
    pot=$(mktemp)
    trap 'rm -f "$pot"' EXIT
    extract "$pot"
    pybabel --quiet update --input-file="$pot" --output-dir=webui/translations --no-fuzzy-matching \
        --ignore-obsolete --no-wrap --omit-header
    ;;
extract)
    extract "$2"
    ;;
*)
    echo "usage: $0 compile | update | extract FILE" >&2
    exit 2
    ;;
esac
