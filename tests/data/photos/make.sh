#!/usr/bin/env bash
# make.sh OUT: pictures of every format, made by libvips' own tools, and hostile files, into the folder OUT. The same files each time; done once for each version of these scripts.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=$1
version=$(cat "$here"/make.sh "$here"/make.py | sha256sum | cut -c1-16)
mkdir -p "$out"
exec 9>"$out/.lock"
flock 9
[ "$(cat "$out/.version" 2>/dev/null)" = "$version" ] && exit 0
rm -rf "$out/pictures" "$out/hostile" "$out/.version"
mkdir -p "$out/pictures" "$out/hostile"
cd "$out/pictures"
# Something with slopes, edges and noise, as a photo has.
vips perlin slopes.v 1200 800 --cell-size 300 --seed 1 2>/dev/null
vips worley edges.v 1200 800 --cell-size 90 --seed 2
vips gaussnoise noise.v 1200 800 --mean 0 --sigma 6 --seed 3
vips linear slopes.v a.v 100 128
vips linear edges.v b.v 1.2 20
vips add a.v noise.v c.v
vips add b.v noise.v d.v
vips bandjoin "c.v d.v a.v" joined.v
vips cast joined.v bytes.v uchar
vips copy bytes.v rgb.v --interpretation srgb
rm -f slopes.v edges.v noise.v a.v b.v c.v d.v joined.v bytes.v
vips jpegsave rgb.v plain.jpg --Q 85 --strip
vips jpegsave rgb.v progressive.jpg --Q 85 --interlace --strip
vips jpegsave rgb.v p3.jpg --Q 92 --profile p3
vips colourspace rgb.v grey.v b-w
vips jpegsave grey.v grey.jpg --Q 85 --strip
vips icc_export rgb.v cmyk.v --output-profile cmyk 2>/dev/null && vips jpegsave cmyk.v cmyk.jpg --Q 85
vips pngsave rgb.v plain.png --strip
vips pngsave rgb.v interlaced.png --interlace --strip
vips extract_band rgb.v mask.v 0
vips bandjoin "rgb.v mask.v" alpha.v
vips pngsave alpha.v alpha.png --strip
vips gifsave rgb.v plain.gif
vips webpsave rgb.v plain.webp --Q 80 --strip
vips webpsave rgb.v lossless.webp --lossless --strip
vips webpsave alpha.v alpha.webp --Q 80 --strip
vips tiffsave rgb.v plain.tif --compression lzw --strip
vips heifsave rgb.v plain.heic --Q 60 --compression hevc --strip
vips heifsave rgb.v plain.avif --Q 60 --compression av1 --strip
rm -f ./*.v
cd ..
python3 "$here/make.py" pictures hostile
vips heifsave pictures/photo.jpg pictures/photo.heic --Q 60 --compression hevc
vips heifsave pictures/photo.jpg pictures/photo.avif --Q 60 --compression av1
echo "$version" >.version
