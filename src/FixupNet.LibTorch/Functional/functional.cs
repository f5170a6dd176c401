using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public enum Reduction : long
        {
            None = 0,
            Mean = 1,
            Sum = 2,
        }

        public static partial class functional
        {
            public static Tensor conv2d(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? dilation = null, long groups = 1) =>
                Aten.Call("conv2d", input, weight, bias, strides ?? [1, 1], padding ?? [0, 0], dilation ?? [1, 1], groups);

            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) => Aten.Call("linear", input, weights, bias);

            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? x.relu_().alias() : x.relu();

            public static Tensor batch_norm(
                Tensor input, Tensor running_mean, Tensor running_var, Tensor? weight = null, Tensor? bias = null,
                bool training = false, double momentum = 0.1, double eps = 1e-05) =>
                Aten.Call("batch_norm", input, weight, bias, running_mean, running_var, training, momentum, eps, true);

            public static Tensor group_norm(Tensor input, long num_groups, Tensor? weight = null, Tensor? bias = null, double eps = 1e-05) =>
                Aten.Call("group_norm", input, num_groups, weight, bias, eps, true);

            public static Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-05) =>
                Aten.Call("layer_norm", input, normalized_shape, weight, bias, eps, true);

            public static Tensor avg_pool2d(
                Tensor input, long kernel_size, long? stride = null, long padding = 0, bool ceil_mode = false, bool count_include_pad = true,
                long? divisor_override = null)
            {
                var step = stride ?? kernel_size;
                return Aten.Call(
                    "avg_pool2d", input, new[] { kernel_size, kernel_size }, new[] { step, step }, new[] { padding, padding },
                    ceil_mode, count_include_pad, divisor_override);
            }

            public static Tensor max_pool2d(
                Tensor input, long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false)
            {
                long step = stride ?? kernel_size, pad = padding ?? 0, spread = dilation ?? 1;
                return Aten.Call(
                    "max_pool2d", input, new[] { kernel_size, kernel_size }, new[] { step, step }, new[] { pad, pad }, new[] { spread, spread }, ceil_mode);
            }

            public static Tensor adaptive_avg_pool2d(Tensor input, long output_size) =>
                Aten.Call("adaptive_avg_pool2d", input, new[] { output_size, output_size });

            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                mode == PaddingModes.Constant
                    ? Aten.Call("constant_pad_nd", input, pad, value)
                    : throw new NotSupportedException($"pad in mode {mode} is not offered by this tensor provider.");

            public static Tensor log_softmax(Tensor x, long dim) => x.log_softmax(dim);

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

            public static Tensor one_hot(Tensor x, long num_classes = -1) => Aten.Call("one_hot", x, num_classes);

            public static Tensor cross_entropy(
                Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100, Reduction reduction = Reduction.Mean,
                double label_smoothing = 0) =>
                Aten.Call("cross_entropy_loss", input, target, weight, (long)reduction, ignore_index, label_smoothing);

            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Aten.Call("mse_loss", input, target, (long)reduction);
        }
    }
}
