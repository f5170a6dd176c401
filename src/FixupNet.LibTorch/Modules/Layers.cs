namespace TorchSharp.Modules
{
    using static TorchSharp.torch;

    public abstract class Convolution : nn.Module<Tensor, Tensor>
    {
        private protected Convolution(string name, long[] shape, bool hasBias, Device? device, ScalarType? dtype) : base(name)
        {
            SkipFields();
            weight = DefaultInitialization.Weight(shape, device, dtype);
            register_parameter(nameof(weight), weight);
            if (!hasBias) return;
            bias = DefaultInitialization.Bias(shape, device, dtype);
            register_parameter(nameof(bias), bias);
        }

        public Parameter weight { get; }

        public Parameter? bias { get; }
    }

    public sealed class Conv2d : Convolution
    {
        private readonly long[] _stride;
        private readonly long[] _padding;
        private readonly long[] _dilation;
        private readonly long _groups;

        internal Conv2d(long[] shape, long stride, long padding, long dilation, long groups, bool hasBias, Device? device, ScalarType? dtype)
            : base(nameof(Conv2d), shape, hasBias, device, dtype) =>
            (_stride, _padding, _dilation, _groups) = ([stride, stride], [padding, padding], [dilation, dilation], groups);

        public override Tensor forward(Tensor input) => nn.functional.conv2d(input, weight, bias, _stride, _padding, _dilation, _groups);
    }

    public sealed class Linear : nn.Module<Tensor, Tensor>
    {
        internal Linear(long inputSize, long outputSize, bool hasBias, Device? device, ScalarType? dtype) : base(nameof(Linear))
        {
            SkipFields();
            long[] shape = [outputSize, inputSize];
            weight = DefaultInitialization.Weight(shape, device, dtype);
            register_parameter(nameof(weight), weight);
            if (!hasBias) return;
            bias = DefaultInitialization.Bias(shape, device, dtype);
            register_parameter(nameof(bias), bias);
        }

        public Parameter weight { get; }

        public Parameter? bias { get; }

        public override Tensor forward(Tensor tensor) => nn.functional.linear(tensor, weight, bias);
    }

    public interface IParameterLessModule;

    public abstract class ParameterLessModule<T1, TResult> : nn.Module<T1, TResult>, IParameterLessModule
    {
        protected ParameterLessModule(string name) : base(name) { }
    }

    public sealed class ReLU : ParameterLessModule<Tensor, Tensor>
    {
        private readonly bool _inplace;

        internal ReLU(bool inplace) : base(nameof(ReLU)) => _inplace = inplace;

        public override Tensor forward(Tensor tensor) => nn.functional.relu(tensor, _inplace);
    }

    public sealed class AvgPool2d : ParameterLessModule<Tensor, Tensor>
    {
        private readonly long _kernelSize;
        private readonly long _stride;

        internal AvgPool2d(long kernelSize, long stride) : base(nameof(AvgPool2d)) => (_kernelSize, _stride) = (kernelSize, stride);

        public override Tensor forward(Tensor input) => nn.functional.avg_pool2d(input, _kernelSize, _stride);
    }

    public sealed class Flatten : ParameterLessModule<Tensor, Tensor>
    {
        private readonly long _start;
        private readonly long _end;

        internal Flatten(long start, long end) : base(nameof(Flatten)) => (_start, _end) = (start, end);

        public override Tensor forward(Tensor input) => input.flatten(_start, _end);
    }

    /// <summary>PyTorch's default: uniform in ±1/√fan-in, from the global generator.</summary>
    internal static class DefaultInitialization
    {
        internal static Parameter Weight(long[] shape, Device? device, ScalarType? dtype) => Uniform(shape, shape, device, dtype);

        internal static Parameter Bias(long[] weightShape, Device? device, ScalarType? dtype) => Uniform([weightShape[0]], weightShape, device, dtype);

        private static Parameter Uniform(long[] shape, long[] weightShape, Device? device, ScalarType? dtype)
        {
            var bound = 1 / Math.Sqrt(weightShape[1..].Aggregate(1L, (product, length) => product * length));
            return new Parameter(empty(shape, dtype, device).uniform_(-bound, bound).DetachFromDisposeScope());
        }
    }
}

namespace TorchSharp
{
    using TorchSharp.Modules;

    public static partial class torch
    {
        public static partial class nn
        {
            public static Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);

            public static Conv2d Conv2d(
                long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long dilation = 1,
                PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                padding_mode == PaddingModes.Zeros
                    ? new([out_channels, in_channels / groups, kernel_size, kernel_size], stride, padding, dilation, groups, bias, device, dtype)
                    : throw new NotSupportedException($"Conv2d with padding_mode {padding_mode} is not offered by this tensor provider.");

            public static Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, outputSize, hasBias, device, dtype);

            public static BatchNorm2d BatchNorm2d(
                long num_features, double eps = 1e-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true,
                Device? device = null, ScalarType? dtype = null) =>
                affine && track_running_stats
                    ? new(num_features, eps, momentum, device, dtype)
                    : throw new NotSupportedException("BatchNorm2d without affine or running statistics is not offered by this tensor provider.");

            public static ReLU ReLU(bool inplace = false) => new(inplace);

            public static AvgPool2d AvgPool2d(
                long kernel_size, long? stride = null, long? padding = null, bool ceil_mode = false, bool count_include_pad = true,
                long? divisor_override = null) =>
                padding is null or 0 && !ceil_mode && divisor_override is null
                    ? new(kernel_size, stride ?? kernel_size)
                    : throw new NotSupportedException("AvgPool2d with padding, ceil_mode or divisor_override is not offered by this tensor provider.");

            public static Flatten Flatten(long start_dim = 1, long end_dim = -1) => new(start_dim, end_dim);
        }
    }

    public enum PaddingModes
    {
        Zeros = 0,
        Constant = 4,
    }
}
