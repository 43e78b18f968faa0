#!/bin/sh
# Signs the MSI (Authenticode) with a certificate from outside; nothing secret is kept here.
#
#   SIGN_PKCS12=cert.p12 SIGN_PASSWORD_FILE=password.txt installer/windows/sign.sh motesklar-0.1.0-x64.msi
#   SIGN_PKCS11=pkcs11:... SIGN_CERTIFICATE=chain.pem installer/windows/sign.sh ...     # a token or an HSM
#
# SIGN_TIMESTAMP is the address of a time stamp server (RFC 3161), such as that of the certificate's issuer;
# without one the signature ends with the certificate. On Windows the same is done by
#   signtool sign /fd SHA256 /tr %SIGN_TIMESTAMP% /td SHA256 /a motesklar-0.1.0-x64.msi
set -eu

package=${1:?"Name the package to sign."}
signed="$package.signed"
[ -f "$package" ] || { echo "There is no file $package." >&2; exit 2; }
command -v osslsigncode >/dev/null || { echo "osslsigncode is missing. On Debian: apt-get install osslsigncode" >&2; exit 2; }

set -- sign -h sha256 -n "Mötesklar"
if [ -n "${SIGN_PKCS12:-}" ]; then
    set -- "$@" -pkcs12 "$SIGN_PKCS12"
    [ -z "${SIGN_PASSWORD_FILE:-}" ] || set -- "$@" -readpass "$SIGN_PASSWORD_FILE"
elif [ -n "${SIGN_PKCS11:-}" ]; then
    set -- "$@" -key "$SIGN_PKCS11" -certs "${SIGN_CERTIFICATE:?"SIGN_CERTIFICATE names the certificate and its chain."}"
else
    echo "Set SIGN_PKCS12, or SIGN_PKCS11 with SIGN_CERTIFICATE." >&2
    exit 2
fi
[ -z "${SIGN_TIMESTAMP:-}" ] || set -- "$@" -ts "$SIGN_TIMESTAMP"

trap 'rm -f "$signed"' EXIT
rm -f "$signed"
osslsigncode "$@" -in "$package" -out "$signed"
mv "$signed" "$package"
echo "Signed: $package"
