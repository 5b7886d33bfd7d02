#!/usr/bin/env bash
# Writes the fonts of the pages again (`npm run fonts`): Latin with its signs, weights 400 to 700, without hints.
# Overpass has a middle dot that does not stand in the middle, and a grave accent that stands on the next letter, so those
# signs are the machine's.
# Both are under the SIL Open Font License 1.1, which lies beside each.
set -euo pipefail
cd "$(dirname "$0")"

UNICODES=20-5F,61-7E,A0-B6,B8-FF,131,152-153,2010-2015,2018-201A,201C-201E,2020-2022,2026,202F,2030,2032-2033,2039-203A
UNICODES+=,20AC,2122,2190-2193,2212,2248,2260,2264-2265
FEATURES=ccmp,kern,liga,locl,mark,mkmk,tnum

fonttools() { ../../.venv/bin/uv tool run --from 'fonttools[woff]==4.68.0' --with brotli==1.2.1 fonttools "$@"; }

work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
for name in literata overpass; do
    package=../node_modules/@fontsource-variable/$name
    fonttools subset "$package/files/$name-latin-wght-normal.woff2" --unicodes="$UNICODES" \
        --layout-features="$FEATURES" --no-hinting --glyph-names --no-recalc-timestamp --output-file="$work/$name.ttf"
    fonttools varLib.instancer "$work/$name.ttf" wght=400:700 --no-recalc-timestamp --quiet -o "$work/$name-400-700.ttf"
    fonttools ttLib.woff2 compress -o "$name.woff2" "$work/$name-400-700.ttf"
    cp "$package/LICENSE" "$name-LICENSE.txt"
done
