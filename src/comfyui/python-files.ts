import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { readIfThere } from '../files/read.js';

/** A Python on this machine's disk and what is installed in it; nothing of it is started. */
export interface PythonFiles {
  /** E.g. `3.11.7`, or `3.11` where only its folder's name tells. */
  readonly version?: string;
  /** By normalised name. */
  readonly packages: Readonly<Record<string, string>>;
}

/** Where ComfyUI's Python is: beside a clone, beside the folder of the portable build for Windows, in the base folder of the Desktop app. */
const usualPlaces = ['venv', '.venv', '../venv', '../.venv', '../python_embeded', 'python_embeded'];

/**
 * The packages of ComfyUI's Python, read from the names of their metadata folders.
 * @param folders where ComfyUI and its files are
 * @param configured `comfy.python` of git config: the Python itself, or the folder of its environment
 * @returns every Python with packages that is there
 */
export async function readPythons(folders: readonly string[], configured: string | undefined): Promise<PythonFiles[]> {
  const usual = folders.flatMap((folder) => usualPlaces.map((place) => join(folder, place)));
  const found: PythonFiles[] = [];
  for (const home of configured === undefined ? usual : homesOf(configured)) {
    const sites = await sitesOf(home);
    const names = (await Promise.all(sites.map(namesIn))).flat();
    const packages = packagesIn(names);
    if (Object.keys(packages).length > 0) found.push({ packages, ...(await versionOf(home, sites)) });
  }
  return found;
}

/** `<home>/bin/python`, `<home>/Scripts/python.exe`, `<home>/python.exe`, or the folder itself. */
function homesOf(configured: string): string[] {
  const folder = dirname(configured);
  const isProgram = /^python[\d.]*(?:\.exe)?$/i.test(basename(configured));
  if (!isProgram) return [configured];
  return /^(?:bin|scripts)$/i.test(basename(folder)) ? [dirname(folder)] : [folder];
}

/** Folders of installed packages of every Python beside ComfyUI, whether they are there or not. */
export async function sitePackages(root: string): Promise<string[]> {
  return (await Promise.all(usualPlaces.map((place) => sitesOf(join(root, place))))).flat();
}

/** Folders that hold packages, those of the newest Python first. */
async function sitesOf(home: string): Promise<string[]> {
  const pythons = (await readdir(join(home, 'lib')).catch(() => [] as string[]))
    .filter((name) => /^python3\.\d+$/.test(name))
    .sort((a, b) => Number(b.slice(8)) - Number(a.slice(8)));
  const newest = pythons
    .slice(0, 1)
    .flatMap((name) => [`lib/${name}/site-packages`, `local/lib/${name}/dist-packages`, `lib/${name}/dist-packages`]);
  // What a distribution packs for all its Pythons of one kind comes last.
  return [...newest, 'Lib/site-packages', 'lib/python3/dist-packages'].map((site) => join(home, site));
}

const namesIn = async (folder: string) => (await readdir(folder).catch(() => [] as string[])).sort();

/** `torch-2.9.1+cpu.dist-info`, `olden-1.0.egg-info`, `olden-1.0-py3.11.egg-info`; of two of one name the first counts. */
function packagesIn(names: readonly string[]): Record<string, string> {
  const packages = new Map<string, string>();
  for (const file of names) {
    const [, name, version] = /^([\w.]+?)-([^-]+?)(?:-py[\d.]+)?\.(?:dist|egg)-info$/.exec(file) ?? [];
    if (name === undefined || version === undefined) continue;
    const normal = name.replaceAll(/[-_.]+/g, '-').toLowerCase();
    if (!packages.has(normal)) packages.set(normal, version);
  }
  return Object.fromEntries(packages);
}

/** A virtual environment says it; elsewhere the name of the folder does, or of the file with the paths of a portable Python. */
async function versionOf(home: string, sites: readonly string[]): Promise<{ version?: string }> {
  const settings = (await readIfThere(join(home, 'pyvenv.cfg')).catch(() => undefined))?.toString('utf8') ?? '';
  const said = /^version(?:_info)?\s*=\s*(\d+\.\d+(?:\.\d+)?)/m.exec(settings)?.[1];
  const folder = /python(3\.\d+)/.exec(sites[0]?.slice(home.length) ?? '')?.[1];
  const portable = (await readdir(home).catch(() => [] as string[])).flatMap(
    (name) => /^python3(\d+)\._pth$/.exec(name)?.[1] ?? [],
  )[0];
  const version = said ?? folder ?? (portable === undefined ? undefined : `3.${portable}`);
  return version === undefined ? {} : { version };
}
