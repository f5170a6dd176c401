using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor add(Tensor target) => Aten.Call("add.Tensor", this, target, 1L);
        public Tensor add(Tensor target, Scalar alpha) => Aten.Call("add.Tensor", this, target, alpha);
        public Tensor add(Scalar scalar) => Aten.Call("add.Scalar", this, scalar, 1L);
        public Tensor add_(Tensor target) => Aten.CallInPlace(this, "add_.Tensor", this, target, 1L);
        public Tensor add_(Tensor target, Scalar alpha) => Aten.CallInPlace(this, "add_.Tensor", this, target, alpha);
        public Tensor add_(Scalar scalar) => Aten.CallInPlace(this, "add_.Scalar", this, scalar, 1L);
        public Tensor sub(Tensor target) => Aten.Call("sub.Tensor", this, target, 1L);
        public Tensor sub(Scalar target) => Aten.Call("sub.Scalar", this, target, 1L);
        public Tensor sub_(Tensor target) => Aten.CallInPlace(this, "sub_.Tensor", this, target, 1L);
        public Tensor sub_(Scalar target) => Aten.CallInPlace(this, "sub_.Scalar", this, target, 1L);
        public Tensor mul(Tensor target) => Aten.Call("mul.Tensor", this, target);
        public Tensor mul(Scalar target) => Aten.Call("mul.Scalar", this, target);
        public Tensor mul_(Tensor target) => Aten.CallInPlace(this, "mul_.Tensor", this, target);
        public Tensor mul_(Scalar target) => Aten.CallInPlace(this, "mul_.Scalar", this, target);
        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            rounding_mode == RoundingMode.None ? Aten.Call("div.Tensor", this, target) : throw Unsupported(nameof(rounding_mode));
        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            rounding_mode == RoundingMode.None ? Aten.Call("div.Scalar", this, target) : throw Unsupported(nameof(rounding_mode));
        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            rounding_mode == RoundingMode.None ? Aten.CallInPlace(this, "div_.Tensor", this, target) : throw Unsupported(nameof(rounding_mode));
        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            rounding_mode == RoundingMode.None ? Aten.CallInPlace(this, "div_.Scalar", this, target) : throw Unsupported(nameof(rounding_mode));
        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => Aten.CallInPlace(this, "addcmul_", this, tensor1, tensor2, value);
        public Tensor lerp_(Tensor end, Tensor weight) => Aten.CallInPlace(this, "lerp_.Tensor", this, end, weight);

        public Tensor abs() => Aten.Call("abs", this);
        public Tensor neg() => Aten.Call("neg", this);
        public Tensor exp() => Aten.Call("exp", this);
        public Tensor log() => Aten.Call("log", this);
        public Tensor sqrt() => Aten.Call("sqrt", this);
        public Tensor rsqrt() => Aten.Call("rsqrt", this);
        public Tensor square() => Aten.Call("square", this);
        public Tensor sign() => Aten.Call("sign", this);
        public Tensor pow(Scalar exponent) => Aten.Call("pow.Tensor_Scalar", this, exponent);
        public Tensor sigmoid() => Aten.Call("sigmoid", this);
        public Tensor cumsum(long dim, ScalarType? type = null) => Aten.Call("cumsum", this, dim, type);
        public Tensor relu() => Aten.Call("relu", this);
        public Tensor relu_() => Aten.CallInPlace(this, "relu_", this);
        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Aten.Call("clamp", this, min, max);
        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => Aten.CallInPlace(this, "clamp_", this, min, max);
        public Tensor softmax(long dim, ScalarType? dtype = null) => Aten.Call("softmax.int", this, dim, dtype);
        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Aten.Call("log_softmax.int", this, dim, dtype);

        public Tensor matmul(Tensor target) => Aten.Call("matmul", this, target);
        public Tensor mm(Tensor target) => Aten.Call("mm", this, target);
        public Tensor dot(Tensor target) => Aten.Call("dot", this, target);

        public Tensor eq(Tensor target) => Aten.Call("eq.Tensor", this, target);
        public Tensor eq(Scalar target) => Aten.Call("eq.Scalar", this, target);
        public Tensor ne(Tensor target) => Aten.Call("ne.Tensor", this, target);
        public Tensor ne(Scalar target) => Aten.Call("ne.Scalar", this, target);
        public Tensor lt(Tensor target) => Aten.Call("lt.Tensor", this, target);
        public Tensor lt(Scalar target) => Aten.Call("lt.Scalar", this, target);
        public Tensor gt(Tensor target) => Aten.Call("gt.Tensor", this, target);
        public Tensor gt(Scalar target) => Aten.Call("gt.Scalar", this, target);
        public Tensor le(Tensor target) => Aten.Call("le.Tensor", this, target);
        public Tensor le(Scalar target) => Aten.Call("le.Scalar", this, target);
        public Tensor ge(Tensor target) => Aten.Call("ge.Tensor", this, target);
        public Tensor ge(Scalar target) => Aten.Call("ge.Scalar", this, target);
        public Tensor isfinite() => Aten.Call("isfinite", this);
        public Tensor isnan() => Aten.Call("isnan", this);
        public Tensor isinf() => Aten.Call("isinf", this);
        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false) =>
            Aten.CallScalar("allclose", this, target, rtol, atol, equal_nan).Real != 0;

        public Tensor sum(ScalarType? type = null) => Aten.Call("sum", this, type);
        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => sum([dim], keepdim, type);
        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) => Aten.Call("sum.dim_IntList", this, dim, keepdim, type);
        public Tensor mean() => Aten.Call("mean", this, Argument.None);
        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) => Aten.Call("mean.dim", this, dimensions, keepdim, type);
        public Tensor var(bool unbiased = true) => Aten.Call("var", this, unbiased);
        public Tensor std(bool unbiased = true) => Aten.Call("std", this, unbiased);
        public Tensor norm(float p = 2) => Aten.Call("norm.Scalar", this, (double)p);
        public Tensor max() => Aten.Call("max", this);
        public Tensor min() => Aten.Call("min", this);
        public Tensor all() => Aten.Call("all", this);
        public Tensor any() => Aten.Call("any", this);
        public Tensor argmax() => Aten.Call("argmax", this);
        public Tensor argmax(long dim, bool keepdim = false) => Aten.Call("argmax", this, dim, keepdim);

        private static NotSupportedException Unsupported(string argument) => new($"{argument} is not offered by this tensor provider.");
    }
}
