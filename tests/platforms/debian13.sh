#!/usr/bin/env bash
# Debian 13 with nothing but the .NET SDK, in a folder of this machine: the README's commands from a clean clone as a user without rights, the
# whole test suite on TorchSharp's own packages, and the LibTorch provider as root. The last line counts.
source "$(dirname "${BASH_SOURCE[0]}")/root.sh"
require_pristine
copy_root "$pristine"
export CI=${CI:-}
tests=''

says() { grep -qF -- "$2" <<<"$1" || { say "this should say '$2':"; say "$1"; return 1; }; }

without_sdk() {
  local output status=0
  output=$(with_sdk='' inside user 'fixupnet/fixupnet doctor' 2>&1) || status=$?
  [[ $status -eq 69 && $(wc -l <<<"$output") -eq 1 ]] && says "$output" 'the .NET 10 SDK is missing'
}

sets_up() {
  local output
  output=$(inside user 'cd fixupnet && ./fixupnet doctor' 2>&1) || { say "$output"; return 1; }
  say "$output"
  says "$output" 'TorchSharp (its packages load here' && says "$output" 'Debian' && [[ $output != *apt-get* ]]
}

quickstart() {
  local output
  output=$(inside user 'cd fixupnet && ./fixupnet sweep run configs/quickstart.json' 2>"$root/sweep.log") || { tail -n 30 "$root/sweep.log" >&2; return 1; }
  say "$output"
}

agree() { [[ $(inside user 'cd fixupnet && DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 dotnet msbuild src/FixupNet/FixupNet.csproj -getProperty:TensorProvider') == TorchSharp ]]; }

# The same suite; its own last line is counted at the end.
suite() {
  local status=0
  inside user "cd fixupnet && ./fixupnet test" >"$root/tests.log" 2>&1 || status=$?
  tests=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$root/tests.log" | tail -n 1)
  grep -vE '^[0-9]+ passed, [0-9]+ failed' "$root/tests.log"
  [[ $status -eq 0 && -n $tests ]]
}

# Installs what is missing, which here is everything, and trains a network of 8 layers.
libtorch() {
  allow_network
  inside root 'cd fixupnet && export TensorProvider=LibTorch && ./fixupnet doctor && ./fixupnet sweep run configs/quickstart.json model.depth=8 --output /tmp/runs' >"$root/libtorch.log" 2>&1 ||
    { tail -n 40 "$root/libtorch.log" >&2; return 1; }
  grep -E 'ok +(tensor provider|libtorch|engine)' "$root/libtorch.log" >&2
}

say "restoring the packages of the TorchSharp provider"
TensorProvider=TorchSharp dotnet restore "$repository/FixupNet.sln" -v q --nologo >&2 || fail 69 "the packages of the TorchSharp provider cannot be restored"
git -c safe.directory='*' clone --quiet --no-hardlinks "$repository" "$root/srv/user/fixupnet"
chroot "$root" chown -R user: /srv/user
check 'without the SDK one line says what to install' without_sdk
check 'README: doctor, with the SDK alone and no rights' sets_up
check 'dotnet by itself takes the same provider' agree
check 'README: the quickstart' quickstart
check 'the test suite on TorchSharp' suite
check 'LibTorch, installed by the launcher as root' libtorch
# Each test counts, and each check but that which ran them.
read -r suite_passed _ suite_failed _ suite_skipped _ <<<"${tests:-0 passed, 0 failed}"
[[ -z $tests || ${suite_failed//,/} -ne 0 ]] || passed=$((passed - 1))
printf '%d passed, %d failed' $((passed + suite_passed)) $((failed + ${suite_failed//,/}))
[[ -z ${suite_skipped:-} ]] || printf ', %d skipped' "$suite_skipped"
echo
[[ $failed -eq 0 ]]
