namespace TorchSharp.Modules;

/// <summary>A tensor that a module learns; takes over the handle of the tensor it is made from.</summary>
public sealed class Parameter : torch.Tensor
{
    public Parameter(torch.Tensor data, bool requires_grad = true) : base(data.with_requires_grad(requires_grad)) { }
}
