# Shared by the scripts in this folder: finds a JDK 25 and installs what Debian packages provide.
# Source it: . "$(dirname "$0")/lib.sh"
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s\n' "$*" >&2; }
die() { say "$(basename "$0"): $*"; exit 1; }

is_jdk25() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] && grep -qE '^JAVA_VERSION="(2[5-9]|[3-9][0-9])' "$1/release"
}

# Sets JAVA_HOME: what is set already, else the first JDK 25 or newer below /usr/lib/jvm.
find_jdk() {
  local home
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/*; do
    if [ -n "$home" ] && is_jdk25 "$home"; then
      export JAVA_HOME=$home PATH=$home/bin:$PATH
      return
    fi
  done
  die "no JDK 25 found: set JAVA_HOME to one, or install one below /usr/lib/jvm (for example Debian's openjdk-25-jdk-headless or Temurin 25)"
}

# Sets GRAALVM_HOME: what is set already, else where the native-image of the PATH is.
find_graalvm() {
  local found
  if [ -z "${GRAALVM_HOME:-}" ]; then
    found=$(command -v native-image) || die "no native-image found: get GraalVM or Mandrel for JDK 25 from its makers, then set GRAALVM_HOME to its directory or put its bin/ on the PATH"
    GRAALVM_HOME=$(dirname "$(dirname "$(readlink -f "$found")")")
  fi
  [ -x "$GRAALVM_HOME/bin/native-image" ] || die "there is no bin/native-image in GRAALVM_HOME=$GRAALVM_HOME"
  "$GRAALVM_HOME/bin/native-image" --version | grep -qE '^native-image 25' ||
    die "Varve needs the native-image of a JDK 25; $GRAALVM_HOME has: $("$GRAALVM_HOME/bin/native-image" --version | head -1)"
  export GRAALVM_HOME
}

# Whether FILE is newer than everything it is built from.
up_to_date() {
  [ -e "$1" ] && [ -z "$(cd "$root" && find pom.xml core driver-* appliance \( -path '*/target' -o -path '*/src/test' \) -prune -o \
    -newer "$1" -type f -print -quit)" ]
}

# need PROGRAM:PACKAGE ...  installs the packages of the programs (or files, by their path) that are missing, where that is allowed.
need() {
  local pair missing=()
  for pair in "$@"; do
    command -v "${pair%%:*}" >/dev/null 2>&1 || [ -x "/usr/sbin/${pair%%:*}" ] || [ -r "${pair%%:*}" ] || missing+=("${pair##*:}")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    die "missing here: ${missing[*]} (Debian package names). Install them, or run this as root on Debian to have it done."
  fi
  say "installing ${missing[*]}"
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}")
  "${apt[@]}" >/dev/null 2>&1 || { apt-get update -qq >/dev/null && "${apt[@]}" >/dev/null; } ||
    die "could not install ${missing[*]}"
}

find_maven() {
  command -v mvn >/dev/null 2>&1 || need mvn:maven
}

# Builds the appliance where it is missing or older than its sources. Run in $root.
build_appliance() {
  local app=appliance/target/quarkus-app/quarkus-run.jar
  [ ! -e "$app" ] || [ -n "$(find pom.xml core driver-* appliance -path '*/target' -prune -o -newer "$app" -type f -print -quit)" ] ||
    return 0
  find_maven
  say "building (once, a minute or two)"
  mvn -q -DskipTests package >&2
  touch "$app"
}
