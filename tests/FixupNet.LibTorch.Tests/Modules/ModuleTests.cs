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

    private abstract class Base : nn.Module<Tensor, Tensor>
    {
        private readonly Linear hidden = nn.Linear(2, 2, hasBias: false);

        private protected Base() : base(nameof(Base)) { }

        public override Tensor forward(Tensor input) => hidden.call(input);
    }

    private sealed class Derived : Base
    {
        private readonly Parameter first = new(ones(2));
        private readonly Parameter second;

        internal Derived()
        {
            second = first;
            RegisterComponents();
            RegisterComponents();
        }

        internal Parameter Shared => second;
    }

    [Test]
    public void RegisterComponents_FindsPrivateFieldsOfBaseClasses_Once()
    {
        using var net = new Derived();

        Assert.That(net.state_dict().Keys, Is.EqualTo(new[] { "first", "second", "hidden.weight" }));
    }

    [Test]
    public void NamedParameters_CountASharedParameterOnce()
    {
        using var net = new Derived();

        Assert.That(net.parameters().Count(parameter => ReferenceEquals(parameter, net.Shared)), Is.EqualTo(1));
    }

    [Test]
    public void Sequential_PassesResultsOn_WhenALayerWorksInPlace()
    {
        using var scope = NewDisposeScope();
        using var layers = nn.Sequential(nn.Flatten(), nn.ReLU(inplace: true), nn.Flatten());

        var result = layers.call(tensor([-1f, 2f]).view(1, 2));

        Assert.That(result.data<float>().ToArray(), Is.EqualTo(new[] { 0f, 2f }));
    }

    private sealed class Stages : nn.Module
    {
        internal readonly ModuleList<Linear> stages = new(nn.Linear(1, 1, hasBias: false));

        internal Stages() : base(nameof(Stages)) { }

        internal void Register() => RegisterComponents();
    }

    [Test]
    public void ModuleList_HoldsWhatWasAddedBeforeItWasRegistered()
    {
        using var net = new Stages();
        net.stages.Add(nn.Linear(1, 1, hasBias: false));

        net.Register();

        Assert.That(net.named_parameters().Select(pair => pair.name), Is.EqualTo(new[] { "stages.0.weight", "stages.1.weight" }));
    }

    [Test]
    public void ModuleList_RefusesALateModule_WhoseParametersTorchSharpWouldNotKnow()
    {
        using var late = nn.Linear(1, 1);
        using var net = new Stages();
        net.Register();

        Assert.That(() => net.stages.Add(late), Throws.InvalidOperationException);
    }

    [Test]
    public void To_LeavesIntegerBuffersAsTheyAre_AndTakesGradientsAlong()
    {
        using var scope = NewDisposeScope();
        using var norm = nn.BatchNorm2d(2);
        norm.call(ones([2, 2, 3, 3])).sum().backward();

        norm.to(float64);

        Assert.That((norm.num_batches_tracked.dtype, norm.num_batches_tracked.item<long>(), norm.running_var.dtype), Is.EqualTo((int64, 1L, float64)));
        Assert.That(norm.bias.grad!.data<double>().ToArray(), Is.EqualTo(new[] { 18.0, 18.0 }));
    }

    [Test]
    public void To_KeepsTheMemory_WhenNothingChanges()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.Linear(2, 1, hasBias: false);
        using var view = layer.weight.detach();

        layer.to(float32).to(CPU);

        using (no_grad()) layer.weight.fill_(7);
        Assert.That(view.data<float>().ToArray(), Is.EqualTo(new[] { 7f, 7f }));
    }

    [Test]
    public void LoadStateDict_RefusesAnotherShape_InsteadOfSpreadingIt()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.Linear(2, 1, hasBias: false);

        Assert.That(() => layer.load_state_dict(new() { ["weight"] = ones([1, 1]) }),
            Throws.InvalidOperationException.With.Message.Contains("[1,1]; must be [1,2]"));
    }

    [Test]
    public void Layers_RefuseWhatTheyWouldOtherwiseIgnore()
    {
        using var scope = NewDisposeScope();

        Assert.That(() => nn.Conv2d(1, 1, 3, padding_mode: PaddingModes.Constant), Throws.TypeOf<NotSupportedException>());
        Assert.That(() => nn.functional.pad(ones([1, 2]), [1, 1], PaddingModes.Zeros), Throws.TypeOf<NotSupportedException>());
    }
}
