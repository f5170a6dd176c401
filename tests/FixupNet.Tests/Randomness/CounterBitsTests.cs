using FixupNet.Randomness;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Tests.Randomness;

public sealed class CounterBitsTests
{
    [Test]
    public void Of_GivesTheNumbersOfCounterRandom()
    {
        using var scope = NewDisposeScope();
        ulong[] seeds = [0, 1, 0x8000000000000000, ulong.MaxValue, 0x0123456789ABCDEF];

        var numbers = CounterBits.Of(tensor(seeds.Select(seed => unchecked((long)seed)).ToArray()), 1000);

        Assert.That(numbers.shape, Is.EqualTo(new long[] { 5, 1000 }));
        Assert.That(numbers.data<long>().ToArray().Select(number => number * Math.Pow(2, -CounterBits.Count)), Is.EqualTo(seeds.SelectMany(seed =>
        {
            var random = new CounterRandom(seed);
            return Enumerable.Range(0, 1000).Select(_ => random.NextDouble()).ToList();
        })));
    }
}
