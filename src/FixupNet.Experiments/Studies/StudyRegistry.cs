using FixupNet.Registries;

namespace FixupNet.Experiments.Studies;

/// <summary>The registry of studies: one line a study.</summary>
public static class StudyRegistry
{
    /// <summary>Every study, in listing order.</summary>
    public static Registry<StudyEntry> All { get; } = new("study",
        StudyEntry.Of<AdversarialOptions>("adversarial", "How many test images small changes of pixels turn into errors: FGSM, PGD, noise", AdversarialStudy.Run),
        StudyEntry.Of<HessianOptions>("hessian", "How the loss curves: dominant eigenvalues, trace and spectrum of the Hessian", HessianStudy.Run),
        StudyEntry.Of<NewTestSetOptions>("new-test-set", "How much accuracy a test set costs that nothing was ever chosen by", NewTestSetStudy.Run),
        StudyEntry.Of<PruningOptions>("pruning", "How many of the smallest weights can be left out without training again", PruningStudy.Run),
        StudyEntry.Of<SaliencyOptions>("saliency", "Whether maps of what a network looks at survive changes too small to change its answer", SaliencyStudy.Run));
}
