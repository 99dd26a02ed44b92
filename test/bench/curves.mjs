/** Curves of accuracy as one small SVG: a panel for each, lines labelled at their ends. */
const [width, height, margin] = [720, 150, 40];
const colours = ["#2563eb", "#9ca3af", "#dc2626", "#059669"];

/** `curves`: titles with lines of values between 0 and 1. */
export function svgOf(curves, window) {
  const panels = curves.map((curve, at) => panel(curve, at * (height + 40) + 10)).join("\n");
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${curves.length * (height + 40)}" font-family="sans-serif" font-size="11">
<title>Exact matches, windows of ${window} transitions where not said otherwise</title>
<rect width="100%" height="100%" fill="white"/>
${panels}
</svg>
`;
}

function panel({ title, lines }, top) {
  const count = Math.max(2, ...lines.map(({ values }) => values.length));
  const x = (at) => (margin + (at * (width - margin - 130)) / (count - 1)).toFixed(1);
  const y = (value) => (top + 20 + (1 - value) * (height - 20)).toFixed(1);
  const grid = [0, 0.5, 1].map(
    (value) =>
      `<line x1="${margin}" x2="${width - 130}" y1="${y(value)}" y2="${y(value)}" stroke="#e5e7eb"/><text x="${margin - 6}" y="${y(value)}" text-anchor="end" dy="4">${100 * value}</text>`,
  );
  const drawn = lines.map(({ name, values }, at) => {
    const points = values.map((value, index) => `${x(index)},${y(value)}`).join(" ");
    const colour = colours[at % colours.length];
    return `<polyline fill="none" stroke="${colour}" stroke-width="1.5" points="${points}"/><text x="${width - 124}" y="${top + 34 + 14 * at}" fill="${colour}">${name}</text>`;
  });
  return [`<text x="${margin}" y="${top + 10}" font-weight="bold">${title}</text>`, ...grid, ...drawn].join("\n");
}
