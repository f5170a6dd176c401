using System.Runtime.InteropServices;
using FixupNet.Engine.DepthFirst.Kernels;
using FixupNet.Randomness;

namespace FixupNet.Engine.Tests.DepthFirst.Kernels;

/// <summary>Values [images][channels][height][width] in the kernels' layout, [images][channels/16][height][width][16], or as they are.</summary>
internal sealed unsafe class Blocked : IDisposable
{
    private readonly (int Images, int Channels, int Height, int Width, bool IsPlain) _shape;
    private readonly float* _memory;

    internal Blocked(int images, int channels, int height, int width, bool isPlain = false)
    {
        _shape = (images, channels, height, width, isPlain);
        Count = images * (isPlain ? channels : Padded(channels)) * height * width;
        _memory = Floats(Count);
    }

    internal int Count { get; }

    internal float* Start => _memory;

    internal Float32* Values => (Float32*)_memory;

    internal float this[int image, int channel, int y, int x]
    {
        get => _memory[Place(image, channel, y, x)];
        set => _memory[Place(image, channel, y, x)] = value;
    }

    /// <summary>Fills the real channels with numbers in [-1, 1]; lanes beyond them are 0.</summary>
    internal Blocked Random(int seed)
    {
        var random = new CounterRandom((ulong)seed);
        ForEach((n, c, y, x) => this[n, c, y, x] = (float)((2 * random.NextDouble()) - 1));
        return this;
    }

    /// <summary>The largest distance from what it should be, as a share of the largest value that it should have.</summary>
    internal double ErrorAgainst(Func<int, int, int, int, double> expected)
    {
        double error = 0, largest = 0;
        ForEach((n, c, y, x) =>
        {
            var value = expected(n, c, y, x);
            (error, largest) = (Math.Max(error, Math.Abs(value - this[n, c, y, x])), Math.Max(largest, Math.Abs(value)));
        });
        return error / largest;
    }

    internal void ForEach(Action<int, int, int, int> visit)
    {
        for (var n = 0; n < _shape.Images; n++)
            for (var c = 0; c < _shape.Channels; c++)
                for (var y = 0; y < _shape.Height; y++)
                    for (var x = 0; x < _shape.Width; x++) visit(n, c, y, x);
    }

    public void Dispose() => NativeMemory.AlignedFree(_memory);

    internal static int Padded(int channels) => (channels + 15) / 16 * 16;

    /// <summary>Zeros.</summary>
    internal static float* Floats(long count)
    {
        var memory = (float*)NativeMemory.AlignedAlloc((nuint)count * sizeof(float), 64);
        NativeMemory.Clear(memory, (nuint)count * sizeof(float));
        return memory;
    }

    private int Place(int image, int channel, int y, int x) => _shape.IsPlain
        ? (((((image * _shape.Channels) + channel) * _shape.Height) + y) * _shape.Width) + x
        : (((((((image * (Padded(_shape.Channels) / 16)) + (channel / 16)) * _shape.Height) + y) * _shape.Width) + x) * 16) + (channel % 16);
}
