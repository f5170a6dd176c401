using System.Xml.Linq;
using FixupNet.Architectures;

namespace FixupNet.Architecture.Tests;

public sealed class BuildTests
{
    [TestCase("src")]
    [TestCase("tests")]
    public void Solution_HoldsEveryProject(string folder)
    {
        var solution = Repository.Read("FixupNet.sln").Replace('\\', '/');

        Assert.That(Repository.Projects(folder), Is.Not.Empty);
        Assert.That(Repository.Projects(folder).Values.Where(project => !solution.Contains($"\"{project}\"", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void Build_DemandsDocumentationOfPublicMembers()
    {
        var properties = Repository.ReadXml("Directory.Build.props");
        var settings = new[] { "GenerateDocumentationFile", "TreatWarningsAsErrors" };

        Assert.That(settings.Select(setting => properties.Descendants(setting).Single().Value), Is.All.EqualTo("true"));
        Assert.That(Silencing(properties), Is.All.Contains(".Tests'"), "only tests may leave members without documentation");
        Assert.That(Repository.Projects("src").Values.Where(project => Silencing(Repository.ReadXml(project)).Any()),
            Is.EqualTo(new[] { "src/FixupNet.LibTorch/FixupNet.LibTorch.csproj" }), "its documentation is TorchSharp's");
        Assert.That(Repository.Files.Where(file => file.StartsWith("src/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal)
            && Repository.Read(file).Contains("disable CS1591", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void Library_ShipsDocumentationOfEveryPublicType()
    {
        var documentation = XDocument.Load(Path.Combine(AppContext.BaseDirectory, "FixupNet.xml"));
        var documented = documentation.Descendants("member").Select(member => (string)member.Attribute("name")!).ToHashSet();

        Assert.That(typeof(ModelZoo).Assembly.GetExportedTypes().Where(type => !documented.Contains("T:" + type.FullName!.Replace('+', '.'))), Is.Empty);
    }

    // The conditions under which warnings about missing documentation are silenced.
    private static IEnumerable<string> Silencing(XDocument project) =>
        project.Descendants("NoWarn").Where(element => element.Value.Contains("CS1591", StringComparison.Ordinal))
            .Select(element => (string?)element.Parent!.Attribute("Condition") ?? "always");
}
