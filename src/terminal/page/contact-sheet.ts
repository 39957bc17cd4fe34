import { escaped } from './html.js';
import { htmlPage } from './page.js';

/** A picture of a sheet, or why there is none. */
export type SheetCell =
  | { readonly png: Buffer; readonly name: string }
  | { readonly missing: string; readonly name: string };

/** A row of a sheet: what it is, then its cells with what stands above each. */
export interface SheetRow {
  readonly label: string;
  readonly cells: readonly { readonly label: string; readonly cell: SheetCell }[];
}

export interface Sheet {
  readonly title: string;
  readonly original: SheetCell;
  readonly rows: readonly SheetRow[];
}

const sheetStyle = `
.row{display:flex;flex-wrap:wrap;gap:12px;padding:14px 18px}
.cell{margin:0;width:min(300px,100%);background:transparent}
.cell img{display:block;width:100%;height:auto;border-radius:8px;background:var(--canvas)}
.cell figcaption{position:static;font-size:13px;color:var(--ink);padding:6px 2px;overflow-wrap:anywhere}
.cell small{display:block;color:var(--soft)}
.cell .missing{aspect-ratio:1;display:grid;place-items:center;text-align:center;border-radius:8px;background:var(--canvas);color:var(--soft);padding:12px}
`;

/** Pictures that were varied, as one self-contained page. Nothing is loaded, nothing runs, and all that comes from files is escaped. */
export function contactSheet({ title, original, rows }: Sheet): string {
  const sections = [{ label: 'as it was', cells: [{ label: 'original', cell: original }] }, ...rows].map(rowHtml);
  const body = `<main>
<header><h1>${escaped(title)}</h1></header>
${sections.join('\n')}
<footer>Made by git comfy vary.</footer>
</main>`;
  return htmlPage({ title, allowed: 'img-src data:', style: sheetStyle, body });
}

const rowHtml = ({ label, cells }: SheetRow) =>
  `<section><h2>${escaped(label)}</h2><div class="row">${cells.map(cellHtml).join('\n')}</div></section>`;

function cellHtml({ label, cell }: SheetRow['cells'][number]): string {
  const picture =
    'png' in cell
      ? `<img alt="${escaped(label)}" src="data:image/png;base64,${cell.png.toString('base64')}">`
      : `<div class="missing">${escaped(cell.missing)}</div>`;
  return `<figure class="cell">${picture}<figcaption>${escaped(label)}<small>${escaped(cell.name)}</small></figcaption></figure>`;
}
