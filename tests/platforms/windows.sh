#!/usr/bin/env bash
# The program for Windows with TorchSharp's own natives, published here and run by Wine in a Debian 13 in a folder. Wine is not Windows: what
# passes says that our code, .NET and the natives get along with its interface. Takes some ten minutes and, once, Debian's packages of Wine.
source "$(dirname "${BASH_SOURCE[0]}")/root.sh"
require_pristine
wine=$platforms/debian13-wine
if ! { is_whole "$wine" && [[ -d $wine/usr/lib/wine ]]; }; then
  say "installing Wine into $wine (once)"
  rm -rf "$wine" "$wine.new"
  cp -a "$pristine" "$wine.new"
  cp -L /etc/resolv.conf "$wine.new/etc/resolv.conf"
  chroot "$wine.new" sh -c 'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends wine wine64' >"$platforms/wine.log" 2>&1 ||
    fail 69 "Wine cannot be installed; see $platforms/wine.log"
  mv "$wine.new" "$wine"
fi
copy_root "$wine"
user=$root/srv/user
place="$user/my networks"   # every path has a space

# publish SYSTEM: the program with .NET in it, apart from what this checkout was built into.
publish() {
  TensorProvider=TorchSharp dotnet publish "$repository/src/FixupNet.Cli" -c Release -r "$1" --self-contained -p:TorchSharpRuntime=TorchSharp-cpu \
    -p:ArtifactsPath="$user/build-$1/" -p:DebugType=none -o "$user/programs/$1" -v q --nologo >&2 || fail 1 "publishing for $1 failed"
  rm -rf "$user/build-$1"
}

# On Linux and on Windows with the same arguments, in $place.
linux() { OMP_NUM_THREADS=1 inside user "cd 'my networks' && OMP_NUM_THREADS=1 ../programs/linux-x64/fixupnet-cli $1"; }
windows() { inside user "cd 'my networks' && $variables wine ../programs/win-x64/fixupnet-cli.exe $1"; }
# OpenMP on Windows asks for processors in a way that Wine lacks, unless it is told not to place its threads.
variables='WINEPREFIX=/srv/user/.wine WINEDEBUG=-all OMP_NUM_THREADS=1 KMP_AFFINITY=disabled'

