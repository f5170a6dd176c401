using FixupNet.Residual;

namespace FixupNet.Execution;

/// <summary>Dropout and stochastic depth, put into a network that is its description.</summary>
/// <param name="Classifier">Probability that a feature is dropped before the classifier, in [0, 1).</param>
/// <param name="Blocks">Probability that an element is dropped before the last convolution of a branch (arXiv:1605.07146), in [0, 1).</param>
/// <param name="Branches">
/// Probability that the last branch is dropped, an image at a time (arXiv:1603.09382), in [0, 1); of branch l of L it is l/L of that.
/// </param>
public sealed record DropRates(double Classifier = 0, double Blocks = 0, double Branches = 0)
{
    /// <summary>Whether anything is dropped.</summary>
    public bool IsActive => Classifier > 0 || Blocks > 0 || Branches > 0;

    /// <summary>Puts the steps into a network.</summary>
    /// <param name="network">The network.</param>
    /// <returns>Tells them what to draw from.</returns>
    /// <exception cref="NotSupportedException">The network does not run steps, or drops by options of its own.</exception>
    public DropDraws Dress(ResidualNetwork network)
    {
        if (network.Draws is { } own)
        {
            return IsActive
                ? throw new NotSupportedException($"{network.GetType().Name} drops by options of its own: set the model's dropout, and leave dropout and stochastic depth of images out.")
                : own;
        }
        var draws = new DropDraws();
        if (!IsActive) return draws;
        if (network is not GraphNetwork graph)
            throw new NotSupportedException($"Dropout and stochastic depth need a network that is described by steps; {network.GetType().Name} is none.");
        graph.Change(topology => ResidualTopology.Of(
            topology.StemSteps, [.. topology.Branches.Select((branch, index) => Dressed(branch, (index + 1.0) / topology.BranchCount, draws))],
            [.. topology.HeadSteps.SelectMany(step => step is LinearStep ? Before(step, "classifier.dropout", Classifier, draws) : [step])], topology.ScalarRoles));
        return draws;
    }

    private ResidualBranch Dressed(ResidualBranch branch, double share, DropDraws draws)
    {
        var last = branch.Steps.OfType<ConvolveStep>().Last();
        var steps = branch.Steps.SelectMany(step => ReferenceEquals(step, last) ? Before(step, $"{branch.Name}.dropout", Blocks, draws) : [step]).ToList();
        if (Branches > 0) steps.Add(new DropStep($"{branch.Name}.depth", Branches * share, DroppedPart.Images, draws));
        return ResidualBranch.Of(branch.Name, steps, branch.ShortcutSteps, branch.ShortcutStart, branch.AfterSum);
    }

    private static IEnumerable<Step> Before(Step step, string name, double rate, DropDraws draws) =>
        rate > 0 ? [new DropStep(name, rate, DroppedPart.Elements, draws), step] : [step];
}
