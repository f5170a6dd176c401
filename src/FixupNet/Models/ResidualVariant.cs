using System.Runtime.Serialization;

namespace FixupNet.Models;

/// <summary>What keeps a residual network's signal in bounds. Named fixup, batchnorm and plain in configurations.</summary>
public enum ResidualVariant
{
    /// <summary>Scalar biases and multipliers, no normalization (arXiv:1901.09321, Fig. 1 right).</summary>
    Fixup,

    /// <summary>Batch normalization after every convolution (arXiv:1512.03385).</summary>
    [EnumMember(Value = "batchnorm")]
    BatchNorm,

    /// <summary>Nothing: Fixup's graph without its scalars.</summary>
    Plain,
}
