#!/usr/bin/env bash
# Mutation scores: Stryker changes the product's code in small ways, one at a time, and the tests must notice.
#
#   tests/mutation/run.sh [PART…]     the parts are the .json files here; without an argument, all of them
#
# Prints what share of each part's changes was noticed, and fails where it is less than the part's "break" threshold.
# The reports, with every change that went unnoticed, are artifacts/mutation/PART/reports/PART.html.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
root=$(cd "$here/../.." && pwd)
out=$root/artifacts/mutation
version=5.1.0
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
# The tests compute on tiny tensors, where a second thread costs more than it gives.
export OMP_NUM_THREADS=1

# Stryker puts changed assemblies in the place of the tested ones. It takes them away again, unless it is killed.
restore() {
  find "$root/artifacts" -path '*.Tests/*' -name '*.stryker-unchanged' -print0 2>/dev/null |
    while IFS= read -r -d '' original; do mv -f "$original" "${original%.stryker-unchanged}"; done
}
trap restore EXIT

mkdir -p "$out"
[[ -x $out/tool/dotnet-stryker ]] || dotnet tool install dotnet-stryker --version $version --tool-path "$out/tool" >"$out/install.log" 2>&1 ||
  { cat "$out/install.log" >&2; exit 1; }

parts=("$@")
[[ $# -gt 0 ]] || for config in "$here"/*.json; do parts+=("$(basename "$config" .json)"); done

status=0
for part in "${parts[@]}"; do
  rm -rf "${out:?}/$part"
  printf '%s: ' "$part" >&2
  (cd "$here" && nice "$out/tool/dotnet-stryker" --config-file "$part.json" --output "$out/$part" --skip-version-check --concurrency "$(nproc)") \
    >"$out/$part.log" 2>&1 || status=$?
  [[ -e $out/$part/reports/$part.json ]] || { tail -n 20 "$out/$part.log" >&2; exit 1; }
  printf 'done\n' >&2
done

# A change counts as noticed where a test fails or no longer ends; one that no test reaches counts as unnoticed.
for part in "${parts[@]}"; do
  printf '%s ' "$part"
  grep -o '"status":"[A-Za-z]*"' "$out/$part/reports/$part.json" | tr -d '"' | sort | uniq -c | tr '\n' ' '
  echo
done | awk '
  function print_score(name, noticed, total) { printf "%-16s %5.1f %%   %d of %d changes noticed\n", name, 100 * noticed / total, noticed, total }
  {
    noticed = total = 0
    for (i = 2; i < NF; i += 2) {
      if ($(i + 1) ~ /:(Killed|Timeout)$/) noticed += $i
      if ($(i + 1) ~ /:(Killed|Timeout|Survived|NoCoverage)$/) total += $i
    }
    print_score($1, noticed, total)
    all_noticed += noticed; all += total
  }
  END { print_score("total", all_noticed, all) }'
exit $status
