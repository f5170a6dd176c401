using FixupNet.Registries;

namespace FixupNet.Schedules;

/// <summary>The registry of learning-rate schedules: one line a schedule.</summary>
public static class ScheduleRegistry
{
    /// <summary>Every schedule, in listing order.</summary>
    public static Registry<ScheduleEntry> All { get; } = new("schedule",
        ScheduleEntry.Of<ConstantScheduleOptions>("constant", "the base learning rate throughout", (options, _) => new ConstantSchedule(options)),
        ScheduleEntry.Of<StepsScheduleOptions>("steps", "falls by a factor at given epochs", (options, _) => new StepsSchedule(options)),
        ScheduleEntry.Of<CosineScheduleOptions>("cosine", "half a cosine down to a final factor", (options, epochs) => new CosineSchedule(options, epochs)),
        ScheduleEntry.Of<InverseSquareRootScheduleOptions>("inverse-sqrt", "falls with the square root of time after a warm-up", (options, _) => new InverseSquareRootSchedule(options)));
}
