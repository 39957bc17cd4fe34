// Draws the most telling lines of the demo as an SVG, for the README:
// `FORCE_COLOR=1 node dist/git-comfy.cjs demo | node scripts/picture.mjs > docs/picture.svg`.
// Lines that begin with `$ ` are what was typed.
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const said = Buffer.concat(chunks).toString('utf8').trimEnd().split('\n');

/** From the first line that matches, to the one before the next that matches; what is left out between two parts is a dim `...`. */
const parts = [
  { from: /^\$ git comfy show/, until: /^ {4}CFG/ },
  { from: /^ {2}Files and code/, until: /^ {4}VAE/, gap: true },
  { from: /^ {2}Today/, until: /^ *$/, gap: true },
  { from: /^The old checkpoint turns up/, until: /^ {2}recorded as/ },
];

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape that opens a colour sequence
const sgr = /(\u001b\[[\d;]*m)/;
const cell = { width: 8.4, height: 19 };
const colors = { 31: '#f38ba8', 32: '#a6e3a1', 33: '#f9e2af', 34: '#89b4fa', 36: '#94e2d5' };
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const withoutColor = (line) =>
  line
    .split(sgr)
    .filter((_, at) => at % 2 === 0)
    .join('');

function choose() {
  const chosen = [];
  let at = 0;
  for (const { from, until, gap } of parts) {
    const begin = said.findIndex((line, index) => index >= at && from.test(withoutColor(line)));
    const end = said.findIndex((line, index) => index > begin && until.test(withoutColor(line)));
    if (begin < 0 || end < 0) throw new Error(`the demo has no lines from ${from} to ${until} any more`);
    if (chosen.length > 0) chosen.push(gap ? '    \u001b[2m...\u001b[0m' : '');
    chosen.push(...said.slice(begin, end));
    at = end;
  }
  // The simulated server listens on another port every time.
  return chosen.map((line) => line.replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:8188'));
}

const lines = choose();

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

const plain = lines.map(withoutColor);
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
