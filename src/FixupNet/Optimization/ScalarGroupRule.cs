using System.Runtime.Serialization;

namespace FixupNet.Optimization;

/// <summary>Which parameters count as scalars and get the scalar learning rate.</summary>
public enum ScalarGroupRule
{
    /// <summary>Those of the roles that the network names; for the published networks the groups that their published code makes by name.</summary>
    [EnumMember(Value = "by-name")]
    ByRole,

    /// <summary>Parameters of exactly one element.</summary>
    SingleElement,
}
