#!/usr/bin/env bash
# On a machine with a GPU and no .NET: builds the published program, checks the card against the processor, prints the tables of speed.
# usage: bench/gpu.sh [FOLDER]    FOLDER is what "./fixupnet publish" wrote. JSON results go beside it, or into the folder that OUT names.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=${1:-$here/../artifacts/LibTorch-standalone/fixupnet}
program=$folder/fixupnet
out=${OUT:-$folder}

"$program" build
"$program" doctor --device cuda
python3 "$here/cuda_kernels.py" "$folder/bin/libfixupnet_cuda.so"
# Whole networks are compiled up to 110 layers; block by block, 1,202 layers take PyTorch minutes for a few steps.
"$program" bench --device cuda --depth 110 --rounds 5 --seconds 0.5 --output "$out/bench-110.json"
"$program" bench --device cuda --depth 1202 --rounds 2 --seconds 0.5 --only engine,pytorch --output "$out/bench-1202.json"
"$program" bench --device cuda --depth 9998 --rounds 1 --seconds 0.5 --only engine --output "$out/bench-9998.json"
"$program" bench --device cuda --depth 110 --rounds 3 --seconds 0.5 --variant batchnorm --output "$out/bench-batchnorm.json"
python3 "$here/cuda_kernels.py" --steps "$out"/bench-110.json "$out"/bench-1202.json "$out"/bench-9998.json
