namespace FixupNet.Training.Data.Text;

/// <summary>What BLEU counts in a segment or a corpus; the sum of segments' counts is the corpus's.</summary>
/// <param name="Matches">N-grams of the hypothesis that a reference has too, each at most as often as the reference that has it most; n = 1 … 4.</param>
/// <param name="Totals">N-grams of the hypothesis.</param>
/// <param name="HypothesisLength">Tokens of the hypothesis.</param>
/// <param name="ReferenceLength">Tokens of the reference closest in length; of two equally close ones the shorter.</param>
public sealed record BleuCounts(IReadOnlyList<long> Matches, IReadOnlyList<long> Totals, long HypothesisLength, long ReferenceLength)
{
    /// <summary>n of the longest n-grams.</summary>
    public const int MaxOrder = 4;

    /// <summary>The score.</summary>
    public BleuScore Score()
    {
        var precisions = new double[MaxOrder];
        var halving = 1.0;
        for (var n = 0; n < MaxOrder && Totals[n] > 0 && Matches.Any(count => count > 0); n++)
        {
            if (Matches[n] == 0) halving *= 2;
            precisions[n] = Matches[n] == 0 ? 100 / (halving * Totals[n]) : 100.0 * Matches[n] / Totals[n];
        }
        var brevity = HypothesisLength >= ReferenceLength ? 1 : HypothesisLength == 0 ? 0 : Math.Exp(1 - (double)ReferenceLength / HypothesisLength);
        var score = precisions.All(precision => precision > 0) ? brevity * Math.Exp(precisions.Sum(Math.Log) / MaxOrder) : 0;
        return new BleuScore(score, precisions, brevity, this);
    }
}

/// <summary>A BLEU score and what it is made of.</summary>
/// <param name="Score">In [0, 100].</param>
/// <param name="Precisions">In percent, n = 1 … 4; one without a match counts as half a match, the next such one as a quarter.</param>
/// <param name="BrevityPenalty">In [0, 1].</param>
/// <param name="Counts">What was counted.</param>
public sealed record BleuScore(double Score, IReadOnlyList<double> Precisions, double BrevityPenalty, BleuCounts Counts);
