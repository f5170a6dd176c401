"use strict";
// A chart of curves. Zeros on a logarithmic axis and what is not finite lie in strips at the lower and the upper edge, a lane a curve;
// how many trials diverged stands at the very bottom.
const charts = (() => {
  const lane = 7, crossLane = 15;

  // hidden: labels of curves that are not shown at first
  const create = (figure, chart, hidden = new Set()) => {
    const element = figure.querySelector(".plot");
    const lines = chart.curves.flatMap((curve, index) => curve.lines.map(line => ({ ...line, curve, index })));
    const visible = chart.curves.map(curve => !hidden.has(curve.id ?? curve.label)), strips = stripsOf(chart, lines);
    const x = horizontal(chart.x, chart.curves, lines), y = vertical(chart.y, chart.curves, lines, strips);
    const tables = lines.map(line => [line.x.map(at => values.place(chart.x, at)), line.y.map(at => (at === null ? null : values.place(chart.y, at)))]);
    // Places without a line, of crosses or of zeros, are places of the cursor too.
    const extra = chart.curves.flatMap(curve => [...curve.crosses.map(cross => cross.x), ...curve.dots.map(dot => dot[0])]).concat(lines.flatMap(line => [...line.zeros, ...line.nonFinite.map(point => point[0])]));
    const places = [...new Set(extra)].map(at => values.place(chart.x, at)).sort((a, b) => a - b);
    // A null breaks a line up to its own next points, though points of other lines lie between.
    const all = [...tables, [places, places.map(() => undefined)]], expand = 2;
    const data = uPlot.join(all, all.map(table => table.map(() => expand)));
    const drawing = curves.create(chart, lines, visible, strips);

    const plot = plots.create(element, {
      x, y, data, above: strips.above, below: strips.below,
      series: [...lines.map(line => ({
        label: line.name, scale: "y", show: visible[line.index], stroke: () => marks.color(line.curve.style), width: line.curve.lines.length > 1 ? 1.4 : 1.8,
        dash: line.curve.style.dashes, points: { show: false }, spanGaps: false, ...(line.curve.isSummary ? { paths: () => null } : {}), // drawn with its marks
      })), { show: false }],
      drawBehind: (self, context) => drawStrips(self, context, chart, strips),
      drawAbove: drawing.draw,
      read: index => readings.at(chart, lines, visible, plot.data[0][index]),
    });
    legends.create(figure.querySelector(".legend"), chart, visible, (index, isShown) => {
      visible[index] = isShown;
      plots.show(plot, lines.flatMap((line, number) => (line.index === index ? [number + 1] : [])), isShown);
    });
    const hiddenLabels = () => new Set(chart.curves.filter((_, index) => !visible[index]).map(curve => curve.id ?? curve.label));
    return { plot, drawn: drawing.drawn, chart, hiddenLabels };
  };

  // chart.strips says what must have room even where this chart has none of it, so that a series of charts has one layout.
  const stripsOf = (chart, lines) => {
    const strange = lines.flatMap(line => line.nonFinite.map(point => point[1])).concat(chart.strips?.nonFinite ?? []);
    const hasZeros = chart.strips?.zeros || lines.some(line => line.zeros.length > 0), count = chart.curves.length;
    const crossed = chart.curves.flatMap((curve, index) => (curve.crosses.length > 0 ? [index] : []));
    const crossHeight = crossed.length > 0 ? crossed.length * crossLane + 4 : 0;
    return {
      lane, hasZeros, crossHeight, crossMiddle: index => 2 + (crossed.indexOf(index) + 0.5) * crossLane,
      below: crossHeight + (hasZeros ? count * lane + 8 : 0), above: strange.length > 0 ? count * lane + 8 : 0,
      names: [strange.some(value => value !== "NaN") ? "∞" : "", strange.includes("NaN") ? "NaN" : ""].filter(name => name).join(", "),
    };
  };

  const drawStrips = (self, context, chart, strips) => {
    const { left, top, width, height } = self.bbox, ratio = devicePixelRatio, bottom = top + height;
    context.fillStyle = theme.color("strip");
    if (strips.below > 0) context.fillRect(left, bottom - strips.below * ratio, width, strips.below * ratio);
    if (strips.above > 0) context.fillRect(left, top, width, strips.above * ratio);
    context.fillStyle = theme.color("ink");
    context.font = plots.font(13 * ratio);
    [context.textAlign, context.textBaseline] = ["right", "middle"];
    if (strips.hasZeros) context.fillText("0", left - 11 * ratio, bottom - (strips.crossHeight + strips.below) / 2 * ratio);
    if (strips.crossHeight > 0) context.fillText("diverged", left - 11 * ratio, bottom - strips.crossHeight / 2 * ratio);
    if (strips.above > 0) context.fillText(strips.names, left - 11 * ratio, top + strips.above / 2 * ratio);
  };

  const horizontal = (axis, all, lines) => {
    const places = lines.flatMap(line => [...line.x, ...line.zeros, ...line.nonFinite.map(point => point[0])])
      .concat(all.flatMap(curve => [...curve.crosses.map(cross => cross.x), ...curve.dots.map(dot => dot[0])]));
    let [least, most] = bounds(places);
    if (axis.scale === "names") return { ...axis, low: 0.5, high: axis.names.length + 0.5, occurring: axis.names.length };
    if (axis.scale === "index") return { ...axis, low: 0.5, high: (axis.count ?? most) + 0.5, occurring: axis.count ?? most };
    // Places far from 0, such as accuracies of a point a network, fill the axis.
    if (axis.scale === "linear" && least > most / 2 && least < most) return { ...axis, low: least - 0.04 * (most - least), high: most + 0.04 * (most - least) };
    if (axis.scale === "linear") return { ...axis, low: Math.min(0, 1.02 * least), high: Math.max(most * 1.02, 0) || 1 };
    [least, most] = [Math.log10(least), Math.log10(most)];
    const room = Math.max(0.06 * (most - least), 0.02);
    return { ...axis, low: least - room, high: most + room, occurring: [...new Set(places)].sort((a, b) => a - b) };
  };

  // Room for the strips is added to the scale, so that what they hold hides no point. Intervals of two seeds are so wide that they get no room.
  const vertical = (axis, all, lines, { below, above }) => {
    const isShown = value => typeof value === "number" && (value > 0 || !values.isLogarithmic(axis)), leastSeeds = 3;
    const shown = lines.flatMap(line => line.y).concat(all.flatMap(curve => [
      ...curve.dots.map(dot => dot[1]), ...[...curve.intervals, ...curve.band].flatMap(([, low, high, count]) => (count >= leastSeeds ? [low, high] : [])),
    ])).filter(isShown);
    let [low, high] = axis.range ?? (shown.length > 0 ? bounds(shown.map(value => values.place(axis, value))) : axis.scale === "logarithmic" ? [0, 1] : [0, 100]);
    const room = Math.max(0.05 * (high - low), axis.scale === "logarithmic" ? 0.05 : axis.scale === "percent" ? 0.3 : 1e-3 * Math.abs(high) || 1e-9);
    [low, high] = [low - room, high + room];
    if (axis.scale === "percent") [low, high] = [Math.max(0, low), Math.min(101, high)];
    const inner = plots.height - 90 - below - above, unit = (high - low) / Math.max(inner, 120);
    return { ...axis, low: low - below * unit, high: high + above * unit };
  };

  const bounds = all => all.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [Infinity, -Infinity]);

  return { create };
})();
