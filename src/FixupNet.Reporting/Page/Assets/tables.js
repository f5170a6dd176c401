"use strict";
// Tables sort by the column whose heading is pressed: numbers by value, other texts by their letters; cells without a value stay last.
for (const table of document.querySelectorAll("table.sortable")) {
  const headings = [...table.tHead.rows[0].cells], body = table.tBodies[0];
  headings.forEach((heading, column) => heading.firstElementChild.addEventListener("click", () => {
    const descends = heading.getAttribute("aria-sort") === "ascending";
    for (const other of headings) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", descends ? "descending" : "ascending");
    const key = row => {
      const cell = row.cells[column], value = cell.dataset.value;
      if (value !== undefined) return value === "NaN" ? Infinity : Number(value.replace("∞", "Infinity"));
      return cell.textContent;
    };
    const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? (a === b ? 0 : a - b) : String(a).localeCompare(String(b)));
    const rows = [...body.rows].map(row => ({ row, key: key(row) }));
    rows.sort((a, b) => (a.key === "") - (b.key === "") || (descends ? compare(b.key, a.key) : compare(a.key, b.key)));
    body.append(...rows.map(entry => entry.row));
  }));
}
