// Small on purpose: what answers here starts nothing else (an ES module graph costs a fifth of Node's own start).
declare const __VERSION__: string;

const first = process.argv[2];
if (first === '--version' || first === '-v' || first === '-V') {
  process.stdout.write(`git-comfy ${__VERSION__}\n`);
} else if (first === 'filter-process' && process.argv.length === 3) {
  const { stderr } = process;
  const { filter } = require('./filter.cjs') as {
    filter: (ends: object) => Promise<number>;
  };
  // Loaded where git shows differences: most filters never need it.
  const describe = (table: string, file: Uint8Array) =>
    (require('./textconv.cjs') as { describeShown: (table: string, file: Uint8Array) => string }).describeShown(
      table,
      file,
    );
  const showing = { parent: process.ppid, describe };
  const unled = process.env['GIT_DIR'] === undefined && process.env['GIT_COMMON_DIR'] === undefined;
  filter({ cwd: process.cwd(), stdin: 0, stdout: 1, stderr, showing, unled }).then((code) => {
    process.exitCode = code;
  });
} else if (first === 'textconv' && process.argv[3] === '--names' && process.argv.length === 6) {
  const [, , , , table = '', file = ''] = process.argv;
  const { textconv } = require('./textconv.cjs') as {
    textconv: (table: string, file: string) => string | Uint8Array | undefined;
  };
  const text = textconv(table, file);
  if (text === undefined) start();
  else process.stdout.write(text);
} else {
  start();
}

function start(): void {
  import('./main.js').then(({ main }: { main: () => Promise<void> }) => main());
}
