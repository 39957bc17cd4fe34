import type { Sheet, SheetCell, SheetTable } from '../../image/sheet/sheet.js';
import { escaped } from './html.js';
import { htmlPage } from './page.js';

const sheetStyle = `
.sheet{overflow-x:auto;padding:6px 18px 18px}
.sheet table{border-collapse:separate;border-spacing:10px}
.sheet th{font-weight:500;font-size:13px;color:var(--soft);text-align:left;vertical-align:bottom;max-width:320px;overflow-wrap:anywhere}
.sheet tbody th{vertical-align:top;max-width:180px}
.sheet td{vertical-align:top;padding:0}
.cell{margin:0;width:min(300px,70vw);background:transparent}
.cell img{display:block;width:100%;height:auto;border-radius:8px;background:var(--canvas)}
.cell figcaption{position:static;font-size:12px;color:var(--soft);padding:4px 2px;overflow-wrap:anywhere}
.cell .missing{aspect-ratio:1;display:grid;place-items:center;text-align:center;border-radius:8px;background:var(--canvas);color:var(--soft);padding:12px}
`;

/** Pictures that were varied, as one self-contained page. Nothing is loaded, nothing runs, and all that comes from files is escaped. */
export function contactSheet({ title, note, original, tables }: Sheet): string {
  const asItWas = { title: 'as it was', columns: [''], rows: [{ label: '', cells: [original] }] };
  const body = `<main>
<header><h1>${escaped(title)}</h1><p>${escaped(note)}</p></header>
${[asItWas, ...tables].map(tableHtml).join('\n')}
<footer>Made by git comfy vary.</footer>
</main>`;
  return htmlPage({ title, allowed: 'img-src data:', style: sheetStyle, body });
}

function tableHtml({ title, columns, rows }: SheetTable): string {
  const labelled = rows.some(({ label }) => label !== '');
  const corner = labelled ? '<td></td>' : '';
  const head = `<thead><tr>${corner}${columns.map((label) => `<th scope="col">${escaped(label)}</th>`).join('')}</tr></thead>`;
  const body = rows.map(({ label, cells }) => {
    const side = labelled ? `<th scope="row">${escaped(label)}</th>` : '';
    const pictures = cells.map((cell, column) =>
      cellHtml(cell, [label, columns[column] ?? ''].filter(Boolean).join(', ')),
    );
    return `<tr>${side}${pictures.join('')}</tr>`;
  });
  return `<section><h2>${escaped(title)}</h2><div class="sheet"><table>${head}<tbody>${body.join('\n')}</tbody></table></div></section>`;
}

function cellHtml(cell: SheetCell, label: string): string {
  const picture =
    'png' in cell
      ? `<img alt="${escaped(label)}" src="data:image/png;base64,${cell.png.toString('base64')}">`
      : `<div class="missing">${escaped(cell.missing)}</div>`;
  return `<td><figure class="cell">${picture}<figcaption>${escaped(cell.name)}</figcaption></figure></td>`;
}
