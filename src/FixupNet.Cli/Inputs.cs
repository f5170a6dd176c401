using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using FixupNet.Experiments.Configuration;
using FixupNet.Registries;

namespace FixupNet.Cli;

/// <summary>Arguments and options that several commands have.</summary>
internal static partial class Inputs
{
    /// <summary>The file of a train document.</summary>
    public static Argument<string> Config() => new("CONFIG") { Description = "A train document (JSON)." };

    /// <summary>Changes to a document.</summary>
    /// <param name="registries">The named choices of documents.</param>
    /// <param name="description">What they do.</param>
    public static Argument<string[]> Overrides(ConfigRegistries registries, string description)
    {
        var argument = new Argument<string[]>("key=value") { Description = description, HelpName = "key=value", Arity = ArgumentArity.ZeroOrMore };
        argument.Validators.Add(RequireKeyValue);
        argument.CompletionSources.Add(_ => OverrideKeys.All(registries));
        return argument;
    }

    /// <summary>Changes to a train document.</summary>
    /// <param name="registries">The named choices of documents.</param>
    public static Argument<string[]> Overrides(ConfigRegistries registries) => Overrides(registries, "Changes to the document: model.depth=110 training.epochs=1.");

    /// <summary>Whether results are JSON.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Write JSON." };

    /// <summary>The device to compute on.</summary>
    public static Option<string> Device()
    {
        var option = new Option<string>("--device")
        {
            Description = "auto, cpu, cuda or cuda:N.",
            HelpName = "DEVICE",
            DefaultValueFactory = _ => "auto",
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !DevicePattern().IsMatch(token.Value))
                result.AddError($"--device is \"{token.Value}\"; must be auto, cpu, cuda or cuda:N.");
        });
        return option;
    }

    /// <summary>CPU threads of one operation.</summary>
    public static Option<int?> Threads() => Count<int>("--threads", "CPU threads; default: one a physical core.");

    /// <summary>A whole number from 1 on that may be left out.</summary>
    public static Option<T?> Count<T>(string name, string description) where T : struct, IParsable<T>, IComparable<T>
    {
        var option = new Option<T?>(name) { Description = description, HelpName = "N" };
        option.CustomParser = result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (T.TryParse(text, null, out var value) && value.CompareTo(default) > 0) return value;
            result.AddError($"{name} is \"{text}\"; must be a whole number from 1 on.");
            return null;
        };
        return option;
    }

    /// <summary>A path that may be left out, but not empty: that is a script whose variable was not set.</summary>
    public static Option<string?> Path(string name, string helpName, string description) => NotEmpty(new Option<string?>(name)
    {
        Description = description, HelpName = helpName,
    });

    /// <summary>A path that must be given.</summary>
    public static Option<string> RequiredPath(string name, string helpName, string description) => NotEmpty(new Option<string>(name)
    {
        Description = description, HelpName = helpName, Required = true,
    });

    /// <summary>One of a few names; the first is taken where the option is left out.</summary>
    public static Option<string> Choice(string name, string description, params IReadOnlyList<string> choices)
    {
        var option = new Option<string>(name)
        {
            Description = $"{description} ({string.Join(", ", choices)})",
            HelpName = name.TrimStart('-').ToUpperInvariant(),
            DefaultValueFactory = _ => choices[0],
        };
        option.Validators.Add(result => RequireOneOf(result, name, choices));
        option.CompletionSources.Add([.. choices]);
        return option;
    }

    /// <summary>Refuses a word that is none of a few names, with the one that was probably meant.</summary>
    public static void RequireOneOf(SymbolResult result, string name, IReadOnlyList<string> choices)
    {
        foreach (var given in result.Tokens.Select(token => token.Value).Where(given => !choices.Contains(given)))
            result.AddError($"{name} is \"{given}\"; must be one of {string.Join(", ", choices)}{DidYouMean(given, choices)}.");
    }

    /// <summary>A suggestion in brackets with a space before it, or nothing.</summary>
    public static string DidYouMean(string given, IEnumerable<string> names) =>
        NearestName.Of(given, names) is { } nearest ? $" (did you mean \"{nearest}\"?)" : "";

    /// <summary>What there is beside a path that is not there, in brackets with a space before it, or nothing.</summary>
    public static string DidYouMeanPath(string path)
    {
        if (path.Length == 0 || CurrentFolder.IsGone) return "";
        var full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        var folder = System.IO.Path.GetDirectoryName(full);
        if (!Directory.Exists(folder)) return "";
        var names = Directory.EnumerateFileSystemEntries(folder).Select(entry => System.IO.Path.GetFileName(entry));
        return DidYouMean(System.IO.Path.GetFileName(full), names);
    }

    /// <summary>Refuses a file that is not there or a folder, before anything else is done.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="UsageException">It is a folder.</exception>
    public static string RequireFile(string path)
    {
        if (path.Length == 0) throw new UsageException("the name of a file is empty.");
        if (Directory.Exists(path)) throw new UsageException($"{path} is a folder; a file is needed here.");
        return File.Exists(path) ? path : throw new FileNotFoundException($"There is no file {path}{DidYouMeanPath(path)}.", path);
    }

    /// <summary>Refuses a folder that is given twice: its trials would count twice.</summary>
    /// <exception cref="UsageException">One is.</exception>
    public static void RequireDifferentFolders(IEnumerable<string> paths)
    {
        if (paths.Where(path => path.Length > 0).GroupBy(path => System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path))).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new UsageException($"{twice.First()} is given twice.");
    }

    private static Option<T> NotEmpty<T>(Option<T> option)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value.Length: 0 }]) result.AddError($"{option.Name} is empty; must be a path.");
        });
        return option;
    }

    private static void RequireKeyValue(ArgumentResult result)
    {
        foreach (var token in result.Tokens.Select(token => token.Value))
        {
            if (token.IndexOf('=') <= 0) result.AddError($"\"{token}\" is not key=value.");
        }
    }

    [GeneratedRegex(@"\A(auto|cpu|cuda(:[0-9]{1,3})?)\z")]
    private static partial Regex DevicePattern();
}
