using FixupNet.Randomness;

namespace FixupNet.Training.Data.Text;

/// <summary>Draws a small translation language: sentences whose translation reorders words, makes them agree and copies unknown names.</summary>
/// <remarks>
/// The source has subject, verb and object, adjectives before nouns, and a verb that agrees with its subject in number. The translation has the object before the
/// verb and adjectives after nouns; each noun has one of three genders, with which article and adjectives agree in gender and number; objects end in -n; the
/// verb agrees with its subject; a place comes first. Names are random and new in every sentence: they can only be copied. Each pair is a pure function of
/// seed, split and index.
/// </remarks>
internal static class SyntheticTranslation
{
    private const int NameShare = 4; // one noun phrase in so many is a name
    private const int TrainSplit = 0;
    private const int TestSplit = 1;

    private static readonly (string Source, string Target, int Gender)[] s_nouns =
    [
        ("dog", "hund", 0), ("cat", "kis", 1), ("house", "dom", 2), ("girl", "fil", 1), ("boy", "nin", 0), ("tree", "arb", 2),
        ("bird", "vog", 0), ("book", "lib", 2), ("woman", "fem", 1), ("man", "vir", 0), ("car", "tom", 2), ("queen", "reg", 1),
    ];

    private static readonly (string Source, string Target)[] s_adjectives =
        [("small", "pet"), ("red", "rus"), ("old", "vet"), ("blue", "lan"), ("happy", "gai"), ("tall", "alt")];

    private static readonly (string Source, string Target)[] s_verbs =
        [("see", "vid"), ("like", "plak"), ("find", "trov"), ("carry", "port"), ("hear", "aud"), ("follow", "sekv")];

    private static readonly (string Source, string Target)[] s_places = [("near", "apu"), ("behind", "post"), ("under", "sub")];

    // Of article and adjectives, by gender, singular and plural.
    private static readonly string[][] s_endings = [["o", "oi"], ["a", "ai"], ["e", "ei"]];

    /// <summary>Draws both splits.</summary>
    /// <param name="trainExamples">Pairs to learn from; fewer are a prefix of more.</param>
    /// <param name="testExamples">Pairs to be tested with.</param>
    /// <param name="seed">Any value.</param>
    internal static (ParallelText Train, ParallelText Test) Draw(int trainExamples, int testExamples, long seed)
    {
        var seeds = new SeedPlan(seed);
        return (Split(seeds, TrainSplit, trainExamples), Split(seeds, TestSplit, testExamples));
    }

    private static ParallelText Split(SeedPlan seeds, int split, int count)
    {
        var pairs = Enumerable.Range(0, count).Select(i => Sentence(new CounterRandom(seeds.Stream("synthetic-translation", split, i)))).ToArray();
        return new([.. pairs.Select(pair => pair.Source)], [.. pairs.Select(pair => pair.Target)]);
    }

    private static (string Source, string Target) Sentence(CounterRandom random)
    {
        var (subject, verb, target) = (Phrase(ref random), Pick(s_verbs, ref random), Phrase(ref random));
        var source = $"{subject.Source} {verb.Source}{(subject.Number == 0 ? "s" : "")} {target.Source}";
        var translation = $"{subject.Target} {target.Target}n {verb.Target}{(subject.Number == 0 ? "as" : "is")}{s_endings[subject.Gender][0]}";
        if (random.NextInt(3) > 0) return ($"{source}.", $"{translation}.");
        var (place, where) = (Pick(s_places, ref random), Phrase(ref random));
        return ($"{source} {place.Source} {where.Source}.", $"{place.Target} {where.Target}, {translation}.");
    }

    private static (string Source, string Target, int Gender, int Number) Phrase(ref CounterRandom random)
    {
        if (random.NextInt(NameShare) == 0)
        {
            var name = Name(ref random);
            return (name, name, 0, 0);
        }
        var (noun, number) = (s_nouns[random.NextInt(s_nouns.Length)], random.NextInt(2));
        var ending = s_endings[noun.Gender][number];
        var (source, target) = ($"{noun.Source}{(number == 0 ? "" : "s")}", $"l{ending} {noun.Target}{ending}");
        if (random.NextInt(2) == 0)
        {
            var adjective = Pick(s_adjectives, ref random);
            (source, target) = ($"{adjective.Source} {source}", $"{target} {adjective.Target}{ending}");
        }
        return ($"the {source}", target, noun.Gender, number);
    }

    // Two or three syllables, of which there are some hundred thousand.
    private static string Name(ref CounterRandom random)
    {
        const string Consonants = "bdfgklmnprstvz";
        const string Vowels = "aeiou";
        var name = "";
        for (var syllables = 2 + random.NextInt(2); syllables > 0; syllables--) name += $"{Consonants[random.NextInt(Consonants.Length)]}{Vowels[random.NextInt(Vowels.Length)]}";
        return $"{char.ToUpperInvariant(name[0])}{name[1..]}";
    }

    private static (string Source, string Target) Pick((string Source, string Target)[] words, ref CounterRandom random) => words[random.NextInt(words.Length)];
}
