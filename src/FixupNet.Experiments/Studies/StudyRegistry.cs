using FixupNet.Registries;

namespace FixupNet.Experiments.Studies;

/// <summary>The registry of studies: one line a study.</summary>
public static class StudyRegistry
{
    /// <summary>Every study, in listing order.</summary>
    public static Registry<StudyEntry> All { get; } = new("study",
        StudyEntry.OfStart<ProbeOptions>("probe", "How signals and gradients change with depth before training, and how far the first updates move the network", ProbeStudy.Run),
        StudyEntry.Of<AdversarialOptions>("adversarial", "How many test images small changes of pixels turn into errors: FGSM, PGD, noise", AdversarialStudy.Run),
        StudyEntry.Of<HessianOptions>("hessian", "How the loss curves: dominant eigenvalues, trace and spectrum of the Hessian", HessianStudy.Run),
        StudyEntry.Of<NewTestSetOptions>("new-test-set", "How much accuracy a test set costs that nothing was ever chosen by", NewTestSetStudy.Run),
        StudyEntry.Of<PruningOptions>("pruning", "How many of the smallest weights can be left out without training again", PruningStudy.Run),
        StudyEntry.Of<NameThatDatasetOptions>("name-that-dataset", "Whether a network can tell which dataset an image is from: trains on sources, and on two halves of one", NameThatDatasetStudy.Run),
        StudyEntry.Of<SaliencyOptions>("saliency", "Whether maps of what a network looks at survive changes too small to change its answer", SaliencyStudy.Run),
        StudyEntry.Of<RandomLabelsOptions>("random-labels", "How well the recipe fits labels that say nothing: trains on shares of random labels", RandomLabelsStudy.Run),
        StudyEntry.Of<ForgettingOptions>("forgetting", "Which examples are forgotten during training, and which need not be there: trains without them", ForgettingStudy.Run),
        StudyEntry.Of<ExampleOrderOptions>("example-order", "How much of the outcome is the order of examples, how much the initialization, and when order matters", ExampleOrderStudy.Run),
        StudyEntry.Of<CatastrophicForgettingOptions>("catastrophic-forgetting", "What is forgotten when classes are learned one task after the other", CatastrophicForgettingStudy.Run),
        StudyEntry.Of<DistillationOptions>("distillation", "What a student, of another depth or none, gains from the trained network as its teacher", DistillationStudy.Run),
        StudyEntry.OfSweep<TuningOptions>("tuning", "Of a sweep: what the best of N configurations is worth, and two searches at the same N", TuningStudy.Run, TuningStudy.Check));
}
