namespace FixupNet.Residual;

/// <summary>What a parameter does in a network.</summary>
public enum ParameterRole
{
    /// <summary>Weight of a convolution or linear layer.</summary>
    Weight,

    /// <summary>A row for every symbol of a vocabulary.</summary>
    Embedding,

    /// <summary>Bias of a convolution or linear layer that is not the classifier.</summary>
    Bias,

    /// <summary>Bias of the classifier.</summary>
    ClassifierBias,

    /// <summary>One number added to every element, as Fixup has it.</summary>
    ScalarBias,

    /// <summary>One number that multiplies a branch's output.</summary>
    Multiplier,

    /// <summary>Multiplies a channel: the gain γ of a normalization layer, or of a standardized weight.</summary>
    Gain,

    /// <summary>Added to a channel: the shift β of a normalization layer.</summary>
    Shift,
}
