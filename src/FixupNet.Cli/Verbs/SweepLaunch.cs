using FixupNet.Cli.Host;
using FixupNet.Experiments.Launchers;
using FixupNet.Runs;
using FixupNet.Runs.Files;
using FixupNet.Runs.Records;

namespace FixupNet.Cli.Verbs;

/// <summary>Hands a sweep to workers that something else starts.</summary>
internal static class SweepLaunch
{
    private const int MostWorkersUnasked = 16;

    /// <summary>Launches the workers of a sweep, unless it has nothing left to do.</summary>
    /// <exception cref="UsageException">The sweep's folder or this program has a path that may not go into a script.</exception>
    public static int Run(CliHost host, SweepDirectory sweep, LaunchRequest request)
    {
        var plan = sweep.ReadPlan();
        var dueCount = plan.Count(line => sweep.Trial(line).ReadState() is TrialState.Pending or TrialState.Running or TrialState.Interrupted);
        if (dueCount == 0)
        {
            host.Log.Console.WriteLine($"{sweep.Root}: nothing to launch, all {plan.Count} trials have ended.");
            return ExitCodes.Success;
        }
        var launched = LaunchedSweep.ByThisProgram(sweep.Root);
        foreach (var (_, message) in launched.Validate()) throw new UsageException($"The path {message}.");
        sweep.Claims.IsStopped = false;
        Directory.CreateDirectory(sweep.LaunchFolder);
        var workers = request.Workers ?? Math.Min(dueCount, MostWorkersUnasked);
        if (request.Kubernetes is { } kubernetes) Write(host, sweep, launched, kubernetes with { Common = kubernetes.Common with { Workers = workers } });
        else if (request.Slurm is { } slurm) Launch(host, launched, request, slurm with { Common = slurm.Common with { Workers = workers } });
        return ExitCodes.Success;
    }

    private static void Launch(CliHost host, LaunchedSweep sweep, LaunchRequest request, SlurmOptions options)
    {
        if (request.IsPrinted)
        {
            host.Output.Write(SlurmScript.Of(options, sweep, SlurmArray.Split(options.Common.Workers, request.ArraySize)));
            host.Log.Console.WriteLine("Nothing was submitted: pipe this into sbatch, or put it into a file for \"sbatch FILE\".");
            return;
        }
        var submission = new SlurmLauncher(host.Slurm).Submit(options, sweep, request.ArraySize);
        foreach (var job in submission.Jobs) host.Output.WriteLine($"Submitted job {job.Id}: {job.Workers} workers.");
        host.Output.WriteLine($"squeue --jobs={string.Join(',', submission.Jobs.Select(job => job.Id))}");
        host.Output.WriteLine($"fixupnet sweep status {sweep.Folder} --watch");
    }

    private static void Write(CliHost host, SweepDirectory sweep, LaunchedSweep launched, KubernetesOptions options)
    {
        var file = Path.Combine(sweep.LaunchFolder, "kubernetes.yaml");
        var text = KubernetesJob.Of(options, launched);
        DurableFile.WriteAllText(file, text);
        host.Output.Write(text);
        host.Log.Console.WriteLine($"Nothing was started: kubectl apply -f {file}");
        host.Log.Console.WriteLine($"fixupnet sweep status {launched.Folder} --watch");
    }
}
