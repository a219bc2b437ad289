#!/usr/bin/env bash
# Checks a bundle with common tools only: unzip, find, ssh-keygen, sha256sum, diff, python3.
# Usage: recipe.sh BUNDLE.cwb.zip ALLOWED_SIGNERS PRINCIPAL
# ALLOWED_SIGNERS is the reader's own list; PRINCIPAL is the site's name in it. Exit 0: everything holds.
set -euo pipefail
export LC_ALL=C

[ $# -eq 3 ] || { echo "usage: recipe.sh BUNDLE ALLOWED_SIGNERS PRINCIPAL" >&2; exit 2; }
bundle=$(realpath "$1")
trust=$(realpath "$2")
principal=$3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
chain=$here/../../src-tauri/bundle/src/check_chain.py
commits=$here/check_commits.py

refuse() { echo "refused: $*" >&2; exit 1; }
verify() { # list principal namespace file signature
  [ -f "$5" ] || refuse "no $5"
  ssh-keygen -Y verify -f "$1" -I "$2" -n "$3" -s "$5" < "$4" > /dev/null 2>&1 || refuse "signature of $2 over $4"
}
named() { # the first name that the list has for the key of a signature
  ssh-keygen -Y find-principals -s "$2" -f "$1" 2> /dev/null | head -n 1
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unzip -q "$bundle" -d "$work" > /dev/null || refuse "not a zip"
[ "$(find "$work" -mindepth 1 -maxdepth 1 | wc -l)" -eq 1 ] || refuse "more than one folder"
cd "$work"/*/

[ -z "$(find . ! -type f ! -type d)" ] || refuse "links or special files"

list=tagmanifest-sha256.txt
verify "$trust" "$principal" cartwright-bundle-v1 $list signatures/bundle.site.sshsig

sha256sum -c --quiet --strict $list manifest-sha256.txt > /dev/null 2>&1 || refuse "a file differs from the signed list"
{ cut -c67- $list manifest-sha256.txt
  printf '%s\n' $list signatures/bundle.site.sshsig signatures/bundle.user.sshsig; } | sort > "$work/listed"
find . -type f | sed 's#^\./##' | sort | diff -q "$work/listed" - > /dev/null || refuse "files listed and files present differ"

# From here on everything is as the site signed it: the enclosed list of signers may be used.
enclosed=data/trust/allowed_signers
user=$(named $enclosed signatures/bundle.user.sshsig) || refuse "nobody known exported it"
verify $enclosed "$user" cartwright-bundle-v1 $list signatures/bundle.user.sshsig
site=$(named $enclosed signatures/bundle.site.sshsig) || refuse "the site is not in its own list"
for file in data/audit/checkpoints/*.txt; do
  [ -e "$file" ] || continue
  verify $enclosed "$site" cartwright-checkpoint-v1 "$file" "$file.sshsig"
done
for file in data/esignatures/*.json; do
  [ -e "$file" ] || continue
  who=$(python3 -c 'import json, sys; print(json.load(sys.stdin)["person"])' < "$file")
  verify $enclosed "$who" cartwright-esig-v1 "$file" "$file.sshsig"
done

python3 "$chain" || refuse "chain"
python3 "$commits" || refuse "commit signatures"
echo "good: $(basename "$PWD")"
