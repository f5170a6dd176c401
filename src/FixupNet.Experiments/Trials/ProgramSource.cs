using System.Reflection;
using System.Security.Cryptography;
using FixupNet.Engine;
using FixupNet.Registries;
using FixupNet.Runs.Files;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;
using FixupNet.Training;

namespace FixupNet.Experiments.Trials;

/// <summary>The sources this program was built from, as the build wrote them beside it.</summary>
public static class ProgramSource
{
    /// <summary>The largest patch kept with a run; of a larger one only the digest is.</summary>
    internal const int MaxPatchBytes = 8 << 20;

    private const int NameDigits = 12;

    // The command line's assembly: what a program with choices of its own refers to.
    private const string CommandLine = "fixupnet-cli";

    private sealed record Written(string? Code = null, string? Commit = null, bool? Dirty = null);

    /// <summary>The sources, without the name of a patch.</summary>
    public static SourceRecord Current { get; } = Of(Read(AppContext.BaseDirectory), Assembly.GetEntryAssembly());

    /// <summary>Keeps what was changed since the commit in a folder, once a build.</summary>
    /// <param name="folder">The folder, which must exist.</param>
    /// <param name="run">The run's folder, which the record names the file relative to.</param>
    /// <returns>The sources, with the name of the patch.</returns>
    /// <exception cref="IOException">The file cannot be written.</exception>
    internal static SourceRecord Keep(string folder, string run) => Keep(Current, AppContext.BaseDirectory, folder, run);

    internal static SourceRecord Read(string program)
    {
        var written = ReadWritten(Path.Combine(program, "source.json"));
        return written is { Code: { Length: > 0 } code } ? new(code, written.Commit, written.Dirty) : new(AssembliesDigest());
    }

    internal static SourceRecord Keep(SourceRecord source, string program, string folder, string run)
    {
        if (source.Dirty != true || PatchBytes(program) is not { Length: > 0 } patch) return source;
        var known = source with { DiffSha256 = Convert.ToHexStringLower(SHA256.HashData(patch)) };
        if (patch.Length > MaxPatchBytes) return known;
        // The same sources may differ from several commits: the name tells patches apart, not builds.
        var file = Path.Combine(folder, $"source-{known.DiffSha256[..NameDigits]}.patch");
        if (!File.Exists(file)) DurableFile.WriteAllBytes(file, patch);
        return known with { Diff = Path.GetRelativePath(run, file).Replace('\\', '/') };
    }

    /// <summary>The sources of a program with choices of its own: its code makes another build too.</summary>
    /// <param name="product">The sources of this product.</param>
    /// <param name="program">The program; null where that is unknown.</param>
    /// <returns>Both together; the product's alone where the program is its own.</returns>
    internal static SourceRecord Of(SourceRecord product, Assembly? program)
    {
        if (program is null || !Refers(program, CommandLine)) return product;
        var libraries = program.GetReferencedAssemblies().Where(name => name.Name?.StartsWith("FixupNet", StringComparison.Ordinal) == false && name.Name != CommandLine)
            .Select(Assembly.Load).Where(library => Refers(library, typeof(INamedEntry).Assembly.GetName().Name!));
        var (name, code) = (program.GetName().Name, string.Join(' ', libraries.Prepend(program).Select(assembly => assembly.ManifestModule.ModuleVersionId)));
        return product with { Code = $"{product.Code}+{name}-{RunNames.Hash(code, NameDigits)}", Program = name };
    }

    private static bool Refers(Assembly assembly, string name) => assembly.GetReferencedAssemblies().Any(other => other.Name == name);

    private static byte[]? PatchBytes(string program)
    {
        var file = Path.Combine(program, "source.patch");
        return File.Exists(file) ? File.ReadAllBytes(file) : null;
    }

    private static Written? ReadWritten(string file)
    {
        try
        {
            return RunJson.ReadFileIfExists<Written>(file);
        }
        catch (InvalidDataException)
        {
            // A record beside the program that says nothing is no reason not to train.
            return null;
        }
    }

    // Compilers are deterministic: the same sources give the same assemblies.
    private static string AssembliesDigest()
    {
        Type[] types = [typeof(ProgramSource), typeof(Trainer), typeof(DepthFirstEngine), typeof(INamedEntry), typeof(RunJson)];
        return "assemblies-" + RunNames.Hash(string.Join(' ', types.Select(type => type.Module.ModuleVersionId)), 40);
    }
}
