namespace FixupNet.Optimizers;

/// <summary>Which parameters count as scalars and get the scalar learning rate.</summary>
public enum ScalarGroupRule
{
    /// <summary>The published rule: names containing "bias" or "scale", so the classifier's bias and norm shifts too, but not norm gains.</summary>
    ByName,

    /// <summary>Parameters of exactly one element.</summary>
    SingleElement,
}
