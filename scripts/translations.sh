#!/bin/sh
# Works on the web site's French catalogue (its source strings are English). Needs the virtual environment's bin on PATH.
#   translations.sh compile        make what the site reads
#   translations.sh update         bring the catalogue up to date with the source; then translate what is empty in it
#   translations.sh extract FILE   write the source's strings
set -eu
cd "$(dirname "$0")/.."

extract() {
    pybabel --quiet extract --mapping-file=webui/babel.cfg --keywords="RefusedError Text lazy_gettext _l" \
        --no-location --omit-header --sort-output --no-wrap --output-file="$1" .
}

case ${1:-} in
compile)
    # The catalogue has no header, which counts as fuzzy; that no string is, a test sees to.
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
