using System.Globalization;

namespace FixupNet.Reporting.Figures;

/// <summary>An axis: where values lie, and its ticks.</summary>
internal sealed class Axis
{
    private const int MostDecadeLabels = 9;
    private const int MostDecadesWithMinorTicks = 4;
    private const double LetterWidth = 7.5; // of a digit at 13 pixels, generously

    private readonly bool _isLogarithmic;
    private readonly double _low; // on a logarithmic axis the exponent, as 10^-324 is no number
    private readonly double _high;
    private readonly PixelRange _pixels;

    private Axis(bool isLogarithmic, double low, double high, PixelRange pixels)
    {
        (_isLogarithmic, _low, _high, _pixels) = (isLogarithmic, low, high, pixels);
    }

    /// <summary>The ticks in ascending order.</summary>
    public IReadOnlyList<AxisTick> Ticks { get; private init; } = [];

    /// <summary>An even axis between round numbers.</summary>
    /// <param name="least">Least value to show.</param>
    /// <param name="most">Largest value to show, above the least.</param>
    /// <param name="pixels">Where the axis lies.</param>
    public static Axis Linear(double least, double most, PixelRange pixels)
    {
        var step = RoundStep((most - least) / 5);
        var (first, last) = (Math.Floor(least / step + 1e-9), Math.Ceiling(most / step - 1e-9)); // 0.3 / 0.1 is a little less than 3
        var axis = new Axis(false, first * step, last * step, pixels);
        var format = $"F{Math.Max(0, -(int)Math.Floor(Math.Log10(step) + 1e-9))}";
        var values = Enumerable.Range(0, (int)(last - first) + 1).Select(index => (first + index) * step);
        return axis.With(values.Select(value => new AxisTick(axis.Pixel(value), value.ToString(format, CultureInfo.InvariantCulture))));
    }

    /// <summary>An even axis of the numbers from 1 to a count, both of which have a tick.</summary>
    /// <param name="count">At least 1.</param>
    /// <param name="pixels">Where the axis lies.</param>
    public static Axis Index(int count, PixelRange pixels)
    {
        var axis = new Axis(false, 0.5, count + 0.5, pixels);
        var step = (int)Math.Max(1, RoundStep(count / 8.0));
        var between = Enumerable.Range(1, count / step).Select(index => index * step)
            .Where(value => value > 1 && count - value >= 0.5 * step);
        int[] values = count == 1 ? [1] : [1, .. between, count];
        return axis.With(values.Select(value => new AxisTick(axis.Pixel(value), Thousands(value))));
    }

    /// <summary>An even axis of named places. Names that would touch are all left out, for the legend has them too.</summary>
    /// <param name="names">Names of the places 1, 2, ….</param>
    /// <param name="pixels">Where the axis lies.</param>
    public static Axis Names(IReadOnlyList<string> names, PixelRange pixels)
    {
        var axis = new Axis(false, 0.5, names.Count + 0.5, pixels);
        var hasRoom = names.Max(name => name.Length) * LetterWidth < (pixels.End - pixels.Start) / names.Count;
        return axis.With(names.Select((name, index) => new AxisTick(axis.Pixel(index + 1), hasRoom ? name : "")));
    }

    /// <summary>A logarithmic axis between powers of ten.</summary>
    /// <param name="least">Least value to show, above 0.</param>
    /// <param name="most">Largest value to show.</param>
    /// <param name="pixels">Where the axis lies.</param>
    public static Axis Decades(double least, double most, PixelRange pixels)
    {
        var low = (int)Math.Floor(Math.Log10(least));
        var high = Math.Max(low + 1, (int)Math.Ceiling(Math.Log10(most)));
        var axis = new Axis(true, low, high, pixels);
        var step = (int)RoundStep(Math.Max(1, (high - low) / (double)MostDecadeLabels));
        var ticks = new List<AxisTick>();
        for (var exponent = low; exponent <= high; exponent++)
        {
            if (exponent % step == 0) ticks.Add(new AxisTick(axis.PixelOf(exponent), "10", Exponent(exponent)));
            if (high - low > MostDecadesWithMinorTicks || exponent == high) continue;
            ticks.AddRange(Enumerable.Range(2, 8).Select(digit => new AxisTick(axis.PixelOf(exponent + Math.Log10(digit)), "")));
        }
        return axis.With(ticks);
    }

    /// <summary>A logarithmic axis of less than a power of ten, with ticks at round numbers.</summary>
    /// <param name="least">Least value to show, above 0.</param>
    /// <param name="most">Largest value to show, above the least.</param>
    /// <param name="pixels">Where the axis lies.</param>
    public static Axis Narrow(double least, double most, PixelRange pixels)
    {
        var room = 0.04 * Math.Log10(most / least);
        var axis = new Axis(true, Math.Log10(least) - room, Math.Log10(most) + room, pixels);
        var step = RoundStep((most - least) / 6);
        var values = Enumerable.Range(0, 10).Select(index => (Math.Ceiling(least / step - 1e-9) + index) * step).Where(value => value <= most * (1 + 1e-9));
        return axis.With(values.Select(value => new AxisTick(axis.Pixel(value), value.ToString("G6", CultureInfo.InvariantCulture))));
    }

    /// <summary>A logarithmic axis with a tick at each of some values, and some room at both ends. A label that would touch the one
    /// before it is left out.</summary>
    /// <param name="values">The values, above 0.</param>
    /// <param name="pixels">Where the axis lies.</param>
    public static Axis LogarithmicAt(IReadOnlyCollection<double> values, PixelRange pixels)
    {
        var (low, high) = (Math.Log10(values.Min()), Math.Log10(values.Max()));
        var room = Math.Max(0.06 * (high - low), 0.01);
        var axis = new Axis(true, low - room, high + room, pixels);
        var ticks = new List<AxisTick>();
        var free = double.NegativeInfinity;
        foreach (var value in values.Distinct().Order())
        {
            var (pixel, label) = (axis.Pixel(value), Thousands(value));
            var half = label.Length * LetterWidth / 2;
            var hasRoom = pixel - half >= free;
            if (hasRoom) free = pixel + half + LetterWidth;
            ticks.Add(new AxisTick(pixel, hasRoom ? label : ""));
        }
        return axis.With(ticks);
    }

    /// <summary>An axis of ticks only, for places that are no values.</summary>
    public static Axis At(IReadOnlyList<AxisTick> ticks) => new(false, 0, 1, default) { Ticks = ticks };

    /// <summary>Where a value lies.</summary>
    /// <param name="value">The value; above 0 on a logarithmic axis.</param>
    public double Pixel(double value) => PixelOf(_isLogarithmic ? Math.Log10(value) : value);

    /// <summary>A number with commas between its thousands.</summary>
    public static string Thousands(double value) => value.ToString("#,0.###", CultureInfo.InvariantCulture);

    private static string Exponent(int exponent) => exponent < 0 ? $"−{-exponent}" : $"{exponent}"; // the minus sign, not a hyphen

    // The least of 1, 2, 5, 10, 20, … times any power of ten that is not below a step.
    private static double RoundStep(double step)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(step)));
        return new[] { 1, 2, 5, 10 }.Select(digit => digit * power).First(round => round >= step * (1 - 1e-9));
    }

    private double PixelOf(double position) => _pixels.Start + (position - _low) / (_high - _low) * (_pixels.End - _pixels.Start);

    private Axis With(IEnumerable<AxisTick> ticks) => new(_isLogarithmic, _low, _high, _pixels) { Ticks = [.. ticks] };
}
