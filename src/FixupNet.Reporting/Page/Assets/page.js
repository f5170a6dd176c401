"use strict";
// Charts are drawn when they come near the screen, tables when they are opened: a page of many figures opens at once.
const fixupnet = (() => {
  const data = JSON.parse(document.getElementById("figure-data").textContent), drawn = {};
  const figures = [...document.querySelectorAll("figure[data-figure]")];

  const draw = figure => {
    const name = figure.dataset.figure;
    if (drawn[name] || typeof uPlot === "undefined" || !figure.querySelector(".plot").clientWidth) return;
    drawn[name] = (data[name].kind === "map" ? maps : charts).create(figure, data[name]);
  };

  const drawAll = () => {
    for (const details of document.querySelectorAll("details.more")) details.open = true;
    figures.forEach(draw);
  };

  const rowsOf = figure => (figure.kind === "map" ? mapRows(figure) : figure.curves.flatMap(curve => curveRows(curve)));

  const curveRows = curve => [
    ...curve.dots.map(([x, y]) => [curve.label, "one trial", x, y]),
    ...curve.intervals.map(([x, low, high]) => [curve.label, "95 % interval", x, `${values.short(low)} to ${values.short(high)}`]),
    ...curve.crosses.map(x => [curve.label, "diverged", x, ""]),
    ...curve.lines.flatMap(line => [
      ...line.x.map((x, index) => [curve.label, line.name, x, line.y[index]]).filter(row => row[3] !== null),
      ...line.zeros.map(x => [curve.label, line.name, x, 0]),
      ...line.nonFinite.map(([x, y]) => [curve.label, line.name, x, y]),
    ].sort((a, b) => a[2] - b[2])),
  ];

  const mapRows = map => {
    const codes = maps.decode(map.codes), text = code => (code === 0 ? "" : code === 1 ? 0 : code === 65535 ? "NaN" : code === 65534 ? "Infinity" : Number((10 ** maps.exponent(code)).toPrecision(3)));
    return [...codes].map((code, index) => [`step ${map.steps[Math.floor(index / map.rowCount)]}`, "layer", (index % map.rowCount) * map.layersPerRow + 1, text(code)]);
  };

  const fill = (details, figure) => {
    if (details.children.length > 1) return;
    const most = 2000, rows = rowsOf(figure), table = document.createElement("table"), box = document.createElement("div");
    box.className = "table";
    box.tabIndex = 0;
    const head = table.createTHead().insertRow();
    for (const text of figure.kind === "map" ? ["step", "", "first layer of the cell", "gradient norm"] : ["curve", "what", figure.x.label, figure.y.label]) {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.textContent = text;
      head.append(cell);
    }
    const body = table.createTBody();
    for (const row of rows.slice(0, most)) {
      const line = body.insertRow();
      row.forEach((value, column) => {
        const cell = line.insertCell();
        cell.className = column < 2 ? "text" : "number";
        cell.textContent = typeof value === "number" ? values.short(value) : value;
      });
    }
    box.append(table);
    details.append(box);
    if (rows.length > most) {
      const note = document.createElement("p");
      note.textContent = `The first ${most} of ${rows.length} points; all are in the records of the run directory.`;
      details.append(note);
    }
  };

  for (const figure of figures) {
    const details = figure.querySelector("details.data");
    details.addEventListener("toggle", () => { if (details.open) fill(details, data[figure.dataset.figure]); });
  }
  const observer = new IntersectionObserver(entries => { for (const entry of entries) if (entry.isIntersecting) draw(entry.target); }, { rootMargin: "300px" });
  figures.forEach(figure => observer.observe(figure));
  addEventListener("beforeprint", drawAll);
  return { data, drawn, drawAll };
})();
