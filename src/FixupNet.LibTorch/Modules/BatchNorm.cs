namespace TorchSharp.Modules;

using static TorchSharp.torch;

public abstract class NormBase : nn.Module<Tensor, Tensor>
{
    private protected NormBase(long features, double eps, double momentum, Device? device, ScalarType? dtype, string name) : base(name)
    {
        SkipFields();
        (this.eps, Momentum) = (eps, momentum);
        weight = new Parameter(ones([features], dtype, device).DetachFromDisposeScope());
        bias = new Parameter(zeros([features], dtype, device).DetachFromDisposeScope());
        running_mean = zeros([features], dtype, device).DetachFromDisposeScope();
        running_var = ones([features], dtype, device).DetachFromDisposeScope();
        num_batches_tracked = zeros([], ScalarType.Int64, device).DetachFromDisposeScope();
        register_parameter(nameof(weight), weight);
        register_parameter(nameof(bias), bias);
        register_buffer(nameof(running_mean), running_mean);
        register_buffer(nameof(running_var), running_var);
        register_buffer(nameof(num_batches_tracked), num_batches_tracked);
    }

    public double eps { get; set; }

    private protected double Momentum { get; }

    public Parameter weight { get; }

    public Parameter bias { get; }

    public Tensor running_mean { get; }

    public Tensor running_var { get; }

    public Tensor num_batches_tracked { get; }
}

public abstract class BatchNorm : NormBase
{
    private protected BatchNorm(long features, double eps, double momentum, Device? device, ScalarType? dtype, string name)
        : base(features, eps, momentum, device, dtype, name) { }

    public override Tensor forward(Tensor input)
    {
        if (training) num_batches_tracked.add_(1);
        return nn.functional.batch_norm(input, running_mean, running_var, weight, bias, training, Momentum, eps);
    }
}

public sealed class BatchNorm2d : BatchNorm
{
    internal BatchNorm2d(long features, double eps, double momentum, Device? device, ScalarType? dtype)
        : base(features, eps, momentum, device, dtype, nameof(BatchNorm2d)) { }
}
