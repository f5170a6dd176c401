using FixupNet.Architectures;
using FixupNet.Execution;
using FixupNet.Methods;
using FixupNet.Residual;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Tests.Execution;

public sealed class DropRatesTests
{
    private const ulong Seed = 7;

    [Test]
    public void Forward_IsThatOfTheBareNetwork_WhileNothingIsDrawn()
    {
        using var scope = NewDisposeScope();
        using var network = Network();
        var images = Images(4);
        var bare = network.call(images).data<float>().ToArray();

        new DropRates(0.5, 0.5, 0.5).Dress(network);

        Assert.That(network.call(images).data<float>().ToArray(), Is.EqualTo(bare));
    }

    // Whatever way a batch is cut, an image has its own draws.
    [Test]
    public void Forward_DrawsForEachImageByItsPlaceInTheBatch()
    {
        using var scope = NewDisposeScope();
        using var network = Network();
        var draws = new DropRates(0.3, 0.2, 0.5).Dress(network);
        var images = Images(4);

        var whole = Draw(network, draws, Seed, 0, images);
        var last = Draw(network, draws, Seed, 3, images.narrow(0, 3, 1));
        var other = Draw(network, draws, Seed + 1, 0, images);

        Assert.Multiple(() =>
        {
            Assert.That(last, Is.EqualTo(whole[^10..]).Within(1e-5)); // sums in another order
            Assert.That(Draw(network, draws, Seed, 0, images), Is.EqualTo(whole));
            Assert.That(other, Is.Not.EqualTo(whole));
        });
    }

    [TestCase(DroppedPart.Elements, 0.3)]
    [TestCase(DroppedPart.Images, 0.7)]
    public void Mask_KeepsTheMean(DroppedPart part, double rate)
    {
        using var scope = NewDisposeScope();

        var draws = new DropDraws();
        using var drawing = draws.Begin(Seed, 0);
        var mask = DropMask.Of(new DropStep("a", rate, part, draws), ones([2000, 3, 2, 2]))!;

        var values = mask.data<float>().ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(values.Distinct().Order(), Is.EqualTo(new[] { 0, (float)(1 / (1 - rate)) }));
            Assert.That(values.Count(value => value == 0) / (double)values.Length, Is.EqualTo(rate).Within(part == DroppedPart.Elements ? 0.01 : 0.04)); // 3 standard deviations
        });
    }

    [TestCase(DroppedPart.Elements, 0.3)]
    [TestCase(DroppedPart.Images, 0.7)]
    public void Mask_IsTheSame_DrawnOnADevice(DroppedPart part, double rate)
    {
        using var scope = NewDisposeScope();
        var draws = new DropDraws();
        var step = new DropStep("a", rate, part, draws);
        var input = ones([50, 3, 5, 7]);
        Tensor host;
        using (draws.Begin(Seed, 3)) host = DropMask.Of(step, input)!;

        Tensor device;
        var seeds = tensor(Enumerable.Range(3, 50).Select(image => unchecked((long)DropMask.SeedOf(step, Seed, image))).ToArray());
        using (draws.BeginOnDevice(new Dictionary<string, Tensor> { ["a"] = seeds })) device = DropMask.Of(step, input)!;

        Assert.That(device.data<float>().ToArray(), Is.EqualTo(host.data<float>().ToArray()));
        Assert.That((device.shape, DropMask.Of(step, input)), Is.EqualTo((host.shape, (Tensor?)null)));
    }

    // With all but certainty every branch but the first is dropped: their gradients are 0, and the shortcut's path stays.
    [Test]
    public void Dress_DropsLaterBranchesMoreOften()
    {
        using var scope = NewDisposeScope();
        using var network = Network();

        new DropRates(Branches: 0.9).Dress(network);

        Assert.That(
            network.Topology.Branches.Select(branch => branch.Steps.OfType<DropStep>().Single().Rate), Is.EqualTo(new[] { 0.3, 0.6, 0.9 }).Within(1e-12));
    }

    [Test]
    public void Gradients_PassWhereNothingWasDropped()
    {
        using var scope = NewDisposeScope();
        using var network = Network();
        var draws = new DropRates(0.2, 0.2, 0.2).Dress(network);

        using (draws.Begin(Seed, 0)) network.call(Images(8)).square().sum().backward();

        Assert.That(network.parameters().Select(parameter => parameter.grad!.abs().sum().ToDouble()), Has.All.GreaterThan(0).And.All.LessThan(double.PositiveInfinity));
    }

    // Activations that are computed again drop what they dropped at first.
    [Test]
    public void Gradients_AreTheSame_WhenActivationsAreComputedAgain()
    {
        using var scope = NewDisposeScope();
        using var network = Network();
        var draws = new DropRates(0.2, 0.2, 0.2).Dress(network);

        double[] Gradients(int stagesATime)
        {
            network.zero_grad();
            using var drawing = draws.Begin(Seed, 0);
            var chain = new RecomputedChain(network, [.. network.Stages.Chunk(stagesATime)]);
            chain.Forward(Images(2)).square().sum().backward();
            chain.Backward();
            return [.. network.parameters().Select(parameter => parameter.grad!.abs().sum().ToDouble())];
        }

        Assert.That(Gradients(2), Is.EqualTo(Gradients(100)));
    }

    private static float[] Draw(ResidualNetwork network, DropDraws draws, ulong seed, int first, Tensor images)
    {
        using var drawing = draws.Begin(seed, first);
        return network.call(images).data<float>().ToArray();
    }

    private static ResNetCifar Network()
    {
        var network = new ResNetCifar(new ResNetCifarOptions(MethodZoo.All["stable"].Method, Depth: 8, Width: 4));
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        foreach (var (k, parameter) in network.parameters().Index())
            parameter.copy_(Waves(0.7, k, parameter.shape).mul_(0.1));
        return network;
    }

    private static Tensor Images(int count) => Waves(0.37, 0, count, 3, 32, 32);

    private static Tensor Waves(double step, double start, params long[] shape) =>
        tensor([.. Enumerable.Range(0, (int)shape.Aggregate(1L, (product, size) => product * size)).Select(i => (float)Math.Sin(step * i + start))], shape);
}
