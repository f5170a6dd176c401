using FixupNet.Residual;

namespace FixupNet.Engine.Steps;

/// <summary>Reads a description against what an engine computes, step by step; the first step that does not fit is the reason it gives.</summary>
/// <param name="place">What the steps are part of, for the reason.</param>
/// <param name="steps">The steps.</param>
internal sealed class StepReader(string place, IReadOnlyList<Step> steps)
{
    private int _next;

    /// <summary>Why the description does not fit; null as long as it does.</summary>
    internal string? Problem { get; private set; }

    /// <summary>Whether nothing is left, or nothing more is read because there is a problem.</summary>
    internal bool IsAtEnd => Problem is not null || _next == steps.Count;

    /// <summary>Takes the next step if it is of a kind; nothing once there is a problem.</summary>
    internal T? May<T>() where T : Step => Problem is null && _next < steps.Count && steps[_next] is T ? (T)steps[_next++] : null;

    /// <summary>Takes the next step, which must be of a kind and fit.</summary>
    /// <param name="fits">What else must hold.</param>
    /// <param name="wanted">What is computed here, for the reason.</param>
    internal T? Must<T>(Func<T, bool> fits, string wanted) where T : Step
    {
        if (Problem is not null) return null;
        if (_next < steps.Count && steps[_next] is T step && fits(step)) return (T)steps[_next++];
        Refuse(wanted);
        return null;
    }

    /// <summary>Takes a ReLU.</summary>
    internal void MustRelu() => Must<ReluStep>(relu => relu.Gain == 1, "a ReLU");

    /// <summary>Takes a linear layer with a bias, and requires that nothing is left.</summary>
    internal WeightLayer? MustClassifier()
    {
        var classifier = Must<LinearStep>(step => step.Linear.Bias is not null, "a linear layer with a bias");
        End();
        return classifier?.Linear;
    }

    /// <summary>Requires that nothing is left.</summary>
    internal void End()
    {
        if (Problem is null && _next < steps.Count) Refuse("nothing more");
    }

    private void Refuse(string wanted) => Problem = _next == steps.Count
        ? $"{place} ends where the engine computes {wanted}"
        : $"{place} has {steps[_next]} where the engine computes {wanted}";
}
