using FixupNet.Randomness;

namespace FixupNet.Training.Data.Text;

/// <summary>Whether two translations of one corpus differ in BLEU by more than chance, from their segments' counts.</summary>
public static class BleuSignificance
{
    /// <summary>Paired approximate randomization: the probability of a difference this large if each segment's two translations had been dealt out by chance.</summary>
    /// <param name="first">A system's counts, segment by segment.</param>
    /// <param name="second">Another's.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <param name="trials">How often they are dealt out.</param>
    /// <returns>p, in (0, 1]: (larger differences, plus 1) over (trials, plus 1).</returns>
    /// <exception cref="ArgumentException">The systems have not as many segments.</exception>
    /// <remarks>Riezler and Maxwell 2005. sacreBLEU's rule: larger differences alone count; of no difference, where its rule gives the least p there is, 1.</remarks>
    public static double Randomization(IReadOnlyList<BleuCounts> first, IReadOnlyList<BleuCounts> second, ulong seed, int trials = 10_000)
    {
        RequireSame(first, second);
        var difference = Math.Abs(ScoreOf(first) - ScoreOf(second));
        if (difference == 0) return 1;
        var (random, larger) = (new CounterRandom(seed), 0);
        var (one, other) = (new BleuCounts[first.Count], new BleuCounts[first.Count]);
        for (var trial = 0; trial < trials; trial++)
        {
            for (var i = 0; i < first.Count; i++)
                (one[i], other[i]) = random.NextDouble() < 0.5 ? (second[i], first[i]) : (first[i], second[i]);
            if (Math.Abs(ScoreOf(one) - ScoreOf(other)) > difference) larger++;
        }
        return (larger + 1.0) / (trials + 1.0);
    }

    /// <summary>Bootstrap: the score's middle and 95 % interval over corpora of as many segments, drawn with replacement.</summary>
    /// <param name="segments">A system's counts, segment by segment, at least one.</param>
    /// <param name="seed">Seed of the draws; the same for systems that are compared.</param>
    /// <param name="samples">Corpora drawn, at least 40.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no segments, or too few samples for an interval.</exception>
    /// <remarks>Koehn 2004; sacreBLEU's rule for the bounds: of n sorted scores those at n/40 and n − 1 − n/40.</remarks>
    public static (double Mean, double Low, double High) Bootstrap(IReadOnlyList<BleuCounts> segments, ulong seed, int samples = 1000)
    {
        ArgumentOutOfRangeException.ThrowIfZero(segments.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 40);
        var (random, drawn, scores) = (new CounterRandom(seed), new BleuCounts[segments.Count], new double[samples]);
        for (var sample = 0; sample < samples; sample++)
        {
            for (var i = 0; i < drawn.Length; i++) drawn[i] = segments[random.NextInt(segments.Count)];
            scores[sample] = ScoreOf(drawn);
        }
        Array.Sort(scores);
        return (scores.Average(), scores[samples / 40], scores[samples - 1 - samples / 40]);
    }

    private static double ScoreOf(IReadOnlyList<BleuCounts> segments) => Bleu.Sum(segments).Score().Score;

    private static void RequireSame(IReadOnlyList<BleuCounts> first, IReadOnlyList<BleuCounts> second)
    {
        if (first.Count != second.Count)
            throw new ArgumentException($"The systems translated {first.Count} and {second.Count} segments: a paired test needs the same ones.", nameof(second));
    }
}
