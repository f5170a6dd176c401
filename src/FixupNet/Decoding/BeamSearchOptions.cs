using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace FixupNet.Decoding;

/// <summary>How sentences are searched for.</summary>
/// <param name="Beam">Hypotheses that go on at once, in 1 … 1000; 1 is greedy.</param>
/// <param name="LengthPenalty">p: hypotheses are compared by Σ log p / length^p, the length with the end's symbol.</param>
/// <param name="LengthFactor">Words of a translation at most: this times the source's symbols …</param>
/// <param name="LengthOffset">… plus this.</param>
public sealed record BeamSearchOptions(
    [property: Description("Hypotheses that go on at once; 1: greedy."), Range(1, 1000)] int Beam = 5,
    [property: Description("Power of the length that a hypothesis's log probability is divided by."), Range(0.0, 10.0)] double LengthPenalty = 1,
    [property: Description("Words at most: this times the source's symbols, plus lengthOffset."), Range(0.0, 100.0)] double LengthFactor = 1.2,
    [property: Description("Words at most beside lengthFactor."), Range(0, 100_000)] int LengthOffset = 10);
