"use strict";
// Charts are drawn when they come near the screen, tables when they are opened: a page of many figures opens at once.
const fixupnet = (() => {
  const data = JSON.parse(document.getElementById("figure-data").textContent), drawn = {};
  const figures = [...document.querySelectorAll("figure[data-figure]")], isChooser = figure => !Object.hasOwn(data, figure.dataset.figure);

  const draw = figure => {
    const name = figure.dataset.figure;
    if (drawn[name] || typeof uPlot === "undefined" || !figure.querySelector(".plot").clientWidth) return;
    drawn[name] = isChooser(figure) ? norms.create(figure) : charts.create(figure, data[name]);
  };

  const drawAll = () => {
    for (const details of document.querySelectorAll("details.more")) details.open = true;
    figures.forEach(draw);
  };

  for (const figure of figures) {
    const details = figure.querySelector("details.data");
    if (!details) continue;
    const chart = () => (isChooser(figure) ? drawn[figure.dataset.figure]?.current?.chart : data[figure.dataset.figure]);
    details.addEventListener("toggle", () => { if (details.open) points.fill(details, chart()); });
    figure.addEventListener("chart", () => { if (details.open) points.fill(details, chart()); });
  }
  const observer = new IntersectionObserver(entries => { for (const entry of entries) if (entry.isIntersecting) draw(entry.target); }, { rootMargin: "300px" });
  figures.forEach(figure => observer.observe(figure));
  addEventListener("beforeprint", drawAll);
  return { data, drawn, drawAll };
})();
