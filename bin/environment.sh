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

# Root makes the folder open to be walked through, because the database below it belongs to another user.
make_var() {
    [[ -d $PORTICO_VAR ]] || install -d -m 0755 -- "$PORTICO_VAR" 2>/dev/null ||
        fail "cannot make $PORTICO_VAR; set PORTICO_VAR to a folder that $(id -un) may write to"
    [[ -w $PORTICO_VAR ]] || fail "$(id -un) may not write to $PORTICO_VAR; set PORTICO_VAR to another folder"
}

# The key that signs tenant tickets and the one behind sessions and form tokens: made once, 64 random bytes each in hex.
# ln refuses to replace, so two first starts at once end up with the same secret.
make_secrets() {
    local name file fresh
    make_var
    install -d -m 0700 -- "$PORTICO_VAR/secrets"
    for name in ticket.key session.key; do
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
}
