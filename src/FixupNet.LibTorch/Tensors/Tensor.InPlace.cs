using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor fill_(Scalar value) => Aten.CallInPlace(this, "fill_.Scalar", this, value);
        public Tensor zero_() => Aten.CallInPlace(this, "zero_", this);
        public Tensor copy_(Tensor source, bool nonBlocking = false) => Aten.CallInPlace(this, "copy_", this, source, nonBlocking);
        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null) =>
            Aten.CallInPlace(this, "normal_", this, mean, std, generator);
        public Tensor uniform_(double from, double to, Generator? generator = null) =>
            Aten.CallInPlace(this, "uniform_", this, from, to, generator);
        public Tensor bernoulli_(double p = 0.5, Generator? generator = null) =>
            Aten.CallInPlace(this, "bernoulli_.float", this, p, generator);

        public Tensor set_(Tensor source)
        {
            _shape = null;
            return Aten.CallInPlace(this, "set_.source_Tensor", this, source);
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        public void retain_grad() => Aten.CallNothing("retain_grad", this);

        public void backward() => autograd.backward([this]);

        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null) =>
            autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);
    }

    public static class autograd
    {
        public static unsafe void backward(
            IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
        {
            nint[] outputs = Handles(tensors), gradients = Handles(grad_tensors), leaves = Handles(inputs);
            fixed (nint* t = outputs, g = gradients, i = leaves)
            {
                var retain = retain_graph ?? create_graph;
                var status = NativeMethods.fx_backward(
                    t, outputs.Length, g, gradients.Length, retain ? 1 : 0, create_graph ? 1 : 0, i, leaves.Length);
                KeepAlive(tensors, grad_tensors, inputs);
                NativeMethods.Check(status);
            }
        }

        public static unsafe IList<Tensor> grad(
            IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null,
            bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            nint[] o = Handles(outputs), i = Handles(inputs), g = Handles(grad_outputs);
            var results = new nint[i.Length];
            fixed (nint* op = o, ip = i, gp = g, rp = results)
            {
                var status = NativeMethods.fx_autograd_grad(
                    op, o.Length, ip, i.Length, gp, g.Length, retain_graph ? 1 : 0, create_graph ? 1 : 0, allow_unused ? 1 : 0, rp);
                KeepAlive(outputs, inputs, grad_outputs);
                NativeMethods.Check(status);
            }
            return Array.ConvertAll(results, handle => handle == 0 ? null! : new Tensor(handle));
        }

        private static void KeepAlive(params ReadOnlySpan<IList<Tensor>?> lists)
        {
            foreach (var list in lists) GC.KeepAlive(list);
        }

        private static nint[] Handles(IList<Tensor>? tensors) => tensors is null ? [] : [.. tensors.Select(tensor => tensor.Handle)];
    }
}
