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
#    2  RUN is no night's run; nothing is mailed
#   65  the manifest is the one of another night, or of another run than the named one
#   75  another night is still running, the manifest changed during this one, or the mail could not be
#       handed over
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
# the same status. What stands in it before its stages is told.
summary() {
  if [ -z "$report" ]; then return 0; fi
  tail -n 1 -- "$report" | grep "\"summary\":.*\"code\": $1," | sed 's/"stages".*//' || :
}

# count SUMMARY NAME: nothing where it has no such number, as that of an older secshare.
count() { printf '%s\n' "$1" | sed -n "s/.*\"$2\": \([0-9][0-9]*\).*/\1/p"; }

# Of a summary only pairs of a plain word and a number pass: whatever text it may come to hold, none of
# it is mailed.
numbers() {
  printf '%s\n' "$1" | grep -oE '"[a-z_0-9]+": [0-9]+(\.[0-9]+)?' |
    sed -e '/^"code"/d' -e 's/^"\([0-9][0-9]*\)":/failed with \1:/' -e 's/"//g'
}

# The journal's head. Kept in another machine's mailbox, it shows a journal that was cut or written
# anew: secshare journal verify --expect HEAD.
journal() {
  "$secshare" journal head --practice "$NIGHTLY_PRACTICE" </dev/null 2>/dev/null |
    grep -xE '[0-9]+-[0-9a-f]+' | sed 's/^/journal: /'
}

is_dry_run() { grep '^{"report":' "$report" | tail -n 1 | grep -q '"dry_run": true'; }

# meaning WORD: its line of meanings.txt.
meaning() { grep "^$1|" "$here/meanings.txt" || grep '^other|' "$here/meanings.txt"; }

# say WORD [NUMBER]: what it means, a line in French and one in English.
say() {
  IFS='|' read -r _ _ french english <<MEANING
$(meaning "$1")
MEANING
  printf '%s\n%s\n' "$french${2:+ $2}" "$english${2:+ $2}"
}

# tell STATUS: mail what it means, and the numbers of the report if the command wrote one.
tell() {
  word=$1
  summary=$(summary "$1")
  former=$(count "$summary" former)
  former=${former:-0}
  differing=$(count "$summary" differing)
  differing=${differing:-0}
  if [ -n "$report" ]; then
    case $1 in
      # A try that is forgotten in the settings would look like a night on which all went well. So would
      # a night that left shares in the outbox which nobody asks for any more, or one of two that may be
      # for a wrong address.
      0 | 60)
        if is_dry_run; then
          word=dry-run
        elif [ -n "$changed" ]; then
          word=changed
        elif [ "$former" -gt 0 ]; then
          word=former
        elif [ "$differing" -gt 0 ]; then
          word=doubled
        fi
        ;;
      3 | 15) word=other ;; # they mean that nothing was begun, and it was
      *) ;;
    esac
  fi
  urgency=$(meaning "$word" | cut -d '|' -f 2)
  if [ "$urgency" = quiet ] && [ "${NIGHTLY_QUIET:-no}" = yes ]; then return 0; fi
  subject="secshare $run: $word"
  if [ "$word" = other ]; then subject="secshare $run: $1"; fi
  if [ "$urgency" = urgent ]; then subject="URGENT $subject"; fi
  prepared=$(count "$summary" prepared)
  already=$(count "$summary" already)
  standing=$(count "$summary" standing)
  {
    printf 'From: %s\nTo: %s\nSubject: %s\n' "$NIGHTLY_FROM" "$NIGHTLY_TO" "$subject"
    printf 'Date: %s\n' "$(LC_ALL=C date '+%a, %d %b %Y %H:%M:%S %z')"
    printf 'Message-ID: <%s.%d@%s>\n' "$(date '+%Y%m%d%H%M%S')" "$$" "${NIGHTLY_FROM#*@}"
    if [ "$urgency" = urgent ]; then printf 'Importance: high\n'; fi
    printf 'Auto-Submitted: auto-generated\nMIME-Version: 1.0\n'
    printf 'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n'
    case $word in
      former | doubled) if [ "$1" != 0 ]; then say "$1"; fi ;;
      *) say "$word" ;;
    esac
    if [ -n "$changed" ] && [ "$word" != changed ]; then say changed; fi
    if [ "$former" -gt 0 ]; then say former "$former"; fi
    if [ "$differing" -gt 0 ]; then say doubled "$differing"; fi
    # What an earlier start of the night sealed stands, though this one may not have come to it.
    if [ "${standing:-0}" -gt $((${prepared:-0} + ${already:-0} + former)) ]; then
      say standing "$standing"
    fi
    printf '\nrun: %s\nstatus: %s\n' "$run" "$1"
    if [ -n "$report" ]; then printf 'report: %s\n' "$report"; fi
    numbers "$summary"
    journal || :
  } | deliver
}

