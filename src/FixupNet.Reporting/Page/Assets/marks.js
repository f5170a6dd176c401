"use strict";
// How curves look. Colours, markers and dashes come with each curve's style; here they are only drawn.
const marks = (() => {
  const color = style => (theme.isDark() ? style.dark : style.light);

  const outline = (style, x, y, radius) => {
    const path = new Path2D();
    if (style.corners === 0) path.arc(x, y, radius, 0, 2 * Math.PI);
    for (let corner = 0; corner < style.corners; corner++) {
      const angle = (style.degrees + (360 * corner) / style.corners) * (Math.PI / 180);
      path.lineTo(x + 1.25 * radius * Math.cos(angle), y + 1.25 * radius * Math.sin(angle));
    }
    path.closePath();
    return path;
  };

  const draw = (canvas, style, x, y, radius) => {
    const path = outline(style, x, y, radius), ground = theme.color("ground");
    canvas.fillStyle = style.isHollow ? ground : color(style);
    canvas.strokeStyle = style.isHollow ? color(style) : ground;
    canvas.lineWidth = radius * (style.isHollow ? 0.4 : 0.25);
    canvas.setLineDash([]);
    canvas.fill(path);
    canvas.stroke(path);
  };

  // A single result, faint, so that many are no blot.
  const dot = (canvas, fill, x, y, radius) => {
    canvas.globalAlpha = 0.55;
    canvas.fillStyle = fill;
    canvas.beginPath();
    canvas.arc(x, y, radius, 0, 2 * Math.PI);
    canvas.fill();
    canvas.globalAlpha = 1;
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

  // An upright bar; an end that is cut off has no cap.
  const bar = (canvas, stroke, x, [top, bottom], [hasTop, hasBottom], half) => {
    canvas.strokeStyle = stroke;
    canvas.setLineDash([]);
    canvas.beginPath();
    for (const [y, hasCap] of [[top, hasTop], [bottom, hasBottom]]) if (hasCap) { canvas.moveTo(x - half, y); canvas.lineTo(x + half, y); }
    canvas.moveTo(x, top);
    canvas.lineTo(x, bottom);
    canvas.stroke();
  };

  // A small drawing for a legend.
  const sample = paint => {
    const element = document.createElement("canvas"), ratio = Math.max(2, devicePixelRatio);
    [element.width, element.height] = [34 * ratio, 16 * ratio];
    element.className = "sample";
    element.setAttribute("aria-hidden", "true");
    const context = element.getContext("2d");
    element.repaint = () => { context.clearRect(0, 0, element.width, element.height); paint(context, ratio); };
    element.repaint();
    return element;
  };
  // One listener for the samples there are, for charts come and go.
  theme.onChange(() => { for (const element of document.querySelectorAll("canvas.sample")) element.repaint(); });

  const curveSample = curve => sample((context, ratio) => {
    context.strokeStyle = color(curve.style);
    context.lineWidth = 2 * ratio;
    context.setLineDash((curve.isSummary ? curve.style.meanDashes : curve.style.dashes).map(length => length * ratio));
    context.beginPath();
    context.moveTo(2 * ratio, 8 * ratio);
    context.lineTo(32 * ratio, 8 * ratio);
    context.stroke();
    draw(context, curve.style, 17 * ratio, 8 * ratio, 4.2 * ratio);
  });

  return { color, draw, dot, cross, bar, sample, curveSample };
})();
