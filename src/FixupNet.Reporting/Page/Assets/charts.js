"use strict";
// A chart of curves. Zeros on a logarithmic axis and what is not finite lie in strips at the lower and the upper edge, a lane a curve;
// trials that diverged are crosses at the very bottom.
const charts = (() => {
  const lane = 7, crossPitch = 11, markPitch = 56;

  const create = (figure, chart) => {
    const element = figure.querySelector(".plot");
    const curves = chart.curves, lines = curves.flatMap((curve, index) => curve.lines.map(line => ({ ...line, curve, index })));
    const visible = curves.map(() => true);
    const hasZeros = lines.some(line => line.zeros.length > 0), strange = lines.flatMap(line => line.nonFinite.map(point => point[1]));
    const crossRows = Math.max(0, ...curves.map(curve => Math.max(0, ...curve.crosses.map(x => curve.crosses.filter(other => other === x).length))));
    const below = (crossRows > 0 ? crossRows * crossPitch + 8 : 0) + (hasZeros ? curves.length * lane + 8 : 0);
    const above = strange.length > 0 ? curves.length * lane + 8 : 0;
    const x = horizontal(chart.x, curves, lines), y = vertical(chart.y, curves, lines, below, above);
    const tables = lines.map(line => [line.x.map(at => values.place(chart.x, at)), line.y.map(at => (at === null ? null : values.place(chart.y, at)))]);
    // Places without a line, of crosses or of zeros, are places of the cursor too.
    const extra = curves.flatMap(curve => [...curve.crosses, ...curve.dots.map(dot => dot[0])]).concat(lines.flatMap(line => [...line.zeros, ...line.nonFinite.map(point => point[0])]));
    const places = [...new Set(extra)].map(at => values.place(chart.x, at)).sort((a, b) => a - b);
    // A null breaks a line up to its own next points, though points of other lines lie between.
    const all = [...tables, [places, places.map(() => undefined)]], expand = 2;
    const data = uPlot.join(all, all.map(table => table.map(() => expand)));
    const drawn = { dots: [], crosses: [], intervals: [], zeros: [], nonFinite: [], lines };
    const width = line => (line.curve.dots.length > 0 ? 2.4 : line.curve.lines.length > 1 ? 1.4 : 1.8);

    const px = (self, at) => self.valToPos(values.place(chart.x, at), "x", true);
    const py = (self, at) => self.valToPos(values.place(chart.y, at), "y", true);
    // Seeds of different curves at one depth stand beside each other; the lines go through the depth itself.
    const besides = curves.filter(curve => curve.dots.length > 0), pitch = Math.min(10, 40 / besides.length);
    const aside = curve => (besides.indexOf(curve) - (besides.length - 1) / 2) * pitch * dpr();
    const bottom = self => self.bbox.top + self.bbox.height;
    const dpr = () => devicePixelRatio;

    const plot = plots.create(element, {
      x, y, data, above, below,
      series: [...lines.map(line => ({
        label: line.name, scale: "y", stroke: () => marks.color(line.curve.style), width: width(line), dash: marks.dashes(line.curve.style, line.curve.dots.length > 0), points: { show: false }, spanGaps: false,
      })), { show: false }],
      drawBehind: (self, context) => strips(self, context),
      drawAbove: (self, context) => {
        for (const kind of ["dots", "crosses", "intervals", "zeros", "nonFinite"]) drawn[kind] = [];
        curves.forEach((curve, index) => { if (visible[index]) drawCurve(self, context, curve, index); });
        lines.forEach((line, index) => { if (visible[line.index] && line.curve.dots.length === 0) drawMarks(self, context, line, index); });
        drawCrosses(self, context);
      },
      read: index => read(index),
    });

    function strips(self, context) {
      const { left, top, width: wide } = self.bbox, ratio = dpr();
      context.fillStyle = theme.color("strip");
      if (below > 0) context.fillRect(left, bottom(self) - below * ratio, wide, below * ratio);
      if (above > 0) context.fillRect(left, top, wide, above * ratio);
      context.fillStyle = theme.color("ink");
      context.font = plots.font(13 * ratio);
      context.textAlign = "right";
      context.textBaseline = "middle";
      const crossHeight = crossRows > 0 ? crossRows * crossPitch + 8 : 0;
      if (hasZeros) context.fillText("0", left - 11 * ratio, bottom(self) - (crossHeight + below) / 2 * ratio);
      const names = [strange.some(value => value !== "NaN") ? "∞" : "", strange.includes("NaN") ? "NaN" : ""].filter(name => name).join(", ");
      if (above > 0) context.fillText(names, left - 11 * ratio, top + above / 2 * ratio);
    }

    function drawCurve(self, context, curve, index) {
      const ratio = dpr();
      context.strokeStyle = marks.color(curve.style);
      context.setLineDash([]);
      context.lineWidth = 1.5 * ratio;
      for (const [at, low, high] of curve.intervals) {
        const middle = px(self, at) + aside(curve), edge = bottom(self) - below * ratio;
        const ends = [low, high].map(end => (values.isLogarithmic(chart.y) && end <= 0 ? edge : Math.min(py(self, end), edge)));
        context.beginPath();
        for (const end of ends) { context.moveTo(middle - 5 * ratio, end); context.lineTo(middle + 5 * ratio, end); }
        context.moveTo(middle, ends[0]);
        context.lineTo(middle, ends[1]);
        context.stroke();
        drawn.intervals.push({ curve: curve.label, x: at, low: ends[0], high: ends[1] });
      }
      for (const [at, value] of curve.dots) {
        if (typeof value === "string" || (values.isLogarithmic(chart.y) && value <= 0)) continue;
        const [left, top] = [px(self, at), py(self, value)];
        marks.draw(context, curve.style, left + aside(curve), top, 4.2 * ratio);
        drawn.dots.push({ curve: curve.label, left, top });
      }
      const crossHeight = crossRows > 0 ? crossRows * crossPitch + 8 : 0;
      for (const line of curve.lines) {
        strokes(self, context, line.zeros, bottom(self) - (below - 4 - index * lane) * ratio, "zeros", curve);
        strokes(self, context, line.nonFinite.map(point => point[0]), self.bbox.top + (4 + index * lane) * ratio, "nonFinite", curve);
      }
    }

    function strokes(self, context, places_, top, kind, curve) {
      const ratio = dpr();
      context.strokeStyle = marks.color(curve.style);
      context.lineWidth = 1.8 * ratio;
      context.beginPath();
      for (const at of places_) {
        const left = px(self, at);
        context.moveTo(left, top);
        context.lineTo(left, top + (lane - 1) * ratio);
        drawn[kind].push({ curve: curve.label, left, top });
      }
      context.stroke();
    }

    // Some of the points only, at other places than those of the other lines.
    function drawMarks(self, context, line, index) {
      const ratio = dpr(), pitch = markPitch * ratio;
      let next = self.bbox.left + (index / lines.length) * pitch;
      line.x.forEach((at, point) => {
        if (line.y[point] === null) return;
        const left = px(self, at);
        if (left < next || left > self.bbox.left + self.bbox.width + 1) return;
        marks.draw(context, line.curve.style, left, py(self, line.y[point]), (line.curve.lines.length > 1 ? 3.2 : 3.8) * ratio);
        next += Math.ceil((left - next + 1) / pitch) * pitch;
      });
    }

    // A column for each curve with a trial that diverged at a place, a row for each trial: none hides another.
    function drawCrosses(self, context) {
      const ratio = dpr();
      for (const at of new Set(curves.flatMap(curve => curve.crosses))) {
        const here = curves.map((curve, index) => ({ curve, index, count: curve.crosses.filter(x_ => x_ === at).length })).filter(entry => entry.count > 0);
        here.forEach((entry, column) => {
          if (!visible[entry.index]) return;
          for (let row = 0; row < entry.count; row++) {
            const left = px(self, at) + (column - (here.length - 1) / 2) * crossPitch * ratio, top = bottom(self) - (9 + row * crossPitch) * ratio;
            marks.cross(context, marks.color(entry.curve.style), left, top, 4 * ratio);
            drawn.crosses.push({ curve: entry.curve.label, x: at, left, top });
          }
        });
      }
    }

    const steps = lines.map(pointsOf);

    function read(index) {
      const at = plot.data[0][index], entries = [];
      const near = place => Math.abs(values.place(chart.x, place) - at) < 1e-9 * Math.max(1, Math.abs(at));
      curves.forEach((curve, number) => {
        if (!visible[number]) return;
        const texts = lines.flatMap((line, order) => (line.index === number ? [steps[order].findLast(([place]) => near(place) || values.place(chart.x, place) < at)] : []))
          .filter(point => point !== undefined).map(([place, value]) => values.short(value) + (near(place) ? "" : ` (at ${values.short(place)})`));
        const count = curve.crosses.filter(near).length;
        if (count > 0) texts.push(`${count} diverged`);
        if (texts.length > 0) entries.push([curve.label, texts.join(", ")]);
      });
      return { place: `${chart.x.name} ${values.short(values.value(chart.x, at))}`, entries };
    }

    legend(figure.querySelector(".legend"), chart, crossRows > 0, (index, isShown) => {
      visible[index] = isShown;
      plots.show(plot, lines.flatMap((line, number) => (line.index === index ? [number + 1] : [])), isShown);
    });
    return { plot, drawn, chart };
  };

  const horizontal = (axis, curves, lines) => {
    const all = lines.flatMap(line => [...line.x, ...line.zeros, ...line.nonFinite.map(point => point[0])])
      .concat(curves.flatMap(curve => [...curve.crosses, ...curve.dots.map(dot => dot[0])]));
    let [least, most] = bounds(all);
    if (axis.scale === "index") return { ...axis, low: 0.5, high: most + 0.5, occurring: most };
    if (axis.scale === "linear") return { ...axis, low: 0, high: most * 1.02 || 1 };
    [least, most] = [Math.log10(least), Math.log10(most)];
    const room = Math.max(0.06 * (most - least), 0.02);
    return { ...axis, low: least - room, high: most + room, occurring: [...new Set(all)].sort((a, b) => a - b) };
  };

  // Room for the strips is added to the scale, so that what they hold hides no point.
  const vertical = (axis, curves, lines, below, above) => {
    const isShown = value => typeof value === "number" && (value > 0 || !values.isLogarithmic(axis));
    const all = lines.flatMap(line => line.y).concat(curves.flatMap(curve => [...curve.dots.map(dot => dot[1]), ...curve.intervals.flatMap(([, low, high]) => [low, high])]));
    let [low, high] = all.some(isShown) ? bounds(all.filter(isShown).map(value => values.place(axis, value))) : axis.scale === "logarithmic" ? [0, 1] : [0, 100];
    const room = Math.max(0.05 * (high - low), axis.scale === "logarithmic" ? 0.05 : 0.3);
    [low, high] = [low - room, high + room];
    if (axis.scale === "percent") [low, high] = [Math.max(0, low), Math.min(101, high)];
    const inner = 420 - 90 - below - above, unit = (high - low) / Math.max(inner, 120);
    return { ...axis, low: low - below * unit, high: high + above * unit };
  };

  // All that a line has, zeros and what is not finite among it, by place.
  const pointsOf = line => [
    ...line.x.map((at, index) => [at, line.y[index]]).filter(point => point[1] !== null), ...line.zeros.map(at => [at, 0]), ...line.nonFinite,
  ].sort((a, b) => a[0] - b[0]);

  const bounds = all => all.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [Infinity, -Infinity]);

  const interval = (context, ratio) => {
    context.strokeStyle = theme.color("ink");
    context.lineWidth = 1.5 * ratio;
    context.beginPath();
    for (const y of [2, 14]) { context.moveTo(12 * ratio, y * ratio); context.lineTo(22 * ratio, y * ratio); }
    context.moveTo(17 * ratio, 2 * ratio);
    context.lineTo(17 * ratio, 14 * ratio);
    context.stroke();
  };

  const legend = (element, chart, hasCrosses, toggle) => {
    chart.curves.forEach((curve, index) => {
      if (!curve.label) return;
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("aria-pressed", "true");
      button.append(marks.curveSample(curve.style, curve.dots.length > 0), curve.label);
      button.addEventListener("click", () => {
        const isShown = button.getAttribute("aria-pressed") !== "true";
        button.setAttribute("aria-pressed", String(isShown));
        toggle(index, isShown);
      });
      element.append(button);
    });
    const note = (...content) => { const span = document.createElement("span"); span.append(...content); element.append(span); };
    if (chart.curves.some(curve => curve.intervals.length > 0)) note(marks.sample(interval), "95 % interval of the mean");
    if (hasCrosses) note(marks.sample((context, ratio) => marks.cross(context, theme.color("ink"), 17 * ratio, 8 * ratio, 4 * ratio)), "diverged");
    if (chart.leftOut > 0) note(`${chart.leftOut} more not drawn`);
  };

  return { create };
})();
