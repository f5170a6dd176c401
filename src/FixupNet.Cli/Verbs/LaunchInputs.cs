using System.CommandLine;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Launchers;
using FixupNet.Registries;

namespace FixupNet.Cli.Verbs;

/// <summary>The options of "sweep run" that say who starts the workers, and with what.</summary>
internal sealed class LaunchInputs
{
    private const string Local = "local";
    private const string Slurm = "slurm";
    private const string Print = "print";
    private const string Kubernetes = "kubernetes";

    private readonly Option<string> _launcher = Inputs.Choice(
        "--launcher", "Who runs the trials: this process, or workers that Slurm or Kubernetes starts; print writes Slurm's script to standard output.",
        Local, Slurm, Print, Kubernetes);
    private readonly Option<int?> _workers = Inputs.Count<int>("--workers", "Launchers: workers at a time; default: one a trial that is left, at most 16.");
    private readonly Option<int?> _cpus = Inputs.Count<int>("--cpus", "Launchers: cores of a worker, and its threads; default: 1.");
    private readonly Option<long?> _memory = Memory();
    private readonly Option<int?> _grace = Inputs.Count<int>("--grace-seconds", "Launchers: how long before its end a worker is told, to write a checkpoint; default: 120.");
    private readonly Option<int?> _restarts = Inputs.Count<int>("--restarts", "Launchers: how often a worker is started anew at most; default: 50.");
    private readonly Option<TimeSpan?> _time = Time();
    private readonly Option<string?> _partition = Text("--partition", "NAME", "Slurm: partition.", LaunchValue.Names);
    private readonly Option<string?> _account = Text("--account", "NAME", "Slurm: account to charge.", LaunchValue.Names);
    private readonly Option<string?> _qos = Text("--qos", "NAME", "Slurm: quality of service.", LaunchValue.Names);
    private readonly Option<string?> _gres = Text("--gres", "LIST", "Slurm: generic resources of a worker, such as gpu:1.", LaunchValue.Resources);
    private readonly Option<int?> _arraySize = Inputs.Count<int>("--array-size", "Slurm: workers of one job array at most; the site's MaxArraySize always holds.");
    private readonly Option<string?> _image = Text("--image", "IMAGE", "Kubernetes: container image whose entry point is this program.", LaunchValue.Image);
    private readonly Option<string?> _claim = Text("--volume-claim", "NAME", "Kubernetes: claim of the shared volume that holds the sweep's folder at its root.", LaunchValue.ClusterName);
    private readonly Option<string?> _namespace = Text("--namespace", "NAME", "Kubernetes: namespace.", LaunchValue.ClusterName);

    /// <summary>All of them, in the order of the help text.</summary>
    public IReadOnlyList<Option> All =>
        [_launcher, _workers, _cpus, _memory, _grace, _restarts, _time, _partition, _account, _qos, _gres, _arraySize, _image, _claim, _namespace];

    /// <summary>Reads them.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="localOptions">Options of the command that mean something only where this process runs the trials.</param>
    /// <returns>What to launch; null where this process runs the trials.</returns>
    /// <exception cref="UsageException">An option does not go with the launcher, is missing, or is not what it must be.</exception>
    public LaunchRequest? Read(ParseResult parsed, IReadOnlyList<Option> localOptions)
    {
        var launcher = parsed.GetRequiredValue(_launcher);
        RequireMeant(parsed, launcher, localOptions, Local);
        RequireMeant(parsed, launcher, [_workers, _cpus, _memory, _grace, _restarts], Slurm, Print, Kubernetes);
        RequireMeant(parsed, launcher, [_time, _partition, _account, _qos, _gres, _arraySize], Slurm, Print);
        RequireMeant(parsed, launcher, [_image, _claim, _namespace], Kubernetes);
        if (launcher == Local) return null;
        var request = launcher == Kubernetes
            ? new LaunchRequest(null, ReadKubernetes(parsed), false)
            : new LaunchRequest(ReadSlurm(parsed), null, launcher == Print);
        return request with { Workers = parsed.GetValue(_workers), ArraySize = parsed.GetValue(_arraySize) };
    }

