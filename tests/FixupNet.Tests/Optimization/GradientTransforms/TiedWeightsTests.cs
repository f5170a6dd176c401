using FixupNet.Optimization;
using FixupNet.Optimization.GradientTransforms;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Tests.Optimization.GradientTransforms;

/// <summary>Transforms that hold weights near, or at, what they were.</summary>
public sealed class TiedWeightsTests
{
    // λ = 3, two tasks: 3·(F1(θ − θ1) + F2(θ − θ2)), and the other parameter is free.
    [Test]
    public void ElasticWeights_AddThePenaltysGradient()
    {
        using var scope = NewDisposeScope();
        var (target, optimizer, weights) = Target([1.5, -2], [4]);
        using var _ = optimizer;
        double[] f1 = [0.25, 2], theta1 = [1, 0.5], f2 = [0, 1], theta2 = [-3, 8];
        var (stiffness, pull) = (tensor(f1) + tensor(f2), tensor(f1) * tensor(theta1) + tensor(f2) * tensor(theta2));
        optimizer.Gradients.Of(weights).fill_(0.5);

        new ElasticWeights(target, new Dictionary<string, Tensor> { ["first"] = stiffness }, new Dictionary<string, Tensor> { ["first"] = pull }, 3).Queue();

        var now = weights.detach().data<double>().ToArray();
        double[] expected = [.. Enumerable.Range(0, 2).Select(i => 0.5 + 3 * (f1[i] * (now[i] - theta1[i]) + f2[i] * (now[i] - theta2[i])))];
        Assert.That(optimizer.Gradients.Of(weights).data<double>().ToArray(), Is.EqualTo(expected).Within(1e-14)); // double rounding
        Assert.That(optimizer.Gradients.Of(optimizer.Gradients.Parameters[1]).ToDouble(), Is.Zero);
    }

    [Test]
    public void GradientMask_KeepsWhatIsLeftOutAtZero([Values("sgd", "adam", "adamw")] string name)
    {
        using var scope = NewDisposeScope();
        var weights = new Parameter(tensor([0.0, 2]));
        (string, Parameter)[] parameters = [("weights", weights)];
        using var optimizer = OptimizerRegistry.All[name].Create(parameters, Activator.CreateInstance(OptimizerRegistry.All[name].OptionsType, [.. Defaults(OptimizerRegistry.All[name].OptionsType)])!, null);
        var mask = new GradientMask(new TransformTarget(parameters, optimizer.Gradients, null, new HashSet<string>()), new Dictionary<string, Tensor> { ["weights"] = tensor([0.0, 1]) });

        for (var step = 0; step < 3; step++)
        {
            optimizer.ZeroGradients();
            optimizer.Gradients.Of(weights).fill_(1);
            mask.Queue();
            optimizer.Step(1);
        }

        Assert.That(weights.detach().data<double>().ToArray(), Has.ItemAt(0).Zero.And.ItemAt(1).LessThan(2));
    }

    private static IEnumerable<object?> Defaults(Type options) => options.GetConstructors().Single(constructor => constructor.GetParameters().Length > 1).GetParameters().Select(parameter => parameter.DefaultValue);

    private static (TransformTarget Target, Sgd Optimizer, Parameter First) Target(double[] first, double[] second)
    {
        (string Name, Parameter Parameter)[] parameters = [("first", new Parameter(tensor(first))), ("second", new Parameter(tensor(second)))];
        var optimizer = new Sgd(parameters, new SgdOptions());
        return (new TransformTarget(parameters, optimizer.Gradients, null, new HashSet<string>()), optimizer, parameters[0].Parameter);
    }
}
