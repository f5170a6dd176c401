using FixupNet.Training.Data;

namespace FixupNet.Training.Tests.Data;

public sealed class DataFolderTests
{
    [Test]
    public void Resolve_PrefersTheRootGiven() =>
        Assert.That(DataFolder.Resolve("given", _ => "/from-environment"), Is.EqualTo(Path.GetFullPath("given")));

    [Test]
    public void Resolve_ReadsTheEnvironment_WhenNoRootIsGiven() =>
        Assert.That(DataFolder.Resolve(null, name => name == "FIXUPNET_DATA" ? "elsewhere" : null), Is.EqualTo(Path.GetFullPath("elsewhere")));

    [TestCase(null)]
    [TestCase("")]
    public void Resolve_FallsBackToTheUsersFolder_WhenNothingIsSet(string? variable) =>
        Assert.That(Path.GetFileName(DataFolder.Resolve(null, _ => variable)), Is.EqualTo("fixupnet"));
}
