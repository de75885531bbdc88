#!/usr/bin/env bash
# A night run without anybody: seal what stands in SPOOL/WHO/ for each recipient WHO (an id).
#
#   night.sh PRACTICE SPOOL REPORT
#
# What is sealed moves to SPOOL/WHO/sealed/; what is not stays where it is, for somebody to look at
# in the morning. REPORT gets one JSON line a document: the status, the reference and the file's
# number in the run; no name of a document, no secret. The script fails if one document did.
#
# --yes confirms the person, and nothing else: a document that is not theirs, or a contact or a key
# that changed since the last share, fails with 30 here, and somebody has to look at it.
set -uo pipefail
practice=$1
spool=$2
report=$3
number=0
failed=0

while IFS= read -r -d '' document; do
  number=$((number + 1))
  who=$(basename "$(dirname "$document")")
  # With no terminal nothing is asked; stdout is one JSON document, stderr two lines for people.
  sealed=$(secshare seal "$document" --to "$who" --practice "$practice" --yes --json </dev/null)
  status=$?
  reference=null
  if [[ $status == 0 ]]; then
    reference=$(python3 -c 'import json, sys; print(json.dumps(json.load(sys.stdin)["reference"]))' \
      <<<"$sealed")
    mkdir -p "$(dirname "$document")/sealed"
    mv -n -- "$document" "$(dirname "$document")/sealed/"
  else
    failed=1
  fi
  printf '{"document": %d, "status": %d, "reference": %s}\n' "$number" "$status" "$reference" \
    >>"$report"
done < <(find "$spool" -mindepth 2 -maxdepth 2 -type f -print0 | sort -z)

exit "$failed"
