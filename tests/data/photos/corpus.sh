#!/usr/bin/env bash
# corpus.sh OUT: test files of other projects (pillow, exiv2, libpng, tiff, libheif, gdk-pixbuf, libjpeg-turbo), many of them hostile, out of Debian's source packages, into the folder OUT; each under its hash.
# Debian only; nothing of the system's own settings is changed. Done once for each version of this script.
set -euo pipefail
out=$1
version=$(sha256sum "$0" | cut -c1-16)
mkdir -p "$out"
exec 9>"$out/.lock"
flock 9
[ "$(cat "$out/.version" 2>/dev/null)" = "$version" ] && exit 0
rm -rf "$out/files" "$out/apt" "$out/packed"
mkdir -p "$out/files" "$out/apt/parts" "$out/apt/lists/partial" "$out/packed"
# Without the security archive, which keeps no sources of versions that it has replaced.
awk -v RS= -v ORS='\n\n' '!/security/' /etc/apt/sources.list.d/debian.sources 2>/dev/null | sed 's/^Types:.*/Types: deb-src/' >"$out/apt/parts/src.sources" || true
sed -n '/security/d; s/^deb /deb-src /p' /etc/apt/sources.list 2>/dev/null >"$out/apt/parts/src.list" || true
apt() { apt-get -qq -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$out/apt/parts" -o Dir::State::Lists="$out/apt/lists" -o APT::Sandbox::User=root "$@"; }
apt update
cd "$out/packed"
for package in pillow exiv2 libpng1.6 tiff libheif gdk-pixbuf libjpeg-turbo; do
  apt source --download-only "$package"
done
for tar in *.orig*.tar.*; do
  case $tar in *.asc) continue ;; esac
  mkdir -p "unpacked/$tar"
  tar -xf "$tar" -C "unpacked/$tar"
done
find unpacked -type f -size +0 -size -60M \( -iname '*.jp*g' -o -iname '*.png' -o -iname '*.gif' -o -iname '*.webp' -o -iname '*.tif*' -o -iname '*.hei*' -o -iname '*.avif' -o -iname '*.bmp' -o -iname '*.ico' \
  -o -iname '*.psd' -o -iname '*.jp2' -o -iname '*.exv' -o -iname '*.cr2' -o -iname '*.nef' -o -iname '*.dng' -o -iname '*.orf' -o -iname '*.raf' -o -iname 'crash-*' -o -iname 'oom-*' -o -iname 'timeout-*' -o -path '*/corpus/*' \
  -o -iname '*poc*' -o -iname '*.ppm' -o -iname '*.icns' -o -iname '*.tga' -o -iname '*.fli' -o -iname '*.dds' -o -iname '*.eps' -o -iname '*.pcx' -o -iname '*.mpo' -o -iname '*.xmp' -o -iname '*.svg' -o -path '*/test/data/*' -o -path '*/Tests/images/*' \) -print0 |
  while IFS= read -r -d '' file; do
    cp "$file" "$out/files/$(sha256sum "$file" | cut -c1-24)"
  done
cd "$out"
rm -rf apt packed
echo "$version" >.version
