using FixupNet.Residual;

namespace FixupNet.Execution;

/// <summary>How much a forward pass with gradients keeps for the backward pass, read from the steps.</summary>
internal static class KeptMemory
{
    /// <summary>Tensors kept of a branch and what follows its sum, in tensors of the size of the output, the output included.</summary>
    internal static int Of(ResidualBranch branch)
    {
        var counter = new Counter();
        counter.Walk(branch.Steps.Take(branch.ShortcutStart));
        counter.Share();
        counter.Walk(branch.Steps.Skip(branch.ShortcutStart));
        counter.Sum();
        counter.Walk(branch.AfterSum);
        return counter.End();
    }

    /// <summary>The same of steps alone.</summary>
    internal static int Of(IEnumerable<Step> steps)
    {
        var counter = new Counter();
        counter.Walk(steps);
        return counter.End();
    }

    // The tensors by number; 0 is what came in, which the step before counts as its output.
    private sealed class Counter
    {
        private readonly HashSet<int> _kept = [];
        private int _last;
        private int _current;
        private bool _isFree;

        internal void Walk(IEnumerable<Step> steps)
        {
            foreach (var step in steps)
            {
                if (step.KeepsInput) _kept.Add(_current);
                if (!step.CanOverwrite || !_isFree) _current = ++_last;
                if (step is ReluStep { Gain: not 1 })
                {
                    _kept.Add(_current);
                    _current = ++_last;
                }
                if (step.KeepsOutput) _kept.Add(_current);
                _isFree = !step.KeepsOutput;
            }
        }

        internal void Share() => _isFree = false;

        internal void Sum()
        {
            if (!_isFree) _current = ++_last;
            _isFree = true;
        }

        internal int End()
        {
            _kept.Add(_current);
            _kept.Remove(0);
            return _kept.Count;
        }
    }
}
