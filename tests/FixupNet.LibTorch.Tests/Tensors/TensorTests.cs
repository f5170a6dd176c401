using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.LibTorch.Tests.Tensors;

public sealed class TensorTests
{
    [Test]
    public void Generator_WithTheSameSeed_DrawsTheSameNumbersAndLeavesTheGlobalStateAlone()
    {
        using var scope = NewDisposeScope();
        var before = torch.random.get_rng_state().data<byte>().ToArray();

        var first = zeros(100).normal_(0, 1, new Generator(5));
        var second = zeros(100).normal_(0, 1, new Generator(5));
        var other = zeros(100).normal_(0, 1, new Generator(6));

        Assert.That(first.data<float>().ToArray(), Is.EqualTo(second.data<float>().ToArray()).And.Not.EqualTo(other.data<float>().ToArray()));
        Assert.That(torch.random.get_rng_state().data<byte>().ToArray(), Is.EqualTo(before));
    }

    [Test]
    public void Grad_AccumulatesIntoTheTensorItWasGiven()
    {
        using var scope = NewDisposeScope();
        var flat = zeros(6);
        var weight = ones([2, 2]).requires_grad_();
        weight.grad = flat.narrow(0, 1, 4).view(2, 2);

        (weight * 3).sum().backward();
        (weight * 3).sum().backward();

        Assert.That(flat.data<float>().ToArray(), Is.EqualTo(new float[] { 0, 6, 6, 6, 6, 0 }));
    }

    [Test]
    public void Bytes_AreTheElementsInPlace()
    {
        using var scope = NewDisposeScope();
        var value = zeros(2);

        BitConverter.TryWriteBytes(value.bytes, 1.5f);

        Assert.That(value.data<float>().ToArray(), Is.EqualTo(new[] { 1.5f, 0f }));
    }

    [Test]
    public void Bytes_RefuseANonContiguousTensor()
    {
        using var scope = NewDisposeScope();
        var transposed = zeros(2, 3).t();

        Assert.That(() => transposed.bytes.Length, Throws.InvalidOperationException.With.Message.Contains("contiguous"));
    }

    [Test]
    public void Item_DemandsTheExactType()
    {
        using var scope = NewDisposeScope();
        var value = tensor(1.5);

        Assert.That(() => value.item<float>(), Throws.ArgumentException);
        Assert.That(value.item<double>(), Is.EqualTo(1.5));
    }

    [Test]
    public void NoGrad_IsRestoredAtTheEndOfItsScope()
    {
        using (no_grad()) Assert.That(is_grad_enabled(), Is.False);

        Assert.That(is_grad_enabled(), Is.True);
    }

    [Test]
    public void Operators_MixTensorsAndNumbers()
    {
        using var scope = NewDisposeScope();
        var value = tensor([1f, 2f, 4f]);

        var result = 1 - (2 * value + 1.5) / 2 + 8 / value;

        Assert.That(result.data<float>().ToArray(), Is.EqualTo(new[] { 7.25f, 2.25f, -1.75f }));
    }

    [Test]
    public void Item_ReadsBytesAndBooleans()
    {
        using var scope = NewDisposeScope();

        Assert.That((tensor(new byte[] { 200 }).item<byte>(), tensor(1L).eq(1).item<bool>(), tensor(2.7f).ToInt64(), tensor(3).ToDouble()),
            Is.EqualTo(((byte)200, true, 2L, 3.0)));
    }

    [Test]
    public void Item_RefusesSeveralElements()
    {
        using var scope = NewDisposeScope();

        Assert.That(() => zeros(2).item<float>(), Throws.ArgumentException);
    }

    [Test]
    public void Calls_KeepTheirTensorsAlive_UntilTheyHaveEnded()
    {
        // No scope and no variable holds these tensors: only the call in progress does, while the collector runs beside it.
        using var stop = new CancellationTokenSource();
        var collector = new Thread(() =>
        {
            while (!stop.IsCancellationRequested) GC.Collect();
        });
        collector.Start();
        var failures = 0;
        for (var i = 0; i < 3000; i++)
        {
            if (ones(5000).add(ones(5000)).sum().item<float>() != 10_000) failures++;
            if (zeros(7, 11).stride()[0] != 11 || zeros(3, 5).shape[1] != 5) failures++;
            if (!ones([2], requires_grad: true).requires_grad) failures++;
            if (zeros(1).normal_(0, 0, new Generator(3)).item<float>() != 0) failures++;
        }
        stop.Cancel();
        collector.Join();

        Assert.That(failures, Is.Zero);
    }
}
