#!/usr/bin/env bash
# Debian 13 with nothing but the .NET SDK, in a folder of this machine: the README's commands from a clean clone as a user without rights, the
# whole test suite on TorchSharp's own packages, and the LibTorch provider as root. The last line counts.
source "$(dirname "${BASH_SOURCE[0]}")/root.sh"
require_pristine
copy_root "$pristine"
export CI=${CI:-}
skipped=0

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
  says "$output" 'TorchSharp (its packages load here' && says "$output" 'Debian' && says "$output" 'depth-first' && [[ $output != *apt-get* ]]
}

quickstart() {
  local output
  output=$(inside user 'cd fixupnet && ./fixupnet sweep run configs/quickstart.json' 2>"$root/sweep.log") || { tail -n 30 "$root/sweep.log" >&2; return 1; }
  say "$output"
}

agree() { [[ $(inside user 'cd fixupnet && DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 dotnet msbuild src/FixupNet/FixupNet.csproj -getProperty:TensorProvider') == TorchSharp ]]; }

# Each test counts; a suite that ends badly without a failed test counts as one.
suite() {
  local status=0 start=$SECONDS line words
  inside user "cd fixupnet && ./fixupnet test" >"$root/tests.log" 2>&1 || status=$?
  line=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$root/tests.log" | tail -n 1)
  grep -vE '^[0-9]+ passed, [0-9]+ failed' "$root/tests.log"
  say "the test suite on TorchSharp: ${line:-no result}, exit code $status ($((SECONDS - start)) s)"
  read -ra words <<<"${line//,/}"
  passed=$((passed + ${words[0]:-0}))
  failed=$((failed + ${words[2]:-0}))
  skipped=${words[4]:-0}
  [[ $status -eq 0 || ${words[2]:-0} -gt 0 ]] || failed=$((failed + 1))
}

# Installs what is missing, which here is everything, and trains a network of 8 layers.
libtorch() {
  allow_network
  inside root 'cd fixupnet && export TensorProvider=LibTorch && ./fixupnet doctor && ./fixupnet sweep run configs/quickstart.json model.depth=8 --output /tmp/runs' >"$root/libtorch.log" 2>&1 ||
    { tail -n 40 "$root/libtorch.log" >&2; return 1; }
  grep -E 'ok +(tensor provider|libtorch|engine)' "$root/libtorch.log" >&2
}

say "restoring the packages of the TorchSharp provider"
TensorProvider=TorchSharp dotnet restore "$repository/FixupNet.sln" -p:Configuration=Release -v q --nologo >&2 || fail 69 "the packages of the TorchSharp provider cannot be restored"
git -c safe.directory='*' clone --quiet --no-hardlinks "$repository" "$root/srv/user/fixupnet"
chroot "$root" chown -R user: /srv/user
check 'without the SDK one line says what to install' without_sdk
check 'README: doctor, with the SDK alone and no rights' sets_up
check 'dotnet by itself takes the same provider' agree
check 'README: the quickstart' quickstart
suite
check 'LibTorch, installed by the launcher as root' libtorch
printf '%d passed, %d failed' "$passed" "$failed"
[[ $skipped -eq 0 ]] || printf ', %d skipped' "$skipped"
echo
[[ $failed -eq 0 ]]