# --- the night ------------------------------------------------------------------------------------

# Each line of this file is a manifest, by its digest, and a run that sealed of it, or may have.
seen=$NIGHTLY_STATE/manifests

# The manifest's digest; nothing where there is none, or none that can be read.
digest() { if [ -r "$NIGHTLY_MANIFEST" ]; then sha256sum <"$NIGHTLY_MANIFEST" | cut -d ' ' -f 1; fi; }

# Say whether the manifest is another run's, and not this one's. Then the export was not made again, or
# a person gave the wrong name: everything in it would be sealed a second time.
seen_elsewhere() {
  grep -q "^$manifest " "$seen" && ! grep -qxF "$manifest $run" "$seen"
}

# Say whether the run may have sealed something. Nothing did that wrote no report, nor that sums up to
# nothing; a command that was killed says neither.
may_have_sealed() {
  if [ "$(cut -d ' ' -f 2- "$seen" | grep -cxF -e "$run" || :)" -gt 1 ]; then return 0; fi
  if [ -z "$report" ]; then return 1; fi
  summary=$(summary "$1")
  if [ -z "$summary" ]; then return 0; fi
  for name in prepared already standing; do
    found=$(count "$summary" "$name")
    if [ "${found:-0}" != 0 ]; then return 0; fi
  done
  return 1
}

mkdir -p "$NIGHTLY_STATE"
run=nuit-$(date +%Y-%m-%d)
report=
changed=
if [ "${1:-}" = --failed ]; then
  tell failed
  exit
fi

# A slip of the hand would be a new run; and the run stands in the mail, which names nobody.
case ${1-$run} in
  nuit-[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]) run=${1-$run} ;;
  *)
    fail 'RUN is called as the night was, such as nuit-2026-11-22'
    exit 2
    ;;
esac

# Held by this script and by the command it starts, until both have ended, however they end.
exec 9>"$NIGHTLY_STATE/lock"
if ! flock -n 9; then
  tell 75 || fail 'the mail could not be handed over'
  exit 75
fi
rm -f "$NIGHTLY_STATE/told"

status=0
touch "$seen"
manifest=$(digest)
if [ -n "$manifest" ] && seen_elsewhere; then
  status=65
else
  # Asked to stop, the command finishes what is in flight; this script waits, and still tells.
  trap : INT TERM HUP
  # Before the command, for a power cut; taken back where it is known to have sealed nothing.
  line=
  if [ -n "$manifest" ] && ! grep -qxF "$manifest $run" "$seen"; then
    line="$manifest $run"
    printf '%s\n' "$line" >>"$seen"
  fi
  report=$NIGHTLY_STATE/$run.jsonl # a run that goes on adds to its own
  before=$(cksum "$report" 2>/dev/null || :)
  # shellcheck disable=SC2086  # options are words
  "$secshare" batch "$NIGHTLY_MANIFEST" --practice "$NIGHTLY_PRACTICE" --run "$run" \
    --report "$report" --yes ${NIGHTLY_OPTIONS:-} </dev/null >/dev/null || status=$?
  if [ "$(cksum "$report" 2>/dev/null || :)" = "$before" ]; then report=; fi # an earlier start's
  # An export that was still being written, or came late. Started again, this run seals the rest of it;
  # another night's run would seal all of it, also what this one may have sealed.
  after=$(digest)
  if [ "$after" != "$manifest" ]; then changed=yes; fi
  if may_have_sealed "$status"; then
    if [ -n "$after" ] && ! grep -q "^$after " "$seen"; then printf '%s\n' "$after $run" >>"$seen"; fi
  elif [ -n "$line" ]; then
    grep -vxF "$line" "$seen" >"$seen.new" || :
    mv "$seen.new" "$seen"
  fi
fi
again=$changed
if tell "$status"; then
  : >"$NIGHTLY_STATE/told" # OnFailure has nothing to add
else
  fail "the mail could not be handed over; the night ended with $status"
  again=yes
fi
if [ -n "$again" ]; then
  case $status in 0 | 60) status=75 ;; *) ;; esac
fi
exit "$status"
