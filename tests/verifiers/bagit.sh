#!/usr/bin/env bash
# Asks the Library of Congress's own program whether an unpacked bundle is a valid BagIt bag.
# Usage: bagit.sh BUNDLE.cwb.zip. The program is installed into target/venv when it is not there yet.
set -euo pipefail

bundle=$(realpath "$1")
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
venv=$root/target/venv
mkdir -p "$root/target"
(
  flock 9
  [ -x "$venv/bin/python" ] || python3 -m venv "$venv"
  "$venv/bin/python" -c 'import bagit' 2> /dev/null || "$venv/bin/pip" install --quiet --disable-pip-version-check bagit==1.9.0 setuptools
) 9> "$root/target/venv.lock"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unzip -q "$bundle" -d "$work"
"$venv/bin/python" -m bagit --validate "$work"/*/
