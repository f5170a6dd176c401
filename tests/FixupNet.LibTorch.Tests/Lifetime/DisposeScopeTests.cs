using System.Runtime.InteropServices;
using TorchSharp;
using TorchSharp.Modules;
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
    public void Dispose_LeavesInnerScopesOpen_WhenTheOuterEndsFirst()
    {
        using var outermost = NewDisposeScope();
        var survivor = ones(3);
        var outer = NewDisposeScope();
        var inner = NewDisposeScope();
        var innerTensor = ones(3);
        outer.Dispose();

        Assert.That(innerTensor.IsInvalid, Is.False);

        inner.Dispose();

        Assert.That((innerTensor.IsInvalid, survivor.IsInvalid), Is.EqualTo((true, false)));
        Assert.That(CurrentDisposeScope, Is.SameAs(outermost));
    }

    [Test]
    public void MoveToOuterDisposeScope_PassesOverAScopeThatHasEnded()
    {
        using var outermost = NewDisposeScope();
        var outer = NewDisposeScope();
        using var inner = NewDisposeScope();
        var kept = ones(3);
        outer.Dispose();

        kept.MoveToOuterDisposeScope();

        Assert.That(outermost.Contains(kept), Is.True);
    }

    [Test]
    public void Detach_LeavesTheTensorsOfOtherScopesAlone()
    {
        using var outer = NewDisposeScope();
        var value = ones(3);
        using var inner = NewDisposeScope();

        inner.Detach(value);
        inner.MoveToOuter(value);
        value.MoveToOuterDisposeScope();

        Assert.That((outer.Contains(value), value.IsInvalid), Is.EqualTo((false, false)), "moved out of its own scope, into none");
        value.Dispose();
    }

    [Test]
    public void Attach_RefusesAnEndedScope_InsteadOfKeepingTheTensorForEver()
    {
        var ended = NewDisposeScope();
        ended.Dispose();
        using var value = ones(3);

        Assert.That(() => value.MoveToOtherDisposeScope(ended), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(value.IsInvalid, Is.False);
    }

    [Test]
    public void Scopes_BelongToTheirThread()
    {
        using var scope = NewDisposeScope();
        Tensor? made = null;
        var thread = new Thread(() => made = ones(3));
        thread.Start();
        thread.Join();

        Assert.That((CurrentDisposeScope, scope.Contains(made!)), Is.EqualTo((scope, false)));
        made!.Dispose();
    }

    [Test]
    public void Dispose_OnOtherThreads_LeavesTheScopeIntact()
    {
        using var scope = NewDisposeScope();
        var tensors = Enumerable.Range(0, 4000).Select(_ => zeros(1)).ToArray();

        Parallel.ForEach(tensors, tensor => tensor.Dispose());

        Assert.That(scope.DisposablesCount, Is.Zero);
    }

    [Test]
    public void Parameter_TakesThePlaceOfItsTensorInTheScope()
    {
        Parameter owned, free;
        using (NewDisposeScope())
        {
            owned = new Parameter(ones(3));
            free = new Parameter(ones(3).DetachFromDisposeScope());
        }

        Assert.That((owned.IsInvalid, free.IsInvalid), Is.EqualTo((true, false)));
        free.Dispose();
    }

    [Test]
    public void Parameter_LeavesItsTensorIntact_WhenThatCannotBeLearned()
    {
        using var counts = ones([3], int64);

        Assert.That(() => new Parameter(counts), Throws.TypeOf<ExternalException>());
        Assert.That(counts.IsInvalid, Is.False);
    }

    [Test]
    public void TrainingSteps_GrowNeitherTensorsNorMemory_Over10000Steps()
    {
        // A tensor of four elements does as well as an image: what could grow is a count, not a size.
        using var weight = zeros([4]).normal_(0, 0.1, new Generator(1)).requires_grad_();
        void Step()
        {
            using var scope = NewDisposeScope();
            F.relu(weight * weight).sum().backward();
            weight.grad = null;
        }
        var threads = get_num_threads();
        set_num_threads(1);
        for (var i = 0; i < 100; i++) Step();
        var (tensors, allocated, cached) = (Tensor.TotalCount, CpuMemory.AllocatedBytes, CpuMemory.CachedBytes);

        for (var i = 0; i < 10_000; i++) Step();

        set_num_threads(threads);
        Assert.That((Tensor.TotalCount, CpuMemory.AllocatedBytes, CpuMemory.CachedBytes), Is.EqualTo((tensors, allocated, cached)));
    }

    // Sentences have another length in every batch.
    [Test]
    public void FreedBlocks_DoNotPileUp_WhereSizesChange()
    {
        CpuMemory.Trim();
        CpuMemory.ResetPeak();
        for (var size = 100_000; size < 3_000_000; size += 70_001) empty([size]).Dispose();
        for (var size = 2_999_000; size > 100_000; size -= 30_011) empty([size]).Dispose();

        Assert.That(CpuMemory.AllocatedBytes + CpuMemory.CachedBytes, Is.LessThanOrEqualTo(1.5 * CpuMemory.PeakBytes));
    }
}
