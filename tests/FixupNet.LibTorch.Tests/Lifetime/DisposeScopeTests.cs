using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace FixupNet.LibTorch.Tests.Lifetime;

[NonParallelizable] // counts the live tensors of the process
public sealed class DisposeScopeTests
{
    [Test]
    public void Dispose_DisposesWhatWasMadeInside()
    {
        Tensor inner;
        using (NewDisposeScope()) inner = ones(3);

        Assert.That(inner.IsInvalid, Is.True);
    }

    [Test]
    public void MoveToOuterDisposeScope_KeepsTheTensorUntilTheOuterEnds()
    {
        Tensor kept;
        using (NewDisposeScope())
        {
            using (NewDisposeScope()) kept = ones(3).MoveToOuterDisposeScope();

            Assert.That(kept.IsInvalid, Is.False);
        }

        Assert.That(kept.IsInvalid, Is.True);
    }

    [Test]
    public void InPlaceOperations_ReturnTheSameObject()
    {
        using var scope = NewDisposeScope();
        var value = ones(3);

        Assert.That(value.add_(1), Is.SameAs(value));
    }

    [Test]
    public void UsingADisposedTensor_IsAClearError()
    {
        var value = ones(3);
        value.Dispose();

        Assert.That(() => value + 1, Throws.InvalidOperationException.With.Message.Contains("disposed"));
    }

    [Test]
    public void TrainingSteps_GrowNeitherTensorsNorMemory_Over10000Steps()
    {
        using var weight = zeros([4, 3, 3, 3]).normal_(0, 0.1, new Generator(1)).DetachFromDisposeScope().requires_grad_();
        void Step()
        {
            using var scope = NewDisposeScope();
            var output = F.relu(F.conv2d(ones([1, 3, 8, 8]), weight, padding: [1, 1]));
            (output * output).mean().backward();
            weight.grad = null;
        }
        for (var i = 0; i < 1000; i++) Step();
        var (tensors, allocated, cached) = (Tensor.TotalCount, CpuMemory.AllocatedBytes, CpuMemory.CachedBytes);

        for (var i = 0; i < 10_000; i++) Step();

        Assert.That((Tensor.TotalCount, CpuMemory.AllocatedBytes, CpuMemory.CachedBytes), Is.EqualTo((tensors, allocated, cached)));
    }
}
