using FixupNet.Architectures;
using FixupNet.Initialization;
using FixupNet.Methods;
using FixupNet.Optimization;
using FixupNet.Registries;
using FixupNet.Schedules;

namespace FixupNet.Tests.Registries;

public class RegistryTests
{
    [Test]
    public void Indexer_SuggestsTheNearestName() =>
        Assert.That(() => ModelZoo.All["resnet-cfar"], Throws.TypeOf<UnknownNameException>().With.Message.Contains("did you mean \"resnet-cifar\""));

    [Test]
    public void Indexer_ListsNames_WhenNoneIsNear()
    {
        var exception = Assert.Throws<UnknownNameException>(() => _ = OptimizerRegistry.All["lion"]);

        Assert.Multiple(() =>
        {
            Assert.That(exception.Message, Is.EqualTo("optimizer is \"lion\"; must be one of sgd, adam, adamw."));
            Assert.That(exception.Given, Is.EqualTo("lion"));
            Assert.That(exception.Allowed, Is.EqualTo(new[] { "sgd", "adam", "adamw" }));
        });
    }

    [Test]
    public void Constructor_Throws_WhenANameIsRegisteredTwice()
    {
        var entry = ModelZoo.All["resnet-cifar"];

        Assert.That(() => new Registry<ModelEntry>("model", entry, entry), Throws.ArgumentException.With.Message.Contains("registered twice"));
    }

    [Test]
    public void With_AddsToAnotherRegistry_AndKeepsThisOne()
    {
        var own = new MethodEntry("own", "Something of a user's", new PlainMethod());

        var more = MethodZoo.All.With(own);

        Assert.That((more.Names[^1], more["own"], MethodZoo.All.Names.Contains("own")), Is.EqualTo(("own", own, false)));
    }

    [Test]
    public void With_Throws_WhenTheNameIsTaken() => Assert.That(
        () => MethodZoo.All.With(new MethodEntry("fixup", "Another one", new PlainMethod())),
        Throws.ArgumentException.With.Message.Contains("The method \"fixup\" is registered twice"));

    [TestCaseSource(nameof(Entries))]
    public void Entry_IsDescribedForListings(INamedEntry entry) => Assert.Multiple(() =>
    {
        Assert.That(entry.Name, Does.Match("^[a-z]+(-[a-z]+)*$"));
        Assert.That(entry.Description, Is.Not.Empty.And.Not.Contain("\n"));
        Assert.That(entry.OptionsType.IsSealed, Is.True);
    });

    private static IEnumerable<INamedEntry> Entries() => [.. ModelZoo.All, .. InitializationSchemes.All, .. OptimizerRegistry.All, .. ScheduleRegistry.All];
}
