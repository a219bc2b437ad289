#!/usr/bin/env bash
# Installs what building, showing and testing Cartwright needs and this machine lacks.
#   tests/setup.sh run    build; without a display also what `demo` needs
#   tests/setup.sh demo   build, virtual display, what verifies a bundle
#   tests/setup.sh test   all of it, and the tools of `make test`
# Says what it installs and why. With nothing to do it is silent and takes a fraction of a second.
set -euo pipefail
cd "$(dirname "$0")/.."

level=${1:-test}
stamps=target/setup
mkdir -p "$stamps"

say() { printf '[setup] %s\n' "$*"; }
refuse() { printf '[setup] Cannot go on: %s\n' "$*" >&2; exit 1; }

# at_least HAVE WANT: is version HAVE equal to or later than WANT?
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

# --- what only the person at this machine can provide ---------------------------------------------------------------
command -v cargo >/dev/null || refuse "cargo is not on the PATH. Install Rust 1.92 or later from https://rustup.rs, then start again."
cargo_version=$(cargo --version | cut -d ' ' -f 2)
at_least "$cargo_version" 1.92.0 || refuse "cargo is $cargo_version; Rust 1.92 or later is needed. With rustup: rustup update stable."
command -v node >/dev/null || refuse "node is not on the PATH. Install Node.js 20.19 or later from https://nodejs.org, then start again."
node_version=$(node --version | tr -d v)
at_least "$node_version" 20.19.0 || refuse "node is $node_version; Node.js 20.19 or later is needed (https://nodejs.org)."
command -v npm >/dev/null || refuse "npm is not on the PATH. It comes with Node.js (https://nodejs.org); some systems package it as npm."

# --- packages of the system: name, then why -------------------------------------------------------------------------
build_packages='
build-essential        the C compiler and linker that SQLCipher and Rust call
pkg-config             finds the libraries below
libssl-dev             OpenSSL, the cipher under SQLCipher
libwebkit2gtk-4.1-dev  the system web view that shows the window'
demo_packages='
xvfb                   a virtual display
xauth                  lets programs on to the virtual display
webkit2gtk-driver      drives the real window
dbus                   a session bus for the window
fonts-dejavu-core      a font for what the window manager and dialogs draw
age                    seals and opens bundles, independent of Cartwright
unzip                  opens bundles, independent of Cartwright
openssh-client         ssh-keygen verifies signatures, independent of Cartwright'
test_packages='
imagemagick            compares and crops screenshots
python3-venv           runs other people'\''s verifiers in target/venv
poppler-utils          reads the PDF files that Cartwright writes
sqlite3                shows that a site file is no plain database'

packages=$build_packages
case $level in
  run) if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then packages+=$demo_packages; fi ;;
  demo) packages+=$demo_packages ;;
  test) packages+=$demo_packages$test_packages ;;
  *) refuse "tests/setup.sh takes run, demo or test, not \"$level\"." ;;
esac

missing=()
if command -v dpkg-query >/dev/null; then
  present=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p')
  while read -r name why; do
    [ -z "$name" ] && continue
    grep -qx -- "$name" <<<"$present" && continue
    # pkgconf stands in for pkg-config where a system has replaced it.
    [ "$name" = pkg-config ] && command -v pkg-config >/dev/null && continue
    missing+=("$name")
    say "missing: $name – $why"
  done <<<"$packages"
elif [ -z "${CARTWRIGHT_PACKAGES_PRESENT:-}" ]; then
  refuse "this script installs packages with apt only (Debian 12, Ubuntu 24.04). Install what corresponds to these by hand, then set CARTWRIGHT_PACKAGES_PRESENT=1:$packages"
fi

if [ ${#missing[@]} -gt 0 ]; then
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || refuse "not root and no sudo here. As root: apt-get install --no-install-recommends ${missing[*]}"
    as_root=(sudo)
    say "sudo will be asked to install packages"
  fi
  apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o Dpkg::Use-Pty=0 "$@"; }
  say "apt-get update (what it says goes to $stamps/apt.log)"
  apt update -qq >"$stamps/apt.log" 2>&1 || say "apt-get update failed; trying with the lists that are here"
  say "apt-get install ${missing[*]} (one to five minutes)"
  if ! apt install -y --no-install-recommends "${missing[@]}" >>"$stamps/apt.log" 2>&1; then
    tail -n 15 "$stamps/apt.log" >&2
    refuse "apt-get could not install: ${missing[*]}. Its message stands above; all of it in $stamps/apt.log."
  fi
fi

# --- packages of the pages --------------------------------------------------------------------------------------------
if [ -f ui/package-lock.json ]; then
  # Native parts depend on the version of node: a new node installs afresh.
  wanted="$(sha256sum ui/package-lock.json | cut -d ' ' -f 1) $node_version"
  if [ ! -d ui/node_modules ] || [ "$(cat "$stamps/npm" 2>/dev/null)" != "$wanted" ]; then
    say "npm ci in ui/ – the pages' packages, as ui/package-lock.json lists them"
    rm -f "$stamps/npm"
    if ! npm --prefix ui ci --no-audit --no-fund --loglevel=error >"$stamps/npm.log" 2>&1; then
      # Registries that mirror only some systems lack optional packages of the others, and npm ci then takes the list
      # for incomplete. What is in the list is still installed as listed, hashes and all.
      say "npm ci refuses ($stamps/npm.log); npm install takes the same versions from the same list"
      npm --prefix ui install --no-save --no-audit --no-fund --loglevel=error ||
        refuse "npm could not install the pages' packages. Its message stands above."
    fi
    echo "$wanted" >"$stamps/npm"
  fi
else
  refuse "ui/package-lock.json is missing: this is not a whole checkout."
fi

# --- other people's verifiers -----------------------------------------------------------------------------------------
if [ "$level" = test ]; then
  python=/usr/bin/python3
  [ -x "$python" ] || python=$(command -v python3) || refuse "python3 is missing although python3-venv is installed."
  wanted="$(sha256sum tests/requirements.txt | cut -d ' ' -f 1) $python"
  if [ ! -x target/venv/bin/python ] || [ "$(cat "$stamps/venv" 2>/dev/null)" != "$wanted" ]; then
    say "python venv in target/venv – independent readers of what Cartwright writes: $(grep -v '^#' tests/requirements.txt | tr '\n' ' ')"
    rm -rf target/venv "$stamps/venv"
    "$python" -m venv target/venv
    target/venv/bin/python -m pip install --quiet --disable-pip-version-check --prefer-binary --requirement tests/requirements.txt ||
      refuse "pip could not install the packages of tests/requirements.txt. Its message stands above."
    echo "$wanted" >"$stamps/venv"
  fi
fi
