using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.LibTorch.Tests.Modules;

public sealed class ModuleTests
{
    private sealed class Net : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1 = nn.Conv2d(3, 4, 3, bias: false);
        private readonly Sequential layers = nn.Sequential(nn.BatchNorm2d(4), nn.ReLU());
        private readonly Parameter scale = new(ones(1));

        internal Net() : base(nameof(Net)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            using var features = conv1.call(input);
            using var activated = layers.call(features);
            return activated * scale;
        }
    }

    [Test]
    public void NamedParameters_AreThoseOfTheFields_OwnOnesFirst()
    {
        using var net = new Net();

        Assert.That(net.named_parameters().Select(pair => pair.name),
            Is.EqualTo(new[] { "scale", "conv1.weight", "layers.0.weight", "layers.0.bias" }));
    }

    [Test]
    public void StateDict_HoldsBuffersToo_AndRoundTrips()
    {
        using var scope = NewDisposeScope();
        using var source = new Net();
        using var target = new Net();
        var images = ones([2, 3, 5, 5]);
        source.call(images);

        target.load_state_dict(source.state_dict());

        source.eval();
        target.eval();
        Assert.That(source.state_dict().Keys, Does.Contain("layers.0.running_mean").And.Contain("layers.0.num_batches_tracked"));
        Assert.That(target.call(images).data<float>().ToArray(), Is.EqualTo(source.call(images).data<float>().ToArray()));
    }

    [Test]
    public void LoadStateDict_RefusesMissingNames()
    {
        using var net = new Net();

        Assert.That(() => net.load_state_dict([]), Throws.InvalidOperationException);
    }

    [Test]
    public void To_ConvertsParametersInPlace_SoThatGradientsStillReachThem()
    {
        using var scope = NewDisposeScope();
        using var net = new Net().to(float64);

        net.call(ones([2, 3, 5, 5], float64)).sum().backward();

        Assert.That(net.parameters().All(parameter => parameter.dtype == float64 && parameter.grad is not null), Is.True);
    }

    [Test]
    public void Parameters_OfACustomModule_DieWithTheScopeTheyWereMadeIn_AsInTorchSharp()
    {
        Net net;
        using (NewDisposeScope()) net = new Net();

        Assert.That(net.named_parameters().Select(pair => pair.name), Does.Not.Contain("scale").And.Contain("conv1.weight"));
    }
}