hash_of() { sha256sum "$place/$1"/checkpoints/*/model.safetensors | tail -n 1 | cut -d ' ' -f 1; }
losses_of() { grep -o '"step":[0-9]*,.*"split":"train","loss":[^,]*' "$place/$1/metrics.jsonl" | sed 's/"step":\([0-9]*\),.*"loss":/\1 /'; }

doctor() {
  local output
  output=$(windows doctor 2>"$root/doctor.log") || { say "$output"; cat "$root/doctor.log" >&2; return 1; }
  say "$output"
  grep -q 'ok  system .*Windows' <<<"$output"
}

# 50 steps in float32.
train() { "$1" "train 'fifty steps.json' --threads 1 --max-steps 50 --output '$2'" >&2; }
repeats() { train windows first && train windows second && [[ $(hash_of first) == "$(hash_of second)" ]]; }
agrees() {
  train linux linux || return 1
  [[ $(losses_of linux | wc -l) -ge 5 ]] || { say 'there are no losses to compare'; return 1; }
  paste -d ' ' <(losses_of first) <(losses_of linux) | awk '
    $1 != $3 { print "other steps: " $0; bad = 1 }
    { off = ($2 - $4) / ($4 < 0 ? -$4 : $4); if (off < 0) off = -off; if (off > most) most = off }
    END { printf "losses differ by %.2g at most, relative\n", most; exit bad || !(most <= 1e-5) }' >&2
}

memory_is_its_own() {
  local bytes
  bytes=$(grep -o '"peakMemoryBytes":[0-9]*' "$place/first/metrics.jsonl" | tail -n 1 | cut -d : -f 2)
  say "peak memory $((bytes / 1000000)) MB"
  [[ $bytes -gt 100000000 ]]
}

# Killed after its first checkpoint, by a signal that Wine cannot catch; then the same command again.
killed() {
  inside user "cd 'my networks'
    env $variables wine ../programs/win-x64/fixupnet-cli.exe train 'fifty steps.json' --threads 1 --max-steps 50 --output killed & program=\$!
    for i in {1..600}; do [[ -e killed/checkpoints/latest ]] && break; sleep 0.1; done
    kill -9 \$program; $variables wineserver -w" >&2 || true
  [[ -e $place/killed/checkpoints/latest ]] && grep -q '"running"' "$place/killed/status.json" || { say 'it was not killed on its way'; return 1; }
  train windows killed && [[ $(hash_of killed) == "$(hash_of first)" ]] && diff <(losses_of killed) <(losses_of first) >&2
}

# Ctrl-C as a terminal sends it: a checkpoint, 75, and the same bits in the end.
interrupted() {
  local status=0
  inside user "cd 'my networks' && rm -f ../keys && mkfifo ../keys
    { for i in {1..600}; do [[ -e interrupted/checkpoints/latest ]] && break; sleep 0.1; done; printf '\\003'; sleep 20; } >../keys &
    $variables script -qefc \"exec wine ../programs/win-x64/fixupnet-cli.exe train 'fifty steps.json' --threads 1 --max-steps 50 --output interrupted\" ../typed.log <../keys" >"$root/typed.log" 2>&1 || status=$?
  [[ $status -eq 75 ]] || { say "exit code $status instead of 75"; tr -dc '[:print:]\n' <"$root/typed.log" | tail -n 20 >&2; return 1; }
  train windows interrupted && [[ $(hash_of interrupted) == "$(hash_of first)" ]]
}

sweep=''
# Two workers, a configuration with the line ends of Windows, and its paths.
sweep() {
  windows "sweep run 'configs\\my sweep.json' --jobs 2 --output 'runs\\two workers'" >"$root/sweep.log" 2>&1 || { tail -n 30 "$root/sweep.log" >&2; return 1; }
  sweep=$(cd "$place" && ls -d 'runs/two workers'/*/ | head -n 1)
  [[ $(ls "$place/$sweep/trials"/*/summary.json | wc -l) -eq 4 ]]
}
reports() { windows "report '${sweep//\//\\}'" >&2 && [[ -s $place/$sweep/report/index.html ]]; }
exports() { windows "export '${sweep//\//\\}' --to csv" >&2 && find "$place" -name '*.csv' -size +0 | grep -q .; }
refuses() {
  local output status=0
  output=$(windows "config validate 'configs\\wrong.json'" 2>&1) || status=$?
  [[ $status -eq 78 ]] && grep -q 'wrong.json' <<<"$output"
}

# fixupnet.cmd by Wine's cmd, in a checkout whose path has a space; another cmd.exe stands for the program and for dotnet.
launcher() {
  local checkout="$user/check out" system=/srv/user/.wine/drive_c/windows/system32
  git -c safe.directory='*' clone --quiet --no-hardlinks "$repository" "$checkout"
  sed 's/\r*$/\r/' "$repository/tests/platforms/launcher.cmd" >"$user/launcher.cmd"
  chroot "$root" chown -R user: '/srv/user/check out' /srv/user/launcher.cmd
  inside user "cli='check out/artifacts/TorchSharp/bin/FixupNet.Cli/release'
    mkdir -p \"\$cli\" dotnet && cp $system/cmd.exe \"\$cli/fixupnet-cli.exe\" && cp $system/cmd.exe dotnet/dotnet.exe
    $variables wine cmd /c launcher.cmd 'Z:\\srv\\user\\check out' 'Z:\\srv\\user\\dotnet' 2>&1" | tr -d '\r' | sed 's/^Z:[^>]*>//; s/ *$//' | grep -vE 'XDG_RUNTIME|Microsoft Windows|^$' >"$root/launcher.log"
  diff - "$root/launcher.log" >&2 <<'TEXT'
fixupnet: the .NET 10 SDK is missing: install it from https://dot.net and run this again.
without the SDK 69
fixupnet: building
build 0
current 10
"a b" c
spaces 0
fixupnet: building
changed source 75
current 3
fixupnet: building
changed property 76
Usage: fixupnet test [--category NAME] [OPTION of dotnet test]...
Builds what has changed and runs the tests, all but the category Slow. The last line counts them.
help 0
fixupnet: --tools of "test" is for Linux.
tools 64
TEXT
}

publish win-x64
publish linux-x64
mkdir -p "$place/configs"
cat >"$place/fifty steps.json" <<'JSON'
{
  "name": "fifty-steps",
  "seed": 1,
  "dataset": { "name": "synthetic-shapes", "trainExamples": 1600, "testExamples": 200 },
  "augmentation": { "crop": true, "flip": true },
  "model": { "name": "resnet-cifar", "variant": "fixup", "depth": 8 },
  "optimizer": { "name": "sgd", "learningRate": 0.05 },
  "training": { "epochs": 1, "batchSize": 32 },
  "checkpoint": { "everySteps": 10 }
}
JSON
sed 's/$/\r/' >"$place/configs/my sweep.json" <<'JSON'
{
  // two methods, two seeds
  "name": "my-sweep",
  "base": {
    "dataset": { "name": "synthetic-shapes", "trainExamples": 320, "testExamples": 100 },
    "model": { "name": "resnet-cifar", "depth": 8 },
    "optimizer": { "name": "sgd", "learningRate": 0.05 },
    "training": { "epochs": 1, "batchSize": 32 }
  },
  "grid": { "model.variant": ["fixup", "batchnorm"] },
  "seeds": [1, 2]
}
JSON
printf '{ "modle": 1 }\r\n' >"$place/configs/wrong.json"
chroot "$root" chown -R user: /srv/user

check 'doctor' doctor
check 'two runs of 50 steps give the same weights, bit for bit' repeats
check 'the losses of Linux, to 1e-5' agrees
check 'peak memory' memory_is_its_own
check 'kill and resume: the same bits' killed
check 'Ctrl-C: 75, and the same bits' interrupted
check 'a sweep with two workers' sweep
check 'report' reports
check 'export' exports
check 'a wrong configuration: 78' refuses
check 'fixupnet.cmd' launcher
echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
