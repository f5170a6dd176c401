"use strict";
// What charts and maps share: a uPlot with even axes, themed, zoomed by pointer and keyboard, that follows the width of the page.
const plots = (() => {
  const height = 420, letter = 7.5, slant = 60;
  const font = (size, weight = "") => `${weight} ${size}px system-ui, "Segoe UI", Helvetica, Arial, sans-serif`.trim();

  // spec: x and y {label, scale, low, high, occurring, tickLabel}, series and data of uPlot, hasGrid, above and below (heights of strips), rowHeight (what an arrow key moves by),
  // drawBehind(plot, context), drawAbove(plot, context), read(index, y) → {place, entries: [[name, value]]}
  const create = (element, spec) => {
    const readout = element.parentElement.querySelector(".readout");
    const room = 9; // of half a label
    const isInStrip = (top, height_) => (spec.above > 0 && top < spec.above + room) || (spec.below > 0 && top > height_ - spec.below - room);
    const axisOf = (axis, side) => ({
      side, scale: side === 2 ? "x" : "y", label: fitting(axis.caption ?? axis.label, side === 2 ? element.clientWidth - 80 : height - 60), labelSize: 26, gap: 6,
      size: (plot, texts) => (side === 3 ? 72 : slanted(plot, axis, texts) ? 26 + Math.max(...texts.map(text => text.length)) * letter * Math.sin(slant * Math.PI / 180) : 42),
      rotate: (plot, texts) => (slanted(plot, axis, texts) ? slant : 0),
      font: font(13), labelFont: font(14), stroke: () => theme.color("ink"),
      grid: { show: spec.hasGrid !== false, stroke: () => theme.color("grid"), width: 1 },
      ticks: { stroke: () => theme.color("line"), width: 1, size: 5 },
      splits: (plot, index, low, high) => {
        const ticks = values.ticks(axis, low, high, (side === 2 ? plot.bbox.width : plot.bbox.height) / devicePixelRatio / (side === 2 ? 90 : 46), axis.occurring);
        return side === 2 ? ticks : ticks.filter(at => !isInStrip(plot.valToPos(at, "y"), plot.bbox.height / devicePixelRatio));
      },
      values: (plot, splits) => withRoom(plot, axis, side, splits),
    });
    const range = (plot, low, high) => [low, high];
    const plot = new uPlot({
      width: element.clientWidth, height, series: [{}, ...spec.series], legend: { show: false }, padding: [10, 22, 0, 0],
      scales: { x: { time: false, auto: false, range }, y: { auto: false, range } },
      axes: [axisOf(spec.x, 2), axisOf(spec.y, 3)],
      cursor: {
        drag: { x: true, y: true, uni: 24, dist: 6 }, points: { show: false },
        bind: { dblclick: () => () => { home(); return null; } },
      },
      hooks: {
        drawClear: [drawn => { const context = drawn.ctx; context.save(); spec.drawBehind?.(drawn, context); context.restore(); }],
        draw: [drawn => { const context = drawn.ctx; context.save(); clip(drawn, context); spec.drawAbove?.(drawn, context); context.restore(); }],
        setCursor: [drawn => tell(drawn)],
      },
    }, spec.data, element);

    function tell(drawn) {
      const { idx, top } = drawn.cursor;
      if (readout) say(readout, idx === null || idx === undefined || top < 0 ? null : spec.read(idx, drawn.posToVal(top, "y")));
    }
    function home() {
      plot.batch(() => {
        plot.setScale("x", { min: spec.x.low, max: spec.x.high });
        plot.setScale("y", { min: spec.y.low, max: spec.y.high });
      });
    }
    home();
    const listening = new AbortController(), forget = theme.onChange(() => plot.redraw(false, true));
    keyboard(element, plot, spec, home, listening.signal);
    const observer = new ResizeObserver(() => { if (element.clientWidth > 0 && element.clientWidth !== plot.width) plot.setSize({ width: element.clientWidth, height }); });
    observer.observe(element);
    // Ends it, for another chart to take its place.
    plot.release = () => { listening.abort(); forget(); observer.disconnect(); plot.destroy(); };
    return plot;
  };

  // Without what stands in brackets where the window is narrow.
  const fitting = (label, room) => (label.length * letter > room ? label.replace(/ \([^)]*\)/, "") : label);

  // The place of the cursor and the value of every series there. The room it has taken stays, or the page would jump below the pointer.
  const say = (readout, told) => {
    readout.replaceChildren();
    if (told === null) return;
    readout.append(told.place);
    told.entries.forEach(([name, value], index) => {
      const entry = document.createElement("span"), strong = document.createElement("b");
      strong.textContent = value;
      entry.append(name ? `${name}: ` : "", strong);
      readout.append(index === 0 ? " – " : " · ", entry);
    });
    readout.style.minHeight = `${Math.max(parseFloat(readout.style.minHeight) || 0, readout.offsetHeight)}px`;
  };

  // uPlot forgets the range of a scale when one of its series is hidden or shown; the axis stays as it is, zoomed or not.
  const show = (plot, numbers, isShown) => plot.batch(() => {
    const { min, max } = plot.scales.y;
    for (const number of numbers) plot.setSeries(number, { show: isShown });
    plot.setScale("y", { min, max });
  });

  // Names of configurations stand level where all have room, else at a slant, shortened; of very many none stands.
  const leastNamePlace = 14, mostLetters = 26;
  const placeOfName = (plot, axis) => plot.bbox.width / devicePixelRatio / axis.names.length;
  const areLevel = (plot, axis) => axis.names.every(name => name.length * letter < placeOfName(plot, axis));
  const slanted = (plot, axis, texts) => axis.scale === "names" && texts?.some(text => text) && !areLevel(plot, axis);
  const shortened = text => (text.length > mostLetters ? `${text.slice(0, mostLetters - 1)}…` : text);

  // A label that would touch the one before it is left out.
  const withRoom = (plot, axis, side, splits) => {
    let free = -Infinity;
    const decades = side === 3 && axis.scale === "logarithmic" ? plot.scales.y.max - plot.scales.y.min : 0;
    return splits.map(at => {
      const text = axis.tickLabel ? axis.tickLabel(at) : values.label(axis, at, decades);
      if (side === 2 && axis.scale === "names") return areLevel(plot, axis) ? text : placeOfName(plot, axis) < leastNamePlace ? "" : shortened(text);
      if (side !== 2 || axis.scale !== "values") return text;
      const middle = plot.valToPos(at, "x"), half = text.length * 4;
      if (middle - half < free) return "";
      free = middle + half + 8;
      return text;
    });
  };

  const clip = (plot, context) => {
    const { left, top, width, height: high } = plot.bbox;
    context.beginPath();
    context.rect(left - 8, top - 8, width + 16, high + 16);
    context.clip();
  };

  const keyboard = (element, plot, spec, home, signal) => element.addEventListener("keydown", event => {
    const xs = plot.data[0], index = plot.cursor.idx ?? -1, shown = plot.scales.y;
    const goTo = (next, y) => {
      const at = Math.max(0, Math.min(xs.length - 1, next));
      plot.setCursor({ left: plot.valToPos(xs[at], "x"), top: y ?? (plot.cursor.top >= 0 ? plot.cursor.top : plot.over.clientHeight / 2) });
    };
    const zoom = factor => {
      const { min, max } = plot.scales.x, middle = index >= 0 ? xs[index] : (min + max) / 2;
      plot.setScale("x", { min: middle - (middle - min) * factor, max: middle + (max - middle) * factor });
    };
    const up = (shown.max - shown.min) / 40, top = plot.cursor.top >= 0 ? plot.cursor.top : plot.over.clientHeight / 2;
    const vertical = sign => goTo(Math.max(index, 0), plot.valToPos(Math.min(shown.max, Math.max(shown.min, plot.posToVal(top, "y") + sign * (spec.rowHeight ?? up))), "y"));
    const actions = {
      ArrowRight: () => goTo(index + 1), ArrowLeft: () => goTo(index - 1), Home: () => goTo(0), End: () => goTo(xs.length - 1),
      ArrowUp: () => vertical(1), ArrowDown: () => vertical(-1), "+": () => zoom(0.5), "=": () => zoom(0.5), "-": () => zoom(2), 0: home, Escape: home,
    };
    if (!actions[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    actions[event.key]();
  }, { signal });

  return { create, show, font, height };
})();
