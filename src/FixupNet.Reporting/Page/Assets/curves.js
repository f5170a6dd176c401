"use strict";
// Draws what uPlot does not: means, bands, bars, single results, marks, strokes in strips and crosses. What is drawn is kept, for tests and readers.
const curves = (() => {
  const markPitch = 56, crossLabel = 62;
  const dpr = () => devicePixelRatio;

  // strips: see charts; lines: those of all curves with their curve; visible: one flag a curve
  const create = (chart, lines, visible, strips) => {
    const drawn = { means: [], marks: [], dots: [], crosses: [], intervals: [], bands: [], zeros: [], nonFinite: [], lines };
    const px = (self, at) => self.valToPos(values.place(chart.x, at), "x", true);
    const py = (self, at) => self.valToPos(values.place(chart.y, at), "y", true);
    const isShown = value => typeof value === "number" && (value > 0 || !values.isLogarithmic(chart.y));
    const bottom = self => self.bbox.top + self.bbox.height;
    // Curves that sum up trials stand beside each other, with all that belongs to them: their bars would hide each other.
    const hasBars = chart.x.scale !== "linear" || chart.curves.some(curve => curve.intervals.length > 0);
    const besides = chart.x.scale === "names" || !hasBars ? [] : chart.curves.filter(curve => curve.isSummary), pitch = Math.min(9, 36 / besides.length);
    const aside = curve => (besides.includes(curve) ? (besides.indexOf(curve) - (besides.length - 1) / 2) * pitch * dpr() : 0);

    const draw = (self, context) => {
      for (const kind of Object.keys(drawn)) if (kind !== "lines") drawn[kind] = [];
      chart.curves.forEach((curve, index) => { if (visible[index]) drawCurve(self, context, curve, index); });
      lines.forEach((line, index) => {
        if (!visible[line.index]) return;
        if (line.curve.isSummary) drawMeans(self, context, line);
        else drawMarks(self, context, line, index);
      });
    };

    function drawCurve(self, context, curve, index) {
      if (curve.band.length > 1) drawBand(self, context, curve);
      context.lineWidth = 1.5 * dpr();
      for (const interval of curve.band.length === 1 ? curve.band : curve.intervals) drawInterval(self, context, curve, interval);
      for (const [at, value] of curve.dots) {
        if (!isShown(value)) continue;
        const [left, top] = [px(self, at) + aside(curve), py(self, value)];
        marks.dot(context, marks.color(curve.style), left, top, 3 * dpr());
        drawn.dots.push({ curve: curve.label, left, top });
      }
      for (const line of curve.lines) {
        strokes(self, context, line.zeros, bottom(self) - (strips.below - 4 - index * strips.lane) * dpr(), "zeros", curve);
        strokes(self, context, line.nonFinite.map(point => point[0]), self.bbox.top + (4 + index * strips.lane) * dpr(), "nonFinite", curve);
      }
      drawCrosses(self, context, curve, index);
    }

    // Within the room for values, and whether the place is there.
    const edge = (self, value) => {
      const highest = self.bbox.top + strips.above * dpr(), lowest = bottom(self) - strips.below * dpr();
      if (!isShown(value)) return [value > 0 ? highest : lowest, false];
      const at = py(self, value);
      return [Math.min(lowest, Math.max(highest, at)), at >= highest && at <= lowest];
    };

    function drawInterval(self, context, curve, [at, low, high]) {
      const left = px(self, at) + aside(curve), [top, hasTop] = edge(self, high), [end, hasEnd] = edge(self, low);
      context.globalAlpha = hasTop && hasEnd ? 1 : 0.4; // what is cut off is no more than a hint
      marks.bar(context, marks.color(curve.style), left, [top, end], [hasTop, hasEnd], 5 * dpr());
      context.globalAlpha = 1;
      drawn.intervals.push({ curve: curve.label, x: at, left, low: end, high: top });
    }

    function drawBand(self, context, curve) {
      const at = ([x], value) => [px(self, x) + aside(curve), edge(self, value)[0]];
      const corners = [...curve.band.map(interval => at(interval, interval[2])), ...curve.band.toReversed().map(interval => at(interval, interval[1]))];
      context.globalAlpha = 0.18;
      context.fillStyle = marks.color(curve.style);
      context.beginPath();
      for (const [left, top] of corners) context.lineTo(left, top);
      context.fill();
      context.globalAlpha = 1;
      drawn.bands.push({ curve: curve.label, corners });
    }

    function drawMeans(self, context, line) {
      const ratio = dpr(), points = line.x.map((at, index) => (line.y[index] === null ? null : { curve: line.curve.label, x: at, left: px(self, at) + aside(line.curve), top: py(self, line.y[index]) }));
      context.strokeStyle = marks.color(line.curve.style);
      context.lineWidth = 2.2 * ratio;
      context.setLineDash(line.curve.style.meanDashes.map(length => length * ratio));
      context.beginPath();
      points.forEach((point, index) => { if (point) context[index > 0 && points[index - 1] ? "lineTo" : "moveTo"](point.left, point.top); });
      context.stroke();
      for (const point of points) if (point) { marks.draw(context, line.curve.style, point.left, point.top, 5 * ratio); drawn.means.push(point); }
    }

    function strokes(self, context, places, top, kind, curve) {
      context.strokeStyle = marks.color(curve.style);
      context.lineWidth = 1.8 * dpr();
      context.setLineDash([]);
      context.beginPath();
      for (const at of places) {
        const left = px(self, at);
        context.moveTo(left, top);
        context.lineTo(left, top + (strips.lane - 1) * dpr());
        drawn[kind].push({ curve: curve.label, left, top });
      }
      context.stroke();
    }

    // Some of the points only, at other places than those of the other lines.
    function drawMarks(self, context, line, index) {
      const ratio = dpr(), pitch_ = markPitch * ratio;
      let next = self.bbox.left + (index / lines.length) * pitch_;
      line.x.forEach((at, point) => {
        if (line.y[point] === null) return;
        const left = px(self, at), isAlone = typeof line.y[point - 1] !== "number" && typeof line.y[point + 1] !== "number"; // no line shows it
        if ((left < next && !isAlone) || left > self.bbox.left + self.bbox.width + 1) return;
        const top = py(self, line.y[point]);
        marks.draw(context, line.curve.style, left, top, (line.curve.lines.length > 1 ? 3.2 : 3.8) * ratio);
        drawn.marks.push({ curve: line.curve.label, left, top });
        if (left >= next) next += Math.ceil((left - next + 1) / pitch_) * pitch_;
      });
    }

    // How many trials diverged, in a lane of the curve; what is too near to stand apart is counted together.
    function drawCrosses(self, context, curve, index) {
      if (curve.crosses.length === 0) return;
      const ratio = dpr(), groups = [], top = bottom(self) - (strips.crossHeight - strips.crossMiddle(index)) * ratio;
      for (const cross of curve.crosses.toSorted((a, b) => a.x - b.x)) {
        const left = px(self, cross.x), last = groups.at(-1);
        if (last && chart.x.scale === "linear" && left - last.left < crossLabel * ratio) { last.count += cross.count; last.right = left; }
        else groups.push({ curve: curve.label, x: cross.x, left, right: left, top, count: cross.count, of: cross.of });
      }
      const isTight = groups.some((group, order) => order > 0 && group.left - groups[order - 1].left < crossLabel * ratio), of = isTight ? "/" : " of ";
      for (const group of groups) {
        const isCounted = group.of > 1, { left, width } = self.bbox, place = (group.left + group.right) / 2;
        // Within the strip, where no label of an axis lies.
        const middle = isCounted && place >= left && place <= left + width ? Math.min(Math.max(place, left + 38 * ratio), left + width - 26 * ratio) : place;
        marks.cross(context, marks.color(curve.style), isCounted ? middle + 22 * ratio : middle, top, 4 * ratio);
        if (isCounted) {
          context.fillStyle = theme.color("ink");
          context.font = plots.font(12 * ratio);
          [context.textAlign, context.textBaseline] = ["right", "middle"];
          context.fillText(`${group.count}${of}${group.of}`, middle + 14 * ratio, top);
        }
        drawn.crosses.push(group);
      }
    }

    return { draw, drawn };
  };

  return { create };
})();
