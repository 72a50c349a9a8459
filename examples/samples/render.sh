#!/bin/sh
# Render the sample pictures from their drawings in src/.
#
# Needs rsvg-convert, netpbm and libjpeg-turbo's tools (Debian: librsvg2-bin netpbm libjpeg-turbo-progs webp).
# The same versions give the same bytes; other versions may differ in a few pixels.
#
#   ./render.sh [FOLDER]      writes into FOLDER; by default beside this script
set -eu

here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here}
mkdir -p "$out"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for tool in rsvg-convert pngtopnm pnmquant pnmtopng cjpeg jpegtran cwebp; do
    command -v "$tool" >/dev/null || {
        echo "render.sh: $tool is missing; on Debian: apt-get install librsvg2-bin netpbm libjpeg-turbo-progs webp" >&2
        exit 1
    }
done

# pixels NAME WIDTH: the drawing as raw pixels
pixels() {
    rsvg-convert -w "$2" "$here/src/$1.svg" | pngtopnm >"$work/$1.ppm"
}

# jpeg NAME WIDTH [OPTION...]: options of cjpeg
jpeg() {
    name=$1
    pixels "$name" "$2"
    shift 2
    cjpeg -quality 86 -optimize "$@" "$work/$name.ppm" >"$out/$name.jpg"
}

# palette NAME WIDTH: a PNG of 256 colours, dithered
palette() {
    pixels "$1" "$2"
    pnmquant -quiet -floyd 256 "$work/$1.ppm" | pnmtopng -quiet -compression 9 >"$out/$1.png"
}

# exif_turned NAME: stored lying on its side, with the EXIF note (orientation 6) that says so
exif_turned() {
    pixels "$1" "$2"
    cjpeg -quality 86 "$work/$1.ppm" | jpegtran -rotate 270 -optimize >"$work/$1.jpg"
    {
        printf '\377\330\377\341\000\042Exif\000\000MM\000\052\000\000\000\010\000\001\001\022\000\003\000\000\000\001\000\006\000\000\000\000\000\000'
        tail -c +3 "$work/$1.jpg"
    } >"$out/$1.jpg"
}

jpeg tabby 640
jpeg black-cat 640 -progressive
jpeg grey-cat 640
jpeg two-cats 900
exif_turned tuxedo 640
palette siamese 640
palette ginger-kitten 480

jpeg dog 640
jpeg house 800
jpeg lake 900 -progressive
jpeg bicycle 720 -grayscale
palette owl 480
pixels teapot 520
pnmtopng -quiet -compression 9 -interlace "$work/teapot.ppm" >"$out/teapot.png"

# What must be refused. A WebP under a JPEG's name, half a PNG, and a text file under a PNG's name.
pixels grey-cat 480
pnmtopng -quiet "$work/grey-cat.ppm" >"$work/grey-cat.png"
cwebp -quiet -q 80 "$work/grey-cat.png" -o "$out/daisy.jpg"
head -c 40000 "$out/ginger-kitten.png" >"$out/half-a-kitten.png"
printf 'Feed the cats at seven. The grey one gets the blue bowl.\n' >"$out/notes.png"
