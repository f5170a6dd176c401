using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace FixupNet.LibTorch.Tests.Interop;

public sealed class DispatchTests
{
    [Test]
    public void Call_ThrowsWithLibtorchsText_WhenShapesDoNotFit()
    {
        using var scope = NewDisposeScope();
        var left = ones(2, 3);
        var right = ones(4, 5);

        Assert.That(() => left.mm(right), Throws.TypeOf<ExternalException>().With.Message.Contains("cannot be multiplied"));
    }

    [Test]
    public void Call_LeavesNoTensorBehind_WhenItThrows()
    {
        using var scope = NewDisposeScope();
        var left = ones(2, 3);
        var before = Tensor.TotalCount;

        Assert.That(() => left.view(7), Throws.TypeOf<ExternalException>());

        Assert.That(Tensor.TotalCount, Is.EqualTo(before));
    }

    [Test]
    public void Call_TakesLongLists()
    {
        using var scope = NewDisposeScope();
        var parts = Enumerable.Range(0, 100).Select(i => tensor([(float)i])).ToArray();

        var joined = cat(parts);

        Assert.That(joined.data<float>().ToArray(), Is.EqualTo(Enumerable.Range(0, 100).Select(i => (float)i)));
    }

    [Test]
    public void Backward_ThrowsWithLibtorchsText_WhenTheGraphWasFreed()
    {
        using var scope = NewDisposeScope();
        var weight = ones([3], requires_grad: true);
        var loss = (weight * weight).sum();
        loss.backward();

        Assert.That(loss.backward, Throws.TypeOf<ExternalException>().With.Message.Contains("second time"));
    }

    [Test]
    public void AutogradGrad_ThrowsInsteadOfAborting_WhenAnInputIsUnused()
    {
        using var scope = NewDisposeScope();
        var used = ones([3], requires_grad: true);
        var unused = ones([3], requires_grad: true);

        Assert.That(() => autograd.grad([used.sum()], [unused]), Throws.TypeOf<ExternalException>());
    }

    [Test]
    public void Conv2d_ComputesTheExactSum()
    {
        using var scope = NewDisposeScope();
        var image = arange(16, float32).view(1, 1, 4, 4);
        var kernel = ones([1, 1, 3, 3]);

        var result = F.conv2d(image, kernel, padding: [1, 1], strides: [2, 2]);

        Assert.That(result.data<float>().ToArray(), Is.EqualTo(new float[] { 10, 24, 51, 90 }));
    }

    [Test]
    public void Index_SkipsAbsentIndices()
    {
        using var scope = NewDisposeScope();
        var matrix = arange(6, float32).view(2, 3);

        var picked = matrix.index(null!, tensor([2L, 0L]));

        Assert.That(picked.data<float>().ToArray(), Is.EqualTo(new float[] { 2, 0, 5, 3 }));
    }
}
