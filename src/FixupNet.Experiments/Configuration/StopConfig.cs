using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace FixupNet.Experiments.Configuration;

/// <summary>When training ends early.</summary>
/// <param name="NonFinite">At the first loss or gradient that is NaN or infinite; default on.</param>
/// <param name="LossAbove">At a loss above this, in (0, 1e300]; default 10^4.</param>
/// <param name="MaxMinutes">After this many minutes, in (0, 10^6]; null, the default, for no limit.</param>
public sealed record StopConfig(
    [property: Description("End at the first loss or gradient that is not finite.")] bool NonFinite = true,
    [property: Description("End at a loss above this."), Range(0.0, 1e300, MinimumIsExclusive = true)] double LossAbove = 1e4,
    [property: Description("End after this many minutes."), Range(0.0, 1e6, MinimumIsExclusive = true)] double? MaxMinutes = null);
