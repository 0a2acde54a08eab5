# Shared by the scripts in this folder: a place to work in, a btrfs filesystem, the appliance, jobs that take turns, medians
# and promises. Source it: . "$(dirname "$0")/lib.sh"
. "$(dirname "${BASH_SOURCE[0]}")/../dev/lib.sh"
case ${1:-} in -h | --help) sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//p}' "$0"; exit 0 ;; esac

bench=$root/bench
mkdir -p "${BENCH_DIR:=/var/tmp}"
work=$(mktemp -d "$BENCH_DIR/varve-bench.XXXXXX")
table=${BENCH_TABLE:-$work/table}
socket=$work/varve.sock
appliance=
failed=0

clean_up() {
  local status=$? mounted
  [ -z "$appliance" ] || { kill "$appliance" 2>/dev/null && wait "$appliance" 2>/dev/null; } || true
  ! declare -F stop_peers >/dev/null || stop_peers
  for mounted in $(awk -v below="$work/" 'index($2, below) == 1 { print $2 }' /proc/mounts | sort -r); do
    umount "$mounted" || umount --lazy "$mounted" || true
  done
  rm -rf --one-file-system "$work" "${memory:-}"
  exit "$status"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

require_root() { [ "$(id -u)" = 0 ] || die "needs root: it mounts filesystems and takes btrfs snapshots"; }

# The program that times, compiled here.
make_timer() {
  need gcc:gcc
  gcc -O2 -o "$work/timer" "$bench/timer.c" || die "cannot compile bench/timer.c: install libc6-dev"
}

# make_btrfs NAME SIZE [DIRECTORY]  a new filesystem in a sparse file, mounted at $work/NAME.
make_btrfs() {
  need mkfs.btrfs:btrfs-progs losetup:mount
  truncate -s "$2" "${3:-$work}/$1.image"
  mkdir "$work/$1"
  mkfs.btrfs --quiet "${3:-$work}/$1.image"
  mount -o loop,noatime "${3:-$work}/$1.image" "$work/$1"
}

# A directory in memory, for filesystems whose disk shall not count; sets $memory.
make_memory() { memory=$(mktemp -d /dev/shm/varve-bench.XXXXXX); }

# start_appliance DRIVER ROOT [OPTIONS]  one store "default"; OPTIONS as in {name: value, ...}. VARVE_PROGRAM names another
# build, such as the native binary.
start_appliance() {
  local program=(${VARVE_PROGRAM:-})
  if [ ${#program[@]} = 0 ]; then
    find_jdk
    (cd "$root" && build_appliance)
    program=("$JAVA_HOME/bin/java" "@$root/dev/java-options" -jar "$root/appliance/target/quarkus-app/quarkus-run.jar")
  fi
  need curl:curl
  printf 'stores:\n  - { name: default, driver: %s, root: "%s", options: {%s} }\n' "$1" "$2" "${3:-}" > "$work/varve.yaml"
  (cd "$root" && exec env VARVE_HOME="$work" VARVE_STATE_DIR="$work/state" VARVE_SOCKET="$socket" VARVE_HTTP_PORT=$((20000 + RANDOM % 20000)) \
    "${program[@]}" serve --config "$work/varve.yaml" 2> "$work/appliance.log") &
  appliance=$!
  local tries
  for tries in $(seq 300); do
    ! curl -sf --unix-socket "$socket" http://varve/q/health/ready >/dev/null 2>&1 || return 0
    kill -0 "$appliance" 2>/dev/null || { cat "$work/appliance.log" >&2; die "the appliance ended"; }
    sleep 0.2
  done
  cat "$work/appliance.log" >&2
  die "the appliance does not get ready"
}

# Ends it, so that another build can be started on the same state.
stop_appliance() {
  kill "$appliance" && wait "$appliance" || die "the appliance ended badly"
  appliance=
}

# job KEY VERB FIELD...  one line for the timer (see timer.c); http without socket: request KEY METHOD PATH BODY [SINK].
job() { local IFS=$'\t'; printf '%s\n' "$*"; }
request() { job "$1" http "$socket" "$2" "/api/v1$3" "$4" "${5:--}"; }
volumes=/stores/default/volumes

# Runs the jobs of standard input in their order; their times are added to $work/times.
take_turns() { "$work/timer" >> "$work/times" || die "a job failed"; }

forget_times() { : > "$work/times"; }

# median KEY  in milliseconds.
median() {
  awk -F '\t' -v key="$1" '$1 == key { print $2 }' "$work/times" | sort -n |
    awk '{ t[NR] = $1 } END { if (NR == 0) exit 1; printf "%.3f", (t[int((NR + 1) / 2)] + t[int(NR / 2) + 1]) / 2e6 }'
}

ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f", a / b }'; }

row() { printf '%s\t%s\t%s\t%s\t%s\n' "$(basename "$0")" "$@" | tee -a "$table" >&2; }

# figure WHAT MILLISECONDS
figure() { row "$1" "$2 ms" "" ""; }

# note WHAT TEXT
note() { row "$1" "$2" "" ""; }

# promise WHAT NUMBER UNIT (most|least) LIMIT  a figure that must hold.
promise() {
  local sign='<=' verdict=holds
  [ "$4" = most ] || sign='>='
  if ! awk -v n="$2" -v l="$5" -v s="$4" 'BEGIN { exit !(s == "most" ? n <= l : n >= l) }'; then
    verdict=MISSED failed=1
  fi
  row "$1" "$2 $3" "$sign $5 $3" "$verdict"
}

# Ends a script: prints its table unless bench/run collects it; status 1 where a promise was missed.
finish() {
  [ -n "${BENCH_TABLE:-}" ] || print_table "$table"
  exit "$failed"
}

print_table() { { printf 'bench\twhat\tmeasured\tpromised\tverdict\n'; cat "$1"; } | column -t -s $'\t'; }

# make_bus CONFIG  snapper over D-Bus, where a bus runs or can be started here: sets bus, empty where not, and snapperd, its process
# where it was not there before.
make_bus() {
  local before
  bus=
  snapperd=
  if [ -S /run/dbus/system_bus_socket ] && dbus-send --system --dest=org.freedesktop.DBus --print-reply / \
    org.freedesktop.DBus.ListNames >/dev/null 2>&1; then
    bus=there
  else
    mkdir -p /run/dbus
    rm -f /run/dbus/pid
    bus=$(dbus-daemon --system --fork --print-pid 2>/dev/null) || bus=
  fi
  if [ -n "$bus" ]; then
    before=$(pgrep -x snapperd || true)
    if snapper -c "$1" list >/dev/null 2>&1; then
      [ -n "$before" ] || snapperd=$(pgrep -x snapperd || true)
    else
      bus=
    fi
  fi
  [ -n "$bus" ] || say "no D-Bus here: snapper is measured with --no-dbus alone"
}

end_bus() {
  case ${bus:-} in '' | there) ;; *) kill "$bus" 2>/dev/null || true ;; esac
  [ -z "${snapperd:-}" ] || kill "$snapperd" 2>/dev/null || true
}
