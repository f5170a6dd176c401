using FixupNet.Experiments.Launchers;

namespace FixupNet.Experiments.Tests.Launchers;

internal sealed class LaunchValueTests
{
    private static IEnumerable<LaunchValue> Kinds =>
        [LaunchValue.Names, LaunchValue.Resources, LaunchValue.Image, LaunchValue.ClusterName, LaunchValue.FullPath];

    [Test]
    public void Allows_NothingThatCarriesACommand([ValueSource(nameof(Kinds))] LaunchValue kind) =>
        Assert.That(Some.HostileTexts.Where(kind.Allows), Is.Empty);

    [Test]
    public void Allows_NothingEndless([ValueSource(nameof(Kinds))] LaunchValue kind) =>
        Assert.That(kind.Allows("/" + new string('a', 5000)) || kind.Allows(new string('a', 5000)), Is.False);

    [TestCase("gpu")]
    [TestCase("gpu_a100,long-queue")]
    [TestCase("project.1")]
    public void Names_AllowsNames(string text) => Assert.That(LaunchValue.Names.Allows(text));

    [TestCase("gpu:1")]
    [TestCase("gpu:a100:2,shard:4")]
    public void Resources_AllowsResources(string text) => Assert.That(LaunchValue.Resources.Allows(text));

    [TestCase("registry.example:5000/team/fixupnet:1.0")]
    [TestCase("fixupnet@sha256:0123abcd")]
    public void Image_AllowsImages(string text) => Assert.That(LaunchValue.Image.Allows(text));

    [TestCase("shared-runs", true)]
    [TestCase("a", true)]
    [TestCase("runs-", false)]
    [TestCase("Runs", false)]
    public void ClusterName_AllowsLabels(string text, bool expected) => Assert.That(LaunchValue.ClusterName.Allows(text), Is.EqualTo(expected));

    [TestCase("/data/Jürgen/runs/depth-sweep-1a2b3c", true)]
    [TestCase("/data/a=1,b+2@c_d", true)]
    [TestCase("runs/tiny", false)]
    [TestCase("/data/my runs", false)]
    public void FullPath_AllowsFullPaths(string text, bool expected) => Assert.That(LaunchValue.FullPath.Allows(text), Is.EqualTo(expected));
}