    private SlurmOptions ReadSlurm(ParseResult parsed) => Checked(new SlurmOptions(
        ReadCommon(parsed), parsed.GetValue(_time), parsed.GetValue(_partition), parsed.GetValue(_account), parsed.GetValue(_qos), parsed.GetValue(_gres)));

    private KubernetesOptions ReadKubernetes(ParseResult parsed) => Checked(new KubernetesOptions(
        ReadCommon(parsed), Required(parsed, _image), Required(parsed, _claim), parsed.GetValue(_namespace)));

    private LaunchOptions ReadCommon(ParseResult parsed)
    {
        var defaults = new LaunchOptions(parsed.GetValue(_workers) ?? 1);
        return new LaunchOptions(
            defaults.Workers, parsed.GetValue(_cpus) ?? defaults.Cpus, parsed.GetValue(_memory),
            parsed.GetValue(_grace) ?? defaults.GraceSeconds, parsed.GetValue(_restarts) ?? defaults.Restarts);
    }

    private T Checked<T>(T options) where T : IValidatedOptions
    {
        foreach (var (member, message) in options.Validate()) throw new UsageException($"{NameOf(member)} {message}.");
        return options;
    }

    // Everything but limits of numbers is refused when the command line is parsed.
    private string NameOf(string member) => member switch
    {
        nameof(LaunchOptions.Workers) => _workers.Name,
        nameof(LaunchOptions.Cpus) => _cpus.Name,
        nameof(LaunchOptions.MemoryMebibytes) => _memory.Name,
        nameof(LaunchOptions.GraceSeconds) => _grace.Name,
        nameof(LaunchOptions.Restarts) => _restarts.Name,
        nameof(SlurmOptions.TimeLimit) => _time.Name,
        _ => member,
    };

    private static void RequireMeant(ParseResult parsed, string launcher, IEnumerable<Option> options, params string[] launchers)
    {
        if (launchers.Contains(launcher)) return;
        if (options.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } given)
            throw new UsageException($"{given.Name} goes with --launcher {string.Join(" or ", launchers)}, not with {launcher}.");
    }

    private static string Required(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) ?? throw new UsageException($"--launcher {Kubernetes} needs {option.Name}.");

    private static Option<string?> Text(string name, string helpName, string description, LaunchValue kind)
    {
        var option = Inputs.Path(name, helpName, description);
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => !kind.Allows(token.Value))) result.AddError($"{name} is \"{token.Value}\"; {kind.Meaning}.");
        });
        return option;
    }

    private static Option<TimeSpan?> Time()
    {
        var option = new Option<TimeSpan?>("--time") { Description = "Slurm: time limit of a job, as 90 (minutes), 12:00:00 or 2-12:00:00.", HelpName = "LIMIT" };
        option.CustomParser = result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (LaunchTime.Parse(text) is { } limit) return limit;
            result.AddError($"--time is \"{text}\"; {LaunchTime.Meaning}.");
            return null;
        };
        return option;
    }

    private static Option<long?> Memory()
    {
        var option = new Option<long?>("--memory") { Description = "Launchers: memory of a worker, such as 4GiB.", HelpName = "SIZE" };
        option.CustomParser = result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (Mebibytes(text) is { } size) return size;
            result.AddError($"--memory is \"{text}\"; must be a number with a unit, such as \"4GiB\" or \"1500MB\".");
            return null;
        };
        return option;
    }

    // A share of the free memory means nothing on another machine.
    private static long? Mebibytes(string text)
    {
        try
        {
            return MemoryBudget.Parse(text).Bytes is { } bytes ? (bytes - 1) / (1 << 20) + 1 : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
