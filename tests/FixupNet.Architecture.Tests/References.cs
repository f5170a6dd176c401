using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace FixupNet.Architecture.Tests;

/// <summary>What a project refers to: as its project file says, and as its built assembly really does.</summary>
internal static class References
{
    internal static IReadOnlyList<string> ToProjects(string project) =>
        [.. Elements(project, "ProjectReference").Select(include => Path.GetFileNameWithoutExtension(include.Replace('\\', '/')))];

    internal static IReadOnlyList<string> ToPackages(string project) => Elements(project, "PackageReference");

    internal static IReadOnlyList<string> ToAssemblies(string project)
    {
        using var assembly = Open(project);
        var metadata = assembly.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }

    /// <summary>The full names of the types of other assemblies that a project's code names.</summary>
    internal static IReadOnlyList<string> ToTypes(string project)
    {
        using var assembly = Open(project);
        var metadata = assembly.GetMetadataReader();
        return [.. metadata.TypeReferences.Select(metadata.GetTypeReference)
            .Select(type => $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}")];
    }

    private static IReadOnlyList<string> Elements(string project, string name) =>
        [.. Repository.ReadXml(Repository.Projects("src")[project]).Descendants(name).Select(element => (string)element.Attribute("Include")!)];

    // The tests refer to the command-line program, so every assembly lies beside them.
    private static PEReader Open(string project)
    {
        var name = project == "FixupNet.Cli" ? "fixupnet-cli" : project;
        return new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, $"{name}.dll")));
    }
}
