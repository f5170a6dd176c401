"use strict";
// What a chart tells about a place: the value of every curve that is shown.
const readings = (() => {
  // All that a line has, zeros and what is not finite among it, by place.
  const pointsOf = line => line.points ??= [
    ...line.x.map((at, index) => [at, line.y[index]]).filter(point => point[1] !== null), ...line.zeros.map(at => [at, 0]), ...line.nonFinite,
  ].sort((a, b) => a[0] - b[0]);

  // at: a place on the lower axis, in the axis's own measure
  const at = (chart, lines, visible, at_) => {
    const entries = [], place = values.value(chart.x, at_);
    const near = other => Math.abs(values.place(chart.x, other) - at_) < 1e-9 * Math.max(1, Math.abs(at_));
    // Where a line has nothing here, its last value before; a summary says nothing of other places.
    const pointAt = line => pointsOf(line).findLast(point => near(point[0]) || (!line.curve.isSummary && values.place(chart.x, point[0]) < at_));
    chart.curves.forEach((curve, number) => {
      if (!visible[number]) return;
      const texts = lines.filter(line => line.index === number).map(pointAt).filter(point => point !== undefined)
        .map(([where, value]) => values.short(value) + (near(where) ? "" : ` (at ${values.short(where)})`));
      const interval = [...curve.intervals, ...curve.band].find(([where]) => near(where));
      if (texts.length > 0 && interval) texts.push(`${values.short(interval[1])} to ${values.short(interval[2])}`);
      const dots = curve.dots.filter(([where]) => near(where)).length;
      if (dots > 0) texts.push(`n = ${dots}`);
      for (const cross of curve.crosses.filter(cross => near(cross.x))) texts.push(`${cross.count} of ${cross.of} diverged`);
      if (texts.length > 0) entries.push([curve.label, texts.join(", ")]);
    });
    const name = chart.x.tell ? chart.x.tell(place) : chart.x.scale === "names" ? chart.x.names[Math.round(place) - 1] : `${chart.x.name} ${values.short(place)}`;
    return { place: name, entries };
  };

  return { at };
})();
