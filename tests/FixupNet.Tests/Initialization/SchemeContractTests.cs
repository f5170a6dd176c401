using FixupNet.Architectures;
using FixupNet.Execution;
using FixupNet.Initialization;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Tests.Initialization;

/// <summary>What every scheme promises, for every model.</summary>
[TestFixtureSource(typeof(Cases), nameof(Cases.ModelsAndSchemes))]
public class SchemeContractTests(ModelEntry model, object options, IInitializationScheme scheme)
{
    [Test]
    public void Initialize_GivesTheSameWeights_WhenTheSeedIsTheSame()
    {
        using var first = Initialized(seed: 3);
        using var second = Initialized(seed: 3);

        Assert.That(Values(second).SequenceEqual(Values(first)), Is.True);
    }

    [Test]
    public void Initialize_GivesOtherWeights_WhenTheSeedDiffers()
    {
        using var first = Initialized(seed: 3);
        using var second = Initialized(seed: 4);

        Assert.That(Values(second).SequenceEqual(Values(first)), Is.False);
    }

    [Test]
    public void Initialize_LeavesGlobalRandomStateAlone()
    {
        using var before = torch.random.get_rng_state();

        using var network = Initialized(seed: 1);

        using var after = torch.random.get_rng_state();
        Assert.That(after.bytes.ToArray(), Is.EqualTo(before.bytes.ToArray()));
    }

    [Test]
    public void Initialize_WritesEveryParameterWithFiniteNumbers()
    {
        using var scope = NewDisposeScope();
        using var network = model.Create(options, Cases.ClassCount);
        using (no_grad())
            foreach (var parameter in network.parameters()) parameter.fill_(double.NaN);

        Cases.Initialize(network, scheme, seed: 1);

        Assert.That(Values(network).All(float.IsFinite), Is.True);
    }

    [Test]
    public void Initialize_KeepsTheDtype_WhenItIsFloat64()
    {
        using var network = model.Create(options, Cases.ClassCount).to(ScalarType.Float64);

        Cases.Initialize(network, scheme, seed: 1);

        Assert.That(network.parameters().All(parameter => parameter.dtype == ScalarType.Float64 && parameter.isfinite().all().ToBoolean()), Is.True);
    }

    private ResidualNetwork Initialized(ulong seed)
    {
        var network = model.Create(options, Cases.ClassCount);
        Cases.Initialize(network, scheme, seed);
        return network;
    }

    private static float[] Values(ResidualNetwork network) => [.. network.parameters().SelectMany(parameter => parameter.data<float>().ToArray())];
}
