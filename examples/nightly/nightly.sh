#!/bin/sh
# One night without anybody: seal what the manifest lists, then mail how it went, in numbers only.
#
#   nightly.sh            the run is named after today: started again today, it goes on
#   nightly.sh RUN        goes on with the run of another night, such as nuit-2026-11-22
#   nightly.sh --failed   mails that a night ended without having said so (for systemd's OnFailure)
#
# The settings are those of nightly.conf, in the environment; meanings.txt stands beside the script.
# docs/nightly.md says what a person does in the morning. It ends with the status of secshare, or:
#
#   65  the manifest is the one of another night: the export was not made again
#   75  another night is still running, or the mail could not be handed over
set -eu
umask 077

fail() { printf 'nightly: %s\n' "$*" >&2; }

: "${NIGHTLY_PRACTICE:?the practice folder: it is named, never searched for}"
: "${NIGHTLY_MANIFEST:?the manifest, CSV or XLSX}"
: "${NIGHTLY_STATE:?a folder of its own, for the reports and the lock}"
: "${NIGHTLY_TO:?the address of the administrator}"
: "${NIGHTLY_FROM:?the address that the mail comes from}"
secshare=${NIGHTLY_SECSHARE:-secshare}
here=$(dirname "$0")

# --- the mail -------------------------------------------------------------------------------------

# Read a whole message and hand it over. With NIGHTLY_SMTP it goes to that server, encrypted and
# with the server's certificate checked; without, to the machine's own mail system.
deliver() {
  if [ -n "${NIGHTLY_SMTP:-}" ]; then
    set -- --disable --silent --show-error --max-time 120 --ssl-reqd --crlf --upload-file - \
      --mail-from "$NIGHTLY_FROM" --mail-rcpt "$NIGHTLY_TO" --url "$NIGHTLY_SMTP"
    # A file, not a variable: everybody on the machine sees the arguments of a program.
    [ -z "${NIGHTLY_NETRC:-}" ] || set -- "$@" --netrc-file "$NIGHTLY_NETRC"
    [ -z "${NIGHTLY_CA:-}" ] || set -- "$@" --cacert "$NIGHTLY_CA"
    curl "$@"
  elif command -v sendmail >/dev/null; then
    sendmail -t -i
  else
    fail 'neither NIGHTLY_SMTP nor sendmail'
    return 1
  fi
}

# The last line of a report is the summary of the command that wrote it: of this one, if it ended with
# the same status. Of it only pairs of a plain word and a number pass: whatever text a summary may
# come to hold, none of it is mailed.
numbers() {
  if [ ! -s "$report" ]; then return 0; fi
  last=$(tail -n 1 -- "$report")
  case $last in
    *'"summary":'*"\"code\": $1,"*) ;;
    *) return 0 ;;
  esac
  printf '%s\n' "${last%%\"stages\"*}" | grep -oE '"[a-z_0-9]+": [0-9]+(\.[0-9]+)?' |
    sed -e '/^"code"/d' -e 's/^"\([0-9][0-9]*\)":/failed with \1:/' -e 's/"//g'
}

# The journal's head. Kept in another machine's mailbox, it shows a journal that was cut or written
# anew: secshare journal verify --expect HEAD.
journal() {
  "$secshare" journal head --practice "$NIGHTLY_PRACTICE" </dev/null 2>/dev/null |
    grep -xE '[0-9]+-[0-9a-f]+' | sed 's/^/journal: /'
}

# tell STATUS: mail what it means, and the numbers of the report if there is one.
tell() {
  IFS='|' read -r _ urgency french english <<MEANING
$(grep "^$1|" "$here/meanings.txt" || grep '^other|' "$here/meanings.txt")
MEANING
  if [ "$urgency" = quiet ] && [ "${NIGHTLY_QUIET:-no}" = yes ]; then return 0; fi
  subject="secshare $run: $1"
  if [ "$urgency" = urgent ]; then subject="URGENT $subject"; fi
  {
    printf 'From: %s\nTo: %s\nSubject: %s\n' "$NIGHTLY_FROM" "$NIGHTLY_TO" "$subject"
    printf 'Date: %s\n' "$(LC_ALL=C date '+%a, %d %b %Y %H:%M:%S %z')"
    printf 'Message-ID: <%s.%d@%s>\n' "$(date '+%Y%m%d%H%M%S')" "$$" "${NIGHTLY_FROM#*@}"
    if [ "$urgency" = urgent ]; then printf 'Importance: high\n'; fi
    printf 'Auto-Submitted: auto-generated\nMIME-Version: 1.0\n'
    printf 'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n'
    printf '%s\n%s\n\nrun: %s\nstatus: %s\n' "$french" "$english" "$run" "$1"
    if [ -n "$report" ]; then printf 'report: %s\n' "$report"; fi
    numbers "$1"
    journal || :
  } | deliver
}

# --- the night ------------------------------------------------------------------------------------

# Say whether the manifest was seen in another run, and remember it in this one. Then the export was
# not made again, and under tonight's name everything in it would be sealed a second time.
seen_elsewhere() {
  seen=$NIGHTLY_STATE/manifests
  digest=$(sha256sum <"$NIGHTLY_MANIFEST" | cut -d ' ' -f 1)
  touch "$seen"
  elsewhere=$(grep "^$digest " "$seen" | grep -cvxF "$digest $run" || :)
  if [ "$elsewhere" = 0 ] && ! grep -qxF "$digest $run" "$seen"; then
    printf '%s %s\n' "$digest" "$run" >>"$seen"
  fi
  [ "$elsewhere" != 0 ]
}

mkdir -p "$NIGHTLY_STATE"
run=nuit-$(date +%Y-%m-%d)
report=
if [ "${1:-}" = --failed ]; then
  tell failed
  exit
fi

# Held by this script and by the command it starts, until both have ended, however they end.
exec 9>"$NIGHTLY_STATE/lock"
if ! flock -n 9; then
  tell 75 || fail 'the mail could not be handed over'
  exit 75
fi
rm -f "$NIGHTLY_STATE/told"

status=0
run=${1:-$run}
if [ -r "$NIGHTLY_MANIFEST" ] && seen_elsewhere && [ -z "${1:-}" ]; then
  status=65 # a run that a person names is theirs to know
else
  report=$NIGHTLY_STATE/$run.jsonl # a run that goes on adds to its own
  # Asked to stop, the command finishes what is in flight; this script waits, and still tells.
  trap : INT TERM HUP
  # shellcheck disable=SC2086  # options are words
  "$secshare" batch "$NIGHTLY_MANIFEST" --practice "$NIGHTLY_PRACTICE" --run "$run" \
    --report "$report" --yes ${NIGHTLY_OPTIONS:-} </dev/null >/dev/null || status=$?
fi
if tell "$status"; then
  : >"$NIGHTLY_STATE/told" # OnFailure has nothing to add
else
  fail "the mail could not be handed over; the night ended with $status"
  if [ "$status" = 0 ] || [ "$status" = 60 ]; then status=75; fi
fi
exit "$status"
