using System.Globalization;

namespace FixupNet.Experiments.Launchers;

/// <summary>Writes the batch script of a sweep's workers.</summary>
/// <remarks>sbatch(1): --signal=B:USR1@N goes to the script alone, up to a minute earlier than N seconds before the time limit. At the
/// limit, at scancel and at preemption TERM goes to every process of the job, and KILL follows after the site's KillWait.</remarks>
public static class SlurmScript
{
    // Slurm looks at time limits every half minute or so, but never sends the signal later than it was asked to.
    private const int SlackSeconds = 5;

    /// <summary>The script.</summary>
    /// <param name="options">What the workers ask for.</param>
    /// <param name="sweep">The sweep.</param>
    /// <param name="arrays">The arrays to submit, at least one; the script itself names the first.</param>
    /// <exception cref="ArgumentException">An option is not what it must be, or a path holds what may not go into a script.</exception>
    public static string Of(SlurmOptions options, LaunchedSweep sweep, IReadOnlyList<SlurmArray> arrays)
    {
        LaunchProblems.ThrowIfAny(options);
        LaunchProblems.ThrowIfAny(sweep);
        return string.Join('\n', Header(options, sweep, arrays)) + "\n" + Body(options.Common, sweep).ReplaceLineEndings("\n");
    }

    private static IEnumerable<string> Header(SlurmOptions options, LaunchedSweep sweep, IReadOnlyList<SlurmArray> arrays)
    {
        yield return "#!/bin/bash";
        yield return $"# Workers of the sweep {sweep.Name}: each takes trials until none is left.";
        if (arrays.Count > 1) yield return $"# The site takes no array of that size. Submit it so: {string.Join("; ", arrays.Select(array => $"sbatch --array={array.Indexes} FILE"))}";
        yield return $"#SBATCH --job-name={sweep.Name}";
        yield return $"#SBATCH --array={arrays[0].Indexes}";
        yield return $"#SBATCH --chdir={sweep.Folder}";
        yield return "#SBATCH --output=launch/%A-%a.log";
        yield return "#SBATCH --open-mode=append";
        yield return "#SBATCH --requeue";
        yield return Invariant($"#SBATCH --signal=B:USR1@{options.Common.GraceSeconds}");
        yield return "#SBATCH --ntasks=1";
        yield return Invariant($"#SBATCH --cpus-per-task={options.Common.Cpus}");
        if (options.Common.MemoryMebibytes is { } memory) yield return Invariant($"#SBATCH --mem={memory}M");
        if (options.TimeLimit is { } limit) yield return $"#SBATCH --time={LaunchTime.Text(limit)}";
        if (options.Partition is { } partition) yield return $"#SBATCH --partition={partition}";
        if (options.Account is { } account) yield return $"#SBATCH --account={account}";
        if (options.Qos is { } qos) yield return $"#SBATCH --qos={qos}";
        if (options.Gres is { } gres) yield return $"#SBATCH --gres={gres}";
    }

    private static string Body(LaunchOptions options, LaunchedSweep sweep) => $$"""

        job=${SLURM_ARRAY_JOB_ID:+${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID}
        job=${job:-$SLURM_JOB_ID}
        restarts=${SLURM_RESTART_COUNT:-0}
        say() { printf '%s job %s: %s\n' "$(date -u +%FT%TZ)" "$job" "$*"; }

        # The worker ends cleanly when its standard input closes. No signal is passed on: Slurm sends TERM to the worker as well, and of two
        # signals a program takes the second for "at once".
        input='' told='' stopped=''
        ask() { [[ -z $input ]] || { exec {input}>&-; input=''; }; }
        trap 'told=${told:-$SECONDS}; ask' USR1
        trap 'stopped=${stopped:-$SECONDS}; ask' TERM

        say "worker starts on ${SLURMD_NODENAME:-$HOSTNAME}, restart $restarts"
        folder=$(mktemp -d) && mkfifo "$folder/input" || exit 73
        trap 'rm -rf "$folder"' EXIT
        (
          trap : USR1 TERM
          {{string.Join(' ', sweep.Program.Concat(sweep.WorkerArguments(options.Cpus)).Append("--supervised").Select(Quoted))}} <"$folder/input"
          echo $? >"$folder/status"
        ) &
        worker=$!
        exec {input}>"$folder/input"
        [[ -z $told$stopped ]] || ask

        # A signal ends "wait" too, with a status that means nothing: that of the worker comes by the file.
        while kill -0 "$worker" 2>/dev/null; do wait "$worker"; done
        status=$(cat "$folder/status" 2>/dev/null)
        status=${status:-137}

        # 75: ended cleanly with work left. Above 128: killed, for too much memory for example.
        if ((status != 75 && status <= 128)); then
          say "worker ended with $status"
          exit "$status"
        fi
        # TERM long before the time limit is preemption, after which Slurm queues the job again itself, or scancel, after which nobody wants that.
        if [[ -n $stopped && ( -z $told || $((stopped - told)) -lt {{Math.Max(1, options.GraceSeconds - SlackSeconds)}} ) ]]; then
          say "worker ended with $status after Slurm stopped the job"
          exit "$status"
        fi
        if ((restarts >= {{options.Restarts}})); then
          say "worker ended with $status; not queued again after $restarts restarts"
          exit "$status"
        fi
        say "worker ended with $status; queued again"
        scontrol requeue "$job" || say 'scontrol could not queue it again'
        exit "$status"

        """;

    private static string Quoted(string word) => word.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-') ? word : $"'{word}'";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
