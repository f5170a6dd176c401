using System.Globalization;
using System.Text;

namespace FixupNet.Experiments.Launchers;

/// <summary>Writes the Indexed Job of a sweep's workers, for Kubernetes 1.29 or later.</summary>
public static class KubernetesJob
{
    // A pod's host name is the job's name, "-" and the index, and a label of a host name has 63 letters.
    private const int MostNameLetters = 52;

    /// <summary>The job's document, YAML.</summary>
    /// <param name="options">What the workers ask for.</param>
    /// <param name="sweep">The sweep; the folder that holds its folder is where the volume is mounted.</param>
    /// <exception cref="ArgumentException">An option is not what it must be, or a path holds what may not go into the document.</exception>
    public static string Of(KubernetesOptions options, LaunchedSweep sweep)
    {
        LaunchProblems.ThrowIfAny(options);
        LaunchProblems.ThrowIfAny(sweep);
        return Text(options, options.Common, sweep).ReplaceLineEndings("\n");
    }

    /// <summary>The job's name: the sweep's, as far as Kubernetes allows.</summary>
    /// <param name="sweepName">Name of the sweep's folder.</param>
    public static string Name(string sweepName)
    {
        var name = new StringBuilder();
        foreach (var letter in sweepName.ToLowerInvariant())
            name.Append(char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) ? letter : '-');
        // The end tells sweeps apart: it is the hash.
        var whole = $"fixupnet-{name}";
        var kept = whole.Length <= MostNameLetters ? whole : $"fixupnet-{whole[^(MostNameLetters - "fixupnet-".Length)..].TrimStart('-')}";
        return kept.TrimEnd('-');
    }

    // Pods are replaced without counting where the worker ended cleanly with work left (75) or the node went away. A worker that will never
    // do better fails the whole job; exit code 3 says that trials failed, which another worker would not change.
    private static string Text(KubernetesOptions options, LaunchOptions common, LaunchedSweep sweep) => string.Create(CultureInfo.InvariantCulture, $$"""
        # Workers of the sweep {{sweep.Name}}: each takes trials until none is left. Needs Kubernetes 1.29 or later.
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: {{Name(sweep.Name)}}{{(options.ClusterNamespace is { } name ? $"\n  namespace: \"{name}\"" : "")}}
        spec:
          completionMode: Indexed
          completions: {{common.Workers}}
          parallelism: {{common.Workers}}
          backoffLimitPerIndex: {{common.Restarts}}
          podFailurePolicy:
            rules:
              - action: Ignore
                onExitCodes:
                  containerName: worker
                  operator: In
                  values: [75]
              - action: Ignore
                onPodConditions:
                  - type: DisruptionTarget
                    status: "True"
              - action: FailIndex
                onExitCodes:
                  containerName: worker
                  operator: In
                  values: [3]
              - action: FailJob
                onExitCodes:
                  containerName: worker
                  operator: In
                  values: [64, 65, 66, 69, 73, 77, 78]
          template:
            spec:
              restartPolicy: Never
              terminationGracePeriodSeconds: {{common.GraceSeconds}}
              containers:
                - name: worker
                  image: "{{options.Image}}"
                  args: [{{string.Join(", ", sweep.WorkerArguments(common.Cpus).Select(word => $"\"{word}\""))}}]
                  resources:
                    requests: { {{Resources(common)}} }
                    limits: { {{Resources(common)}} }
                  volumeMounts:
                    - name: runs
                      mountPath: "{{Path.GetDirectoryName(sweep.Folder)}}"
              volumes:
                - name: runs
                  persistentVolumeClaim:
                    claimName: "{{options.VolumeClaim}}"

        """);

    private static string Resources(LaunchOptions common)
    {
        var memory = common.MemoryMebibytes is { } size ? string.Create(CultureInfo.InvariantCulture, $", memory: \"{size}Mi\"") : "";
        return string.Create(CultureInfo.InvariantCulture, $"cpu: \"{common.Cpus}\"{memory}");
    }
}
