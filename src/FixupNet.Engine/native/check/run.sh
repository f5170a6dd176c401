#!/usr/bin/env bash
# Builds the engine with AddressSanitizer and UndefinedBehaviorSanitizer in a folder of its own and runs the check program.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=${1:-$here/../../../../artifacts/sanitizers}
cmake -S "$here/.." -B "$folder" -DCMAKE_BUILD_TYPE=None -DFIXUPNET_SANITIZE=ON >/dev/null
cmake --build "$folder" --parallel --target fixupnet_engine_check >/dev/null
OMP_NUM_THREADS=1 LSAN_OPTIONS=suppressions=$here/leaks.txt:print_suppressions=0 "$folder/fixupnet_engine_check"
