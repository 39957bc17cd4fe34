/** The parts of a pack's `pyproject.toml` that name it. */
export interface Project {
  /** Registry id, lower case. */
  readonly name?: string;
  readonly version?: string;
  readonly repository?: string;
}

/**
 * Reads names out of `pyproject.toml` line by line. Not a TOML parser: strings of one line in `[project]` and `[project.urls]` are all
 * that the ComfyUI registry uses for them.
 */
export function projectOf(bytes: Uint8Array | undefined): Project | undefined {
  if (bytes === undefined || bytes.length > 1024 * 1024) return undefined;
  const values = new Map<string, string>();
  let section = '';
  for (const line of Buffer.from(bytes).toString('utf8').split('\n')) {
    const header = /^\s*\[\s*([\w.-]+)\s*\]/.exec(line)?.[1];
    if (header !== undefined) section = header;
    const [, key, double, single] = /^\s*([\w-]+)\s*=\s*(?:"([^"\\]*)"|'([^']*)')/.exec(line) ?? [];
    if (key !== undefined && !values.has(`${section}.${key}`)) values.set(`${section}.${key}`, double ?? single ?? '');
  }
  const name = values.get('project.name');
  const version = values.get('project.version');
  const repository = values.get('project.urls.Repository');
  const isAddress = repository !== undefined && /^https:\/\/[\w.-]+\/[\w./-]+$/.test(repository);
  return {
    ...(name === undefined || !/^[\w.-]{1,100}$/.test(name) ? {} : { name: name.toLowerCase() }),
    ...(version === undefined || !/^[\w.+-]{1,60}$/.test(version) ? {} : { version }),
    ...(isAddress ? { repository } : {}),
  };
}
