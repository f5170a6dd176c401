"use strict";
// The legend of a chart: a button for each curve, which hides and shows it, and what the other marks stand for.
const legends = (() => {
  const note = (element, ...content) => {
    const span = document.createElement("span");
    span.append(...content);
    element.append(span);
  };

  // toggle(index, isShown)
  const create = (element, chart, visible, toggle) => {
    element.replaceChildren();
    chart.curves.forEach((curve, index) => {
      if (!curve.label) return;
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("aria-pressed", String(visible[index]));
      button.append(marks.curveSample(curve), curve.label);
      button.addEventListener("click", () => {
        const isShown = button.getAttribute("aria-pressed") !== "true";
        button.setAttribute("aria-pressed", String(isShown));
        toggle(index, isShown);
      });
      element.append(button);
    });
    const has = part => chart.curves.some(curve => curve[part].length > 0), ink = () => theme.color("ink");
    if (has("dots")) note(element, marks.sample((context, ratio) => marks.dot(context, ink(), 17 * ratio, 8 * ratio, 2.8 * ratio)), "one seed");
    if (has("intervals")) note(element, marks.sample((context, ratio) => { context.lineWidth = 1.5 * ratio; marks.bar(context, ink(), 17 * ratio, [2 * ratio, 14 * ratio], [true, true], 5 * ratio); }), "95 % interval of the mean");
    if (has("band")) note(element, marks.sample((context, ratio) => { context.globalAlpha = 0.2; context.fillStyle = ink(); context.fillRect(2 * ratio, 3 * ratio, 30 * ratio, 10 * ratio); context.globalAlpha = 1; }), chart.bandLabel);
    if (has("crosses")) note(element, marks.sample((context, ratio) => marks.cross(context, ink(), 17 * ratio, 8 * ratio, 4 * ratio)), "diverged");
    if (chart.leftOut > 0) note(element, `${chart.leftOut} more not drawn`);
  };

  return { create, note };
})();
