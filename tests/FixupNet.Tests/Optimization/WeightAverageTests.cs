using FixupNet.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Tests.Optimization;

public sealed class WeightAverageTests
{
    // From 1: 0.9·1 + 0.1·2 = 1.1, then 0.9·1.1 + 0.1·4 = 1.39.
    [Test]
    public void Update_AveragesFromTheFirstWeightsOn()
    {
        using var layer = Layer(1);
        using var average = new WeightAverage(layer, 0.9);

        Set(layer, 2);
        average.Update();
        Set(layer, 4);
        average.Update();

        Assert.That(average.State.Single(item => item.Name == "weight").State.data<double>().ToArray(), Has.All.EqualTo(1.39).Within(1e-15)); // double rounding
    }

    [Test]
    public void Use_GivesTheAverages_AndBackTheWeights()
    {
        using var layer = Layer(1);
        using var average = new WeightAverage(layer, 0.5);
        Set(layer, 3);
        average.Update();

        double during;
        using (average.Use()) during = layer.weight!.mean().ToDouble();

        Assert.That((during, layer.weight!.mean().ToDouble(), average.State[0].State.mean().ToDouble()), Is.EqualTo((2.0, 3.0, 2.0)));
    }

    [Test]
    public void Update_CopiesCounters_AndAveragesRunningStatistics()
    {
        using var norm = nn.BatchNorm2d(2);
        using var average = new WeightAverage(norm, 0.75);

        norm.call(full([2, 2, 1, 1], 8.0).add(tensor(new[] { 1f, -1f }).view(2, 1, 1, 1))).Dispose();
        average.Update();

        double At(string name) => average.State.Single(item => item.Name == name).State.to(ScalarType.Float64).mean().ToDouble();
        Assert.That((At("num_batches_tracked"), At("running_mean")), Is.EqualTo((1.0, 0.25 * 0.1 * 8)).Within(1e-6)); // float32 rounding
    }

    [Test]
    public void Update_GivesTheSameBits_WhereParametersLieTogether()
    {
        using var one = nn.Sequential(nn.Conv2d(3, 5, 3), nn.BatchNorm2d(5));
        using var other = nn.Sequential(nn.Conv2d(3, 5, 3), nn.BatchNorm2d(5));
        other.load_state_dict(one.state_dict());
        using var optimizer = new Sgd(one.named_parameters(), new SgdOptions());
        using var flat = new WeightAverage(one, 0.9, optimizer);
        using var separate = new WeightAverage(other, 0.9);

        foreach (var (layer, average) in new[] { (one, flat), (other, separate) })
        {
            layer.call(ones([2, 3, 4, 4])).Dispose();
            using (no_grad())
                foreach (var parameter in layer.parameters()) parameter.mul_(1.25).add_(0.1);
            average.Update();
        }

        Assert.That(flat.State.Select(item => (item.Name, item.State.to(ScalarType.Float64).sum().ToDouble())), Is.EqualTo(separate.State.Select(item => (item.Name, item.State.to(ScalarType.Float64).sum().ToDouble()))));
        Assert.That(flat.State.Count, Is.EqualTo(7));
    }

    [TestCase(-0.1)]
    [TestCase(1.0)]
    [TestCase(double.NaN)]
    public void Constructor_RefusesOtherDecays(double decay)
    {
        using var layer = Layer(1);

        Assert.That(() => new WeightAverage(layer, decay), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    private static TorchSharp.Modules.Linear Layer(double value)
    {
        var layer = nn.Linear(2, 2);
        layer.to(ScalarType.Float64);
        Set(layer, value);
        return layer;
    }

    private static void Set(TorchSharp.Modules.Linear layer, double value)
    {
        using var noGradients = no_grad();
        layer.weight!.fill_(value);
    }
}
