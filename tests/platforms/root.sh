# Sourced by the scripts beside it: Debian 13 in a folder, which they run commands in. Needs root; everything mounted ends with the command.
set -euo pipefail
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
platforms=${XDG_CACHE_HOME:-$HOME/.cache}/fixupnet/platforms
pristine=$platforms/debian13
passed=0 failed=0

say() { printf '%s\n' "$*" >&2; }
fail() { say "${0##*/}: $2"; exit "$1"; }

# Why this machine cannot do it; silent where it can.
why_not() {
  if [[ $(id -u) -ne 0 ]]; then echo 'it needs root, for mounts and chroot'
  elif [[ $(uname -sm) != 'Linux x86_64' ]]; then echo 'it needs Linux on x86-64'
  elif ! command -v debootstrap >/dev/null && ! command -v apt-get >/dev/null; then echo 'debootstrap is missing, and there is no apt-get to install it'
  elif ! unshare --mount --pid --fork true 2>/dev/null; then echo 'mount namespaces are not allowed here'
  elif ! command -v dotnet >/dev/null; then echo 'the .NET 10 SDK is missing (https://dot.net)'
  fi
}

is_whole() { [[ ! -e $1/debootstrap && $(cat "$1/etc/debian_version" 2>/dev/null) == 13* ]] && [[ -z $(chroot "$1" dpkg --audit 2>&1) ]]; }

# The smallest Debian 13, made once a machine and again when something in it is broken; nobody but debootstrap writes to it.
require_pristine() {
  local reason
  reason=$(why_not)
  [[ -z $reason ]] || fail 69 "$reason."
  mkdir -p "$platforms"
  exec 8>"$platforms/.lock"
  flock 8
  if ! is_whole "$pristine"; then
    command -v debootstrap >/dev/null || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends debootstrap; } >&2
    say "making $pristine (once, two minutes)"
    rm -rf "$pristine" "$pristine.new"
    debootstrap --variant=minbase trixie "$pristine.new" >"$platforms/debootstrap.log" 2>&1 || fail 69 "debootstrap failed; see $platforms/debootstrap.log"
    mv "$pristine.new" "$pristine"
  fi
  exec 8>&-
}

# Makes $root: a copy of FROM with a user, removed at the end.
copy_root() {
  root=$(mktemp -d -p "$platforms" run-XXXXXX)
  # Mounts are in namespaces of their own: what is removed here is the copy alone.
  trap 'rm -rf --one-file-system "$root"' EXIT
  trap 'exit 130' INT TERM
  cp -a "$1/." "$root/"
  chmod 755 "$root"
  chroot "$root" useradd --create-home --home-dir /srv/user --uid 1000 user
  # Only the names of this machine: what runs inside reaches no network before it is given a resolver.
  rm -f "$root/etc/resolv.conf"
  printf '127.0.0.1 localhost %s\n' "$(hostname)" >"$root/etc/hosts"
  mkdir -p "$root/usr/share/dotnet" "$root/packages"
  sdk=$(dirname "$(readlink -f "$(command -v dotnet)")")
  packages=${NUGET_PACKAGES:-$HOME/.nuget/packages}
}

allow_network() {
  cp -L /etc/resolv.conf "$root/etc/resolv.conf"
}

# inside USER COMMAND: in $root, in /srv/user, with the SDK and the packages of this machine, both read-only, and nothing else of it.
inside() {
  local id=0
  [[ $1 == root ]] || id=1000
  unshare --mount --pid --fork --kill-child bash -euc '
    root=$1 sdk=$2 packages=$3 id=$4
    mount --make-rprivate /
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    [[ ! -d /sys/kernel ]] || mount --rbind -o ro /sys "$root/sys"
    mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
    if [[ $sdk ]]; then mount --bind -o ro "$sdk" "$root/usr/share/dotnet"; fi
    if [[ -d $packages ]]; then mount --bind -o ro "$packages" "$root/packages"; fi
    exec chroot "$root" /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/share/dotnet LANG=C.UTF-8 \
      CI="${CI:-}" HOME="$([[ $id -eq 0 ]] && echo /root || echo /srv/user)" NUGET_PACKAGES=/packages \
      setpriv --reuid="$id" --regid="$id" --clear-groups bash -c "cd /srv/user; $5"' \
    _ "$root" "${with_sdk-$sdk}" "$packages" "$id" "$2" </dev/null
}

# check NAME COMMAND...: counts whether it succeeds, and says how long it took.
check() {
  local name=$1 start=$SECONDS
  shift
  if "$@"; then
    passed=$((passed + 1))
    say "passed: $name ($((SECONDS - start)) s)"
  else
    failed=$((failed + 1))
    say "FAILED: $name ($((SECONDS - start)) s)"
  fi
}
