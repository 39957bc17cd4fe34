// Makes src/workflow/core-widgets.json: node scripts/core-widgets.mjs OLDER.json[.gz] NEWER.json[.gz]
// Each file is what a ComfyUI server answers at /object_info. Only ComfyUI's own local classes are taken.
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { build } from 'esbuild';

const { outputFiles } = await build({
  stdin: {
    contents: `export { parseJson } from './src/workflow/json.ts';
      export { readObjectInfo } from './src/workflow/read-interfaces.ts';
      export { widgetNames } from './src/workflow/widgets.ts';`,
    resolveDir: '.',
  },
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'node',
});
const source = `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`;
const { parseJson, readObjectInfo, widgetNames } = await import(source);

const table = new Map();
for (const file of process.argv.slice(2)) {
  const bytes = readFileSync(file);
  const info = readObjectInfo(parseJson((file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')));
  for (const [classType, node] of info) {
    if (!/^(nodes$|comfy_extras\.)/.test(node.pythonModule ?? '')) continue;
    const names = widgetNames(node);
    if (names.some((name) => name.includes(','))) throw new Error(`${classType} has a widget name with a comma`);
    if (names.length > 0) table.set(classType, names.join(','));
  }
}
const sorted = Object.fromEntries([...table].sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync('src/workflow/core-widgets.json', `${JSON.stringify(sorted, null, 2)}\n`);
