# shellcheck shell=bash
# Sourced by the scripts beside it: where the project is, where its running data goes, and how to talk about it.

unset CDPATH
root="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)"

# Everything that running leaves behind lies in one folder, so that deleting it starts afresh.
PORTICO_VAR="${PORTICO_VAR:-$root/var}"
[[ $PORTICO_VAR == /* ]] || PORTICO_VAR="$PWD/$PORTICO_VAR"
export PORTICO_VAR

say() { printf '%s\n' "$*"; }
complain() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
fail() {
    complain "$@"
    exit 1
}

# Puts the Swift toolchain on the path if it stands in one of its usual places.
find_swift() {
    local folder
    for folder in "" "$HOME/.local/share/swiftly/bin" /opt/swift*/usr/bin /usr/local/swift*/usr/bin /usr/libexec/swift/bin; do
        if [[ -n $folder && -x $folder/swift ]]; then PATH="$PATH:$folder"; fi
        if command -v swift >/dev/null; then return 0; fi
    done
    return 1
}

# Root makes the folder open to be walked through, because the database below it belongs to another user.
make_var() {
    [[ -d $PORTICO_VAR ]] || install -d -m 0755 -- "$PORTICO_VAR" 2>/dev/null ||
        fail "cannot make $PORTICO_VAR; set PORTICO_VAR to a folder that $(id -un) may write to"
    [[ -w $PORTICO_VAR ]] || fail "$(id -un) may not write to $PORTICO_VAR; set PORTICO_VAR to another folder"
}

# The key that signs tenant tickets, the one behind sessions and form tokens, the one that seals secrets, the one that push services know the
# platform by: made once, 64 random bytes each in hex.
# ln refuses to replace, so two first starts at once end up with the same secret.
make_secrets() {
    local name file fresh
    make_var
    install -d -m 0700 -- "$PORTICO_VAR/secrets"
    for name in ticket.key session.key seal.key push.key; do
        file="$PORTICO_VAR/secrets/$name"
        [[ -s $file ]] && continue
        fresh="$(umask 077 && mktemp -- "$file.XXXXXX")"
        od -An -v -tx1 -N64 /dev/urandom | tr -d ' \n' >"$fresh"
        ln -- "$fresh" "$file" 2>/dev/null || true
        rm -f -- "$fresh"
        [[ -r $file ]] || fail "cannot read $file; it belongs to $(stat -c %U -- "$PORTICO_VAR/secrets")"
    done
    export PORTICO_TICKET_KEY_FILE="${PORTICO_TICKET_KEY_FILE:-$PORTICO_VAR/secrets/ticket.key}"
    export PORTICO_SECRET_FILE="${PORTICO_SECRET_FILE:-$PORTICO_VAR/secrets/session.key}"
    export PORTICO_SEAL_KEYS_FILE="${PORTICO_SEAL_KEYS_FILE:-$PORTICO_VAR/secrets/seal.key}"
    export PORTICO_PUSH_KEY_FILE="${PORTICO_PUSH_KEY_FILE:-$PORTICO_VAR/secrets/push.key}"
}

# Says who listens on the port, in words; false when it is free.
port_taken() {
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# Starts the private cluster, unless the caller brought a database, and exports the addresses the server reads. It ends with
# the last script that uses it: `users` stays locked as long as this one runs, whatever ends it.
use_database() {
    make_secrets
    if [[ -n ${PORTICO_DATABASE_URL:-} ]]; then return; fi
    "$root/bin/postgres" start --while-used
    exec 8<"$PORTICO_VAR/postgres/users"
    flock -s 8
    PORTICO_DATABASE_URL="$("$root/bin/postgres" url)"
    PORTICO_ADMIN_URL="${PORTICO_DATABASE_URL/:\/\/\//://postgres@/}"
    export PORTICO_DATABASE_URL PORTICO_ADMIN_URL
    private_database=yes
}

release_database() {
    if [[ ${private_database:-} != yes ]]; then return; fi
    private_database=
    exec 8<&-
    "$root/bin/postgres" stop --if-unused
}

# Runs a command as a process group of its own, so that a signal to this script is heard while the command runs and reaches
# everything that the command started. The status is the command's.
running=
supervise() {
    set -m
    "$@" </dev/null 8>&- &
    running=$!
    set +m
    local status=0
    wait "$running" || status=$?
    running=
    return "$status"
}

# Asks what `supervise` runs to end, gives it the time to do so in order, then insists.
end_running() {
    local rounds
    [[ -n $running ]] || return 0
    kill -TERM -- "-$running" 2>/dev/null || true
    for ((rounds = 0; rounds < 400; rounds++)); do
        kill -0 -- "-$running" 2>/dev/null || break
        sleep 0.05
    done
    kill -KILL -- "-$running" 2>/dev/null || true
    running=
}
