"use strict";
// Charts of gradient norms, made from the recorded steps of all trials. A row stands for one layer or for several, of which it has the least and
// the largest norm.
const normCharts = (() => {
  const { none, zero, infinite, nan } = maps.codes;
  const isNumber = code => code > zero && code < infinite;
  const number = code => Number(Math.max(10 ** maps.exponent(code), 5e-324).toPrecision(3));
  const nameOf = code => (code === nan ? "NaN" : "Infinity");
  const y = range => ({ label: "gradient norm (L2)", caption: "gradient norm (L2), log scale", scale: "logarithmic", range });

  // Decodes a trial's norms once.
  const open = run => {
    if (run.codes) return run;
    run.codes = { largest: maps.decode(run.largest), least: run.least ? maps.decode(run.least) : null };
    run.rows = run.codes.largest.length / run.steps.length;
    run.extent = [Infinity, -Infinity];
    run.strips = { zeros: false, nonFinite: [] };
    for (const codes of [run.codes.largest, run.codes.least ?? []]) {
      for (const code of codes) {
        if (isNumber(code)) run.extent = [Math.min(run.extent[0], code), Math.max(run.extent[1], code)];
        else if (code === zero) run.strips.zeros = true;
        else if (code >= infinite && !run.strips.nonFinite.includes(nameOf(code))) run.strips.nonFinite.push(nameOf(code));
      }
    }
    return run;
  };

  // The axis and the strips have room for all steps, so that nothing moves but the norms.
  const layout = runs => {
    const extents = runs.map(run => run.extent), low = Math.min(...extents.map(extent => extent[0])), high = Math.max(...extents.map(extent => extent[1]));
    return {
      y: y(low <= high ? [maps.exponent(low), maps.exponent(high)] : undefined),
      strips: { zeros: runs.some(run => run.strips.zeros), nonFinite: runs.flatMap(run => run.strips.nonFinite) },
    };
  };

  const lineOf = (run, index) => {
    const line = { name: "norms", x: [], y: [], zeros: [], nonFinite: [] }, { largest, least } = run.codes;
    const put = (at, code) => {
      if (code === zero) line.zeros.push(at);
      else if (code >= infinite) line.nonFinite.push([at, nameOf(code)]);
      line.x.push(at);
      line.y.push(isNumber(code) ? number(code) : null);
    };
    for (let row = 0; row < run.rows; row++) {
      const at = index * run.rows + row, first = row * run.layersPerRow + 1, count = Math.min(run.layersPerRow, run.layerCount - first + 1);
      if (!least || count === 1) { put(first, largest[at]); continue; }
      put(first, least[at]);
      put(first + (count - 1) / 2, largest[at]);
      if (!isNumber(least[at])) { line.x.push(first + (count - 1) * 0.75); line.y.push(null); } // no line seems to go on from it
    }
    return line;
  };

  const curve = (label, style, line, more = {}) => ({ label, style, lines: line ? [line] : [], dots: [], intervals: [], band: [], crosses: [], ...more });

  const layerAxis = (data, runs) => {
    const networks = [...new Set(runs.map(run => run.network))].map(index => data.networks[index]), perRow = runs[0].layersPerRow;
    const names = layer => [...new Set(networks.map(network => network[layer - 1]).filter(name => name !== undefined))].slice(0, 2).join(" or ");
    const tell = (at, extreme = true) => {
      if (perRow === 1) return `layer ${values.short(at)} ${names(at)}`;
      const first = Math.floor((at - 1) / perRow) * perRow + 1, last = Math.min(first + perRow - 1, runs[0].layerCount);
      return `layers ${values.short(first)}–${values.short(last)} ${names(first)} … ${names(last)}${extreme ? `, ${at === first ? "least" : "largest"}` : ""}`;
    };
    return { label: "layer in forward order", scale: "index", count: Math.max(...runs.map(run => run.layerCount)), tell };
  };

  // The last recorded step that is not after a step; a trial that ended before keeps its last.
  const indexAt = (run, step) => Math.max(0, run.steps.findLastIndex(recorded => recorded <= step));

  const methods = (data, runs, step) => ({
    x: layerAxis(data, runs), ...layout(runs), leftOut: data.leftOut,
    curves: runs.map(run => {
      const index = indexAt(run, step), method = data.methods[run.method], own = run.steps[index] === step ? "" : `step ${values.short(run.steps[index])}`;
      return curve([method.label, own && `(${own})`].filter(part => part).join(" "), method.style, lineOf(run, index), { id: method.label });
    }),
  });

  const steps = (data, run) => {
    const count = Math.min(run.steps.length, data.stepStyles.length);
    const chosen = Array.from({ length: count }, (_, part) => (count === 1 ? 0 : Math.round((part * (run.steps.length - 1)) / (count - 1))));
    const style = part => data.stepStyles[count === 1 ? 0 : Math.round((part * (data.stepStyles.length - 1)) / (count - 1))];
    return { x: layerAxis(data, [run]), ...layout([run]), leftOut: 0, curves: chosen.map((index, part) => curve(`step ${values.short(run.steps[index])}`, style(part), lineOf(run, index))) };
  };

  const map = (data, run) => ({
    kind: "map", steps: run.steps, layerCount: run.layerCount, layersPerRow: run.layersPerRow, rowCount: run.rows, colors: data.colors, codes: run.codes.largest,
    low: run.extent[0] <= run.extent[1] ? maps.exponent(run.extent[0]) : null, high: run.extent[0] <= run.extent[1] ? maps.exponent(run.extent[1]) : null,
    tell: first => layerAxis(data, [run]).tell(first, false),
  });

  // A norm of every trial over the axis of the sweep, and the median of the seeds.
  const againstAxis = (data, runs, norm, step) => {
    const curves_ = data.methods.map((method, index) => {
      const places = new Map(), line = { name: "median", x: [], y: [], zeros: [], nonFinite: [] }, dots = [];
      for (const run of runs.filter(run => run.method === index && run.place !== null)) places.set(run.place, [...(places.get(run.place) ?? []), run]);
      for (const place of [...places.keys()].sort((a, b) => a - b)) {
        const norms = places.get(place).map(run => run[norm][indexAt(run, step)]), sorted = norms.filter(value => typeof value === "number").sort((a, b) => a - b);
        dots.push(...norms.map(value => [place, value]));
        const middle = sorted.length === 0 ? norms[0] : (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
        if (middle === 0) line.zeros.push(place);
        if (typeof middle === "string") line.nonFinite.push([place, middle]);
        line.x.push(place);
        line.y.push(typeof middle === "number" && middle > 0 ? middle : null);
      }
      return curve(method.label, method.style, line, { dots, isSummary: true });
    });
    return { x: data.axis, y: y(), curves: curves_.filter(entry => entry.dots.length > 0), leftOut: data.leftOut };
  };

  return { open, methods, steps, map, againstAxis };
})();
