using FixupNet.Residual;

namespace FixupNet.Execution;

/// <summary>How much a forward pass with gradients keeps for the backward pass, read from the steps in forward order.</summary>
/// <param name="images">The images that go in.</param>
internal sealed class KeptMemory(ImageShape images)
{
    private Shape _shape = new(images.Channels, images.Height, images.Width);

    /// <summary>What the steps before the first block keep.</summary>
    internal StageSize Stem(IReadOnlyList<Step> steps)
    {
        var tensors = new Tensors(_shape);
        tensors.Walk(steps);
        return End(tensors);
    }

    /// <summary>What the next block keeps, with its shortcut and what follows the sum.</summary>
    internal StageSize Branch(ResidualBranch branch)
    {
        var tensors = new Tensors(_shape);
        tensors.Walk(branch.Steps.Take(branch.ShortcutStart));
        tensors.Share();
        var start = tensors.Position;
        if (branch.ShortcutSteps.Count > 0) tensors.Walk(branch.ShortcutSteps);
        tensors.Return(start);
        tensors.Walk(branch.Steps.Skip(branch.ShortcutStart));
        tensors.Sum();
        tensors.Walk(branch.AfterSum);
        return End(tensors);
    }

    private StageSize End(Tensors tensors)
    {
        _shape = tensors.Shape;
        return tensors.End();
    }

    private readonly record struct Shape(long Channels, long Height, long Width)
    {
        public long Elements => Channels * Height * Width;

        public Shape After(Step step) => step switch
        {
            ConvolveStep convolve => Strided(convolve.Stride) with { Channels = convolve.Conv.Weight.shape[0] },
            SubsampleStep subsample => Strided(subsample.Stride),
            MaxPoolStep pool => Strided(pool.Stride),
            PadStep pad => this with { Channels = Channels + pad.Channels },
            LinearStep linear => this with { Channels = linear.Linear.Weight.shape[0] },
            OpaqueStep opaque => this with { Channels = opaque.ChannelsAfter(Channels) },
            _ => this,
        };

        // With padding k/2 of an odd kernel k.
        private Shape Strided(int stride) => this with { Height = (Height + stride - 1) / stride, Width = (Width + stride - 1) / stride };
    }

    // The tensors by number; 0 is what came in, which the stage before counts as its output.
    private sealed class Tensors(Shape input)
    {
        private readonly List<long> _elements = [input.Elements];
        private readonly SortedSet<int> _kept = [];
        private int _current;
        private bool _isFree;
        private long _unfolded;

        internal Shape Shape { get; private set; } = input;

        internal (int Tensor, Shape Shape) Position => (_current, Shape);

        internal void Walk(IEnumerable<Step> steps)
        {
            foreach (var step in steps)
            {
                if (step.KeepsInput) _kept.Add(_current);
                if (step is OpaqueStep opaque) Keep(opaque.KeptBeside(Shape.Channels, Shape.Height * Shape.Width));
                Shape = Shape.After(step);
                if (step is ConvolveStep { Conv.Weight: var weight } convolve && (convolve.Kernel > 1 || convolve.Stride > 1))
                    _unfolded = Math.Max(_unfolded, weight.numel() / weight.shape[0] * Shape.Height * Shape.Width);
                if (!step.CanOverwrite || !_isFree) New(Shape.Elements);
                if (step is ReluStep { Gain: not 1 })
                {
                    _kept.Add(_current);
                    New(Shape.Elements);
                }
                if (step is MaxPoolStep) Keep(MaxPoolStep.IndexElements * Shape.Elements);
                if (step.KeepsOutput) _kept.Add(_current);
                _isFree = !step.KeepsOutput;
            }
        }

        internal void Share() => _isFree = false;

        internal void Return((int Tensor, Shape Shape) position)
        {
            (_current, Shape) = position;
            _isFree = false;
        }

        internal void Sum()
        {
            if (!_isFree) New(Shape.Elements);
            _isFree = true;
        }

        internal StageSize End()
        {
            _kept.Add(_current);
            _kept.Remove(0);
            return new(Shape.Elements, [.. _kept.Select(tensor => _elements[tensor])], [.. _elements], _unfolded);
        }

        private void New(long elements)
        {
            _elements.Add(elements);
            _current = _elements.Count - 1;
        }

        private void Keep(long elements)
        {
            _elements.Add(elements);
            _kept.Add(_elements.Count - 1);
        }
    }
}
