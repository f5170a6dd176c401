"use strict";
// How curves look: colour, marker and dash differ together, as in the SVG figures. Colours after Okabe and Ito (2008), lighter on a dark ground.
const marks = (() => {
  const light = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"];
  const dark = ["#4aa8e8", "#ff8a3c", "#2fcf9f", "#e9a3c9", "#f5bd45", "#9fdcff", "#ffffff"];
  const shapes = [[0, 0], [4, 45], [3, -90], [4, 0], [3, 90], [5, -90], [6, 0]]; // corners, and where the first lies in degrees
  const color = style => (theme.isDark() ? dark : light)[style % light.length];
  // Lines through means have no markers of their own, so each has its dashes.
  const meanDashes = [[], [9, 4], [2.5, 3.5], [9, 3, 2, 3], [15, 4], [5, 3], [1, 5]];
  const dashes = (style, isMean) => (style >= light.length ? [6, 3] : isMean ? meanDashes[style] : []);

  const outline = (style, x, y, radius) => {
    const path = new Path2D(), [corners, degrees] = shapes[style % shapes.length];
    if (corners === 0) path.arc(x, y, radius, 0, 2 * Math.PI);
    for (let corner = 0; corner < corners; corner++) {
      const angle = (degrees + (360 * corner) / corners) * (Math.PI / 180);
      path.lineTo(x + 1.25 * radius * Math.cos(angle), y + 1.25 * radius * Math.sin(angle));
    }
    path.closePath();
    return path;
  };

  const draw = (canvas, style, x, y, radius) => {
    const path = outline(style, x, y, radius), isHollow = style >= light.length, ground = theme.color("ground");
    canvas.fillStyle = isHollow ? ground : color(style);
    canvas.strokeStyle = isHollow ? color(style) : ground;
    canvas.lineWidth = radius * (isHollow ? 0.4 : 0.25);
    canvas.setLineDash([]);
    canvas.fill(path);
    canvas.stroke(path);
  };

  const cross = (canvas, stroke, x, y, radius) => {
    canvas.strokeStyle = stroke;
    canvas.lineWidth = radius * 0.55;
    canvas.setLineDash([]);
    canvas.beginPath();
    canvas.moveTo(x - radius, y - radius);
    canvas.lineTo(x + radius, y + radius);
    canvas.moveTo(x + radius, y - radius);
    canvas.lineTo(x - radius, y + radius);
    canvas.stroke();
  };

  // A small drawing for a legend, redrawn when the colours change.
  const sample = paint => {
    const element = document.createElement("canvas"), ratio = Math.max(2, devicePixelRatio);
    [element.width, element.height] = [34 * ratio, 16 * ratio];
    element.setAttribute("aria-hidden", "true");
    element.style.width = "34px";
    element.style.height = "16px";
    const context = element.getContext("2d");
    const repaint = () => { context.clearRect(0, 0, element.width, element.height); paint(context, ratio); };
    repaint();
    theme.onChange(repaint);
    return element;
  };

  const curveSample = (style, isMean) => sample((context, ratio) => {
    context.strokeStyle = color(style);
    context.lineWidth = 2 * ratio;
    context.setLineDash(dashes(style, isMean).map(length => length * ratio));
    context.beginPath();
    context.moveTo(2 * ratio, 8 * ratio);
    context.lineTo(32 * ratio, 8 * ratio);
    context.stroke();
    draw(context, style, 17 * ratio, 8 * ratio, 4.2 * ratio);
  });

  return { color, dashes, draw, cross, sample, curveSample };
})();
