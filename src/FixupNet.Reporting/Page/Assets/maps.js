"use strict";
// A map of gradient norms over steps and layers. A code is a power of ten in hundredths, or 0 for nothing, 1 for exactly 0, 65534 for an
// infinite norm and 65535 for NaN.
const maps = (() => {
  const none = 0, zero = 1, infinite = 65534, nan = 65535;
  const exponent = code => (code - 2) / 100 - 324;

  const decode = text => {
    const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0)), codes = new Uint16Array(bytes.length / 2);
    for (let index = 0; index < codes.length; index++) codes[index] = bytes[2 * index] | (bytes[2 * index + 1] << 8);
    return codes;
  };

  const parse = color => [1, 3, 5].map(at => parseInt(color.slice(at, at + 2), 16));

  const create = (figure, map) => {
    const element = figure.querySelector(".plot"), codes = map.codes, columns = map.steps.length, rows = map.rowCount;
    const low = Math.floor(map.low ?? -1), high = Math.max(low + 1, Math.ceil(map.high ?? 0)), stops = map.colors.map(parse);
    const colorOf = share => {
      const at = Math.min(1, Math.max(0, share)) * (stops.length - 1), left = Math.min(Math.floor(at), stops.length - 2);
      return stops[left].map((from, channel) => Math.round(from + (at - left) * (stops[left + 1][channel] - from)));
    };
    const image = picture(codes, columns, rows, code => colorOf((exponent(code) - low) / (high - low)));
    const strange = runs(codes, columns, rows);
    const x = { label: "step", scale: "linear", low: -0.5, high: columns - 0.5, tickLabel: at => (Number.isInteger(at) && at >= 0 && at < columns ? values.short(map.steps[at]) : "") };
    const y = { label: "layer in forward order", scale: "index", low: 0.5, high: map.layerCount + 0.5, occurring: map.layerCount };

    const plot = plots.create(element, {
      x, y, hasGrid: false, rowHeight: map.layersPerRow, data: [map.steps.map((_, index) => index), map.steps.map(() => null)], series: [{ show: true, points: { show: false } }],
      drawAbove: (self, context) => {
        const left = self.valToPos(-0.5, "x", true), right = self.valToPos(columns - 0.5, "x", true);
        const bottom = self.valToPos(0.5, "y", true), top = self.valToPos(0.5 + rows * map.layersPerRow, "y", true);
        const box = self.bbox;
        context.beginPath();
        context.rect(box.left, box.top, box.width, box.height);
        context.clip();
        context.imageSmoothingEnabled = false;
        context.drawImage(image, left, top, right - left, bottom - top);
        const wide = (right - left) / columns, tall = (bottom - top) / rows;
        for (const { column, row, count, isZero } of strange) {
          context.fillStyle = hatch(context, isZero);
          context.fillRect(left + column * wide, bottom - (row + count) * tall, wide, count * tall);
        }
      },
      read: (column, at) => {
        const row = Math.min(rows - 1, Math.max(0, Math.floor((at - 0.5) / map.layersPerRow))), first = row * map.layersPerRow + 1;
        return {
          place: `step ${values.short(map.steps[column])}, ${map.tell(first)}`,
          entries: [["gradient norm", say(codes[column * rows + row])]],
        };
      },
    });
    legend(figure.querySelector(".legend"), low, high, colorOf);
    return { plot, chart: map };
  };

  const say = code => (code === zero ? "exactly 0" : code === nan ? "NaN" : code === infinite ? "∞" : code === none ? "not recorded" : values.short(Number((10 ** exponent(code)).toPrecision(3))));

  const picture = (codes, columns, rows, colorOf) => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [columns, rows];
    const context = canvas.getContext("2d"), pixels = context.createImageData(columns, rows);
    codes.forEach((code, index) => {
      if (code <= zero || code >= infinite) return;
      const at = 4 * ((rows - 1 - (index % rows)) * columns + Math.floor(index / rows));
      pixels.data.set([...colorOf(code), 255], at);
    });
    context.putImageData(pixels, 0, 0);
    return canvas;
  };

  // Stretches of a column that are zero or not finite, which are hatched.
  const runs = (codes, columns, rows) => {
    const found = [];
    for (let column = 0; column < columns; column++) {
      for (let row = 0; row < rows;) {
        const kind = code => (code === zero ? 1 : code >= infinite ? 2 : 0), here = kind(codes[column * rows + row]), start = row;
        while (row < rows && kind(codes[column * rows + row]) === here) row++;
        if (here > 0) found.push({ column, row: start, count: row - start, isZero: here === 1 });
      }
    }
    return found;
  };

  // Dots for zeros, stripes for what is not finite: told apart without any colour.
  const hatch = (context, isZero) => {
    const ratio = devicePixelRatio, size = Math.round(6 * ratio), tile = document.createElement("canvas");
    tile.width = tile.height = size;
    const paint = tile.getContext("2d");
    paint.fillStyle = theme.isDark() ? "#14171b" : "#ffffff";
    paint.fillRect(0, 0, size, size);
    if (isZero) {
      paint.fillStyle = theme.isDark() ? "#8b95a1" : "#8f8f8f";
      paint.fillRect(size / 3, size / 3, size / 3, size / 3);
    } else {
      paint.strokeStyle = theme.isDark() ? "#ff6b6b" : "#d0021b";
      paint.lineWidth = size / 3;
      for (const shift of [-size, 0, size]) {
        paint.beginPath();
        paint.moveTo(shift - 2, size + 2);
        paint.lineTo(shift + size + 2, -2);
        paint.stroke();
      }
    }
    return context.createPattern(tile, "repeat");
  };

  const legend = (element, low, high, colorOf) => {
    element.replaceChildren();
    const bar = marks.sample((context, ratio) => {
      for (let x = 0; x < 34 * ratio; x++) {
        context.fillStyle = `rgb(${colorOf(x / (34 * ratio - 1)).join(",")})`;
        context.fillRect(x, 2 * ratio, 1, 12 * ratio);
      }
    });
    bar.classList.add("scale");
    legends.note(element, values.label({ scale: "logarithmic" }, low), bar, values.label({ scale: "logarithmic" }, high));
    for (const [isZero, text] of [[true, "exactly 0"], [false, "∞ or NaN"]]) {
      legends.note(element, marks.sample((context, ratio) => {
        context.fillStyle = hatch(context, isZero);
        context.fillRect(4 * ratio, ratio, 26 * ratio, 14 * ratio);
        context.lineWidth = ratio;
        context.strokeStyle = theme.color("soft");
        context.strokeRect(4 * ratio, ratio, 26 * ratio, 14 * ratio);
      }), text);
    }
  };

  return { create, decode, exponent, say, codes: { none, zero, infinite, nan } };
})();
