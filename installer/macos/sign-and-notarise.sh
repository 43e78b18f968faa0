#!/bin/sh
# Signs Motesklar.app, has Apple notarise it, and makes a disk image. Run on macOS; not run here.
#
#   SIGN_IDENTITY="Developer ID Application: Kommun (TEAMID)" NOTARY_PROFILE=motesklar \
#       installer/macos/sign-and-notarise.sh build/macos/Motesklar.app build/macos/motesklar-0.1.0.dmg
#
# The identity lies in the keychain. NOTARY_PROFILE is what `xcrun notarytool store-credentials` was told;
# nothing secret is kept here.
set -eu

app=${1:?"Name the app to sign."}
image=${2:?"Name the disk image to make."}
identity=${SIGN_IDENTITY:?"SIGN_IDENTITY names the identity in the keychain."}
profile=${NOTARY_PROFILE:?"NOTARY_PROFILE names the stored credentials of notarytool."}
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
[ -d "$app" ] || { echo "There is no app $app." >&2; exit 2; }
for program in codesign xcrun hdiutil spctl; do
    command -v "$program" >/dev/null || { echo "$program is missing: this runs on macOS with Xcode's tools." >&2; exit 2; }
done

# From the inside out: every library, then the app with its entitlements.
find "$app/Contents" -type f \( -name '*.dylib' -o -name '*.so' -o -perm -u+x \) -print0 |
    xargs -0 -n 1 codesign --force --timestamp --options runtime --sign "$identity"
find "$app/Contents" -type d -name '*.framework' -print0 |
    xargs -0 -n 1 codesign --force --timestamp --options runtime --sign "$identity"
codesign --force --timestamp --options runtime --entitlements "$here/entitlements.plist" --sign "$identity" "$app"
codesign --verify --deep --strict --verbose=2 "$app"

staged=$(mktemp -d)
trap 'rm -rf "$staged"' EXIT
ditto "$app" "$staged/Motesklar.app"
ln -s /Applications "$staged/Applications"
hdiutil create -volname Motesklar -srcfolder "$staged" -ov -format UDZO "$image"
codesign --force --timestamp --sign "$identity" "$image"

xcrun notarytool submit "$image" --keychain-profile "$profile" --wait
xcrun stapler staple "$image"
xcrun stapler validate "$image"
spctl --assess --type open --context context:primary-signature --verbose=2 "$image"
echo "Signed and notarised: $image"
