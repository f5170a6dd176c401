"use strict";
// The points of a chart as a table.
const points = (() => {
  const most = 2000;

  const rowsOf = chart => (chart.kind === "map" ? mapRows(chart) : chart.curves.flatMap(curve => curveRows(curve)));

  const curveRows = curve => [
    ...curve.dots.map(([x, y]) => [curve.label, "one trial", x, y]),
    ...[...curve.intervals, ...curve.band].map(([x, low, high]) => [curve.label, curve.isSummary ? "95 % interval" : "least to largest", x, `${values.short(low)} to ${values.short(high)}`]),
    ...curve.crosses.map(cross => [curve.label, "diverged", cross.x, `${cross.count} of ${cross.of}`]),
    ...curve.lines.flatMap(line => [
      ...line.x.map((x, index) => [curve.label, line.name, x, line.y[index]]).filter(row => row[3] !== null),
      ...line.zeros.map(x => [curve.label, line.name, x, 0]),
      ...line.nonFinite.map(([x, y]) => [curve.label, line.name, x, y]),
    ].sort((a, b) => a[2] - b[2])),
  ];

  const mapRows = map => [...map.codes].map((code, index) =>
    [`step ${map.steps[Math.floor(index / map.rowCount)]}`, "layer", (index % map.rowCount) * map.layersPerRow + 1, maps.say(code)]);

  const fill = (details, chart) => {
    for (const old of [...details.children].slice(1)) old.remove();
    if (!chart) return;
    const rows = rowsOf(chart), table = document.createElement("table"), box = document.createElement("div");
    box.className = "table";
    box.tabIndex = 0;
    const head = table.createTHead().insertRow();
    for (const text of chart.kind === "map" ? ["step", "", "first layer of the cell", "gradient norm"] : ["curve", "what", chart.x.label, chart.y.label]) {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.textContent = text;
      head.append(cell);
    }
    const body = table.createTBody(), text = (value, column) => (typeof value !== "number" ? value : column === 2 && chart.x?.scale === "names" ? chart.x.names[value - 1] : values.short(value));
    for (const row of rows.slice(0, most)) {
      const line = body.insertRow();
      row.forEach((value, column) => {
        const cell = line.insertCell();
        cell.className = column < 2 ? "text" : "number";
        cell.textContent = text(value, column);
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

  return { fill };
})();
