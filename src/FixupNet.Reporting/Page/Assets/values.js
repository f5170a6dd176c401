"use strict";
// Where values lie and how they are written. Logarithmic axes are even axes of exponents here, so that 1e-30 is as good a number as 1.
const values = (() => {
  const isLogarithmic = axis => axis.scale === "logarithmic" || axis.scale === "values";
  const place = (axis, value) => (isLogarithmic(axis) ? Math.log10(value) : value);
  const value = (axis, at) => (isLogarithmic(axis) ? 10 ** at : at);
  const minus = text => text.replace(/-/g, "−");

  const short = number => {
    if (typeof number === "string") return number.replace("-Infinity", "−∞").replace("Infinity", "∞"); // what is not finite
    if (number === 0) return "0";
    const size = Math.abs(number);
    if (size >= 1e6 || size < 1e-3) return minus(number.toExponential(3).replace(/\.?0+e/, "e").replace("e+", "e"));
    return minus(Number(number.toPrecision(5)).toLocaleString("en-US", { maximumSignificantDigits: 5 }));
  };

  const roundStep = step => {
    const power = 10 ** Math.floor(Math.log10(step));
    return [1, 2, 5, 10].map(digit => digit * power).find(round => round >= step * (1 - 1e-9));
  };

  const even = (low, high, count, whole) => {
    const step = whole ? Math.max(1, roundStep((high - low) / count)) : roundStep((high - low) / count);
    const ticks = [];
    for (let index = Math.ceil(low / step - 1e-9); index * step <= high + step * 1e-9; index++) ticks.push(Number((index * step).toPrecision(12)));
    return ticks;
  };

  // Places of the ticks between two places.
  const ticks = (axis, low, high, count, occurring) => {
    if (axis.scale === "names") return axis.names.map((_, index) => index + 1).filter(at => at >= low && at <= high);
    if (axis.scale === "values") return occurring.map(Math.log10).filter(at => at >= low && at <= high);
    if (axis.scale === "index") {
      const inner = even(low, high, count, true).filter(at => at >= 1), ends = [1, occurring].filter(at => at >= low && at <= high);
      const gap = (high - low) / count / 2;
      return [...ends, ...inner.filter(at => ends.every(end => Math.abs(end - at) > gap))].sort((a, b) => a - b);
    }
    if (axis.scale !== "logarithmic") return even(low, high, count, false);
    if (high - low >= 3) return even(low, high, count, true);
    if (high - low < 0.5) return even(10 ** low, 10 ** high, count, false).filter(number => number > 0).map(Math.log10);
    const all = [];
    for (let exponent = Math.floor(low); exponent <= high; exponent++) for (const digit of [1, 2, 5]) all.push(exponent + Math.log10(digit));
    return all.filter(at => at >= low - 1e-9 && at <= high + 1e-9);
  };

  // Over many powers of ten all are written as powers, for 0.01 beside 1e6 reads badly.
  const label = (axis, at, decades = 0) => {
    if (axis.scale === "names") return axis.names[at - 1];
    if (axis.scale !== "logarithmic") return short(value(axis, at));
    const exponent = Math.round(at);
    if (Math.abs(at - exponent) < 1e-9 && (decades > 5 || exponent > 4 || exponent < -3)) return `1e${minus(String(exponent))}`;
    return short(Number((10 ** at).toPrecision(6)));
  };

  return { isLogarithmic, place, value, short, ticks, label };
})();
