// Draws terminal output as an SVG: `FORCE_COLOR=1 git comfy ... | node scripts/picture.mjs > docs/picture.svg`.
// Lines that begin with `$ ` are what was typed.
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const lines = Buffer.concat(chunks).toString('utf8').trimEnd().split('\n');

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape that opens a colour sequence
const sgr = /(\u001b\[[\d;]*m)/;
const cell = { width: 8.4, height: 19 };
const colors = { 31: '#f38ba8', 32: '#a6e3a1', 33: '#f9e2af', 34: '#89b4fa', 36: '#94e2d5' };
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** One line's text with its SGR colours as tspans. */
function spans(line) {
  const style = { fill: '', bold: false, dim: false };
  let out = '';
  for (const part of line.split(sgr)) {
    const codes = new RegExp(`^${sgr.source}$`).exec(part)?.[1]?.slice(2, -1);
    if (codes === undefined) {
      if (part === '') continue;
      const attributes = [
        style.fill && `fill="${style.fill}"`,
        style.bold && 'font-weight="bold"',
        style.dim && 'opacity="0.6"',
      ].filter(Boolean);
      out += attributes.length > 0 ? `<tspan ${attributes.join(' ')}>${escaped(part)}</tspan>` : escaped(part);
      continue;
    }
    for (const code of codes.split(';').map(Number)) {
      if (code === 0) Object.assign(style, { fill: '', bold: false, dim: false });
      else if (code === 1) style.bold = true;
      else if (code === 2) style.dim = true;
      else if (colors[code]) style.fill = colors[code];
    }
  }
  return out;
}

const plain = lines.map((line) =>
  line
    .split(sgr)
    .filter((_, at) => at % 2 === 0)
    .join(''),
);
const width = Math.ceil(Math.max(...plain.map((line) => [...line].length)) * cell.width) + 32;
const height = lines.length * cell.height + 52;
const rows = lines.map((line, at) => {
  const typed = plain[at].startsWith('$ ');
  const text = typed
    ? `<tspan fill="#a6e3a1">$</tspan><tspan font-weight="bold">${escaped(plain[at].slice(1))}</tspan>`
    : spans(line);
  return `<text x="16" y="${44 + at * cell.height}" xml:space="preserve">${text}</text>`;
});
process.stdout.write(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="git comfy in a terminal">
<rect width="100%" height="100%" rx="8" fill="#1e1e2e"/>
<g><circle cx="18" cy="16" r="5" fill="#f38ba8"/><circle cx="36" cy="16" r="5" fill="#f9e2af"/><circle cx="54" cy="16" r="5" fill="#a6e3a1"/></g>
<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,monospace" font-size="14" fill="#cdd6f4">
${rows.join('\n')}
</g>
</svg>
`);
