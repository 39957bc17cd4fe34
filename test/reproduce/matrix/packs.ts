import { answers, nothing, type Row } from './row.js';

const clone = 'custom_nodes/Clone';

export const packRows: readonly Row[] = [
  {
    what: 'pack updated to another commit',
    change: (scene) => {
      scene.put(`${clone}/__init__.py`, '# other\n');
      scene.git(clone, 'commit', '--quiet', '--all', '-m', 'update');
    },
    grade: 'approximate',
    says: ['pack Clone: * is <id>, here it is <id>'],
  },
  {
    what: 'pack edited locally',
    change: (scene) => scene.put(`${clone}/__init__.py`, '# mine\n'),
    grade: 'approximate',
    says: ['pack Clone: edited locally, other than *'],
  },
  {
    what: 'file added to a pack',
    change: (scene) => scene.put(`${clone}/patch.py`, '# mine\n'),
    grade: 'approximate',
    says: ['pack Clone: edited locally, other than *'],
  },
  {
    what: 'caches that Python leaves in a pack',
    change: (scene) => scene.put(`${clone}/__pycache__/__init__.cpython-311.pyc`, 'cache'),
    ...nothing,
  },
  {
    what: 'pack on another branch at the same commit',
    change: (scene) => scene.git(clone, 'checkout', '--quiet', '-b', 'nightly'),
    ...nothing,
  },
  {
    what: 'pack whose clone lost its git directory',
    change: (scene) => scene.remove(`${clone}/.git`),
    grade: 'approximate',
    says: ['pack Clone: * is <id>, here it is <id>'],
  },
  {
    what: 'pack disabled by its folder name',
    change: (scene) => scene.move(clone, `${clone}.disabled`),
    grade: 'partial',
    says: ['pack Clone: installed, but disabled', 'node CloneGrain: the server does not have it'],
  },
  {
    what: 'pack uninstalled',
    change: (scene) => scene.remove(clone),
    grade: 'partial',
    says: ['pack Clone: not installed', 'node CloneGrain: the server does not have it'],
  },
  {
    what: 'pack that fails to load: its files are there, its node is not',
    change: (scene) => scene.git(clone, 'mv', '-f', 'simulated.json', 'unused.json'),
    grade: 'partial',
    says: ['pack Clone: edited locally, other than *', 'node CloneGrain: the server does not have it'],
  },
  {
    what: 'folder of a pack renamed in case',
    change: (scene) => scene.move(clone, 'custom_nodes/clone'),
    ...nothing,
  },
  {
    what: 'pack without git edited',
    change: (scene) => scene.put('custom_nodes/Plain/__init__.py', '# mine\n'),
    grade: 'approximate',
    says: ['pack Plain: * is <id>, here it is <id>'],
  },
  {
    what: 'registry pack updated to another version',
    change: (scene) =>
      scene.put('custom_nodes/Registry/pyproject.toml', '[project]\nname = "registry-grain"\nversion = "1.1.0"\n'),
    grade: 'approximate',
    says: ['pack Registry: * is <id>, here it is <id>'],
  },
  {
    what: 'something that a registry pack wrote beside its own files',
    change: (scene) => scene.put('custom_nodes/Registry/settings.json', '{}'),
    ...nothing,
  },
  {
    what: 'interface of a pack node changed: another default',
    alter: answers('/object_info', /("default": ?)0\.25/g, '$10.75'),
    grade: 'approximate',
    says: ['node PlainGrain: other inputs than *'],
  },
  {
    what: 'interface of a core node changed: an input more',
    alter: answers('/object_info', /("VAEDecode": ?\{"input": ?\{"required": ?\{)/g, '$1"tiling": ["BOOLEAN", {}], '),
    grade: 'approximate',
    says: ['node VAEDecode: other inputs than *'],
  },
  {
    what: 'another file in a model folder: the list of a node is no interface',
    change: (scene) => scene.put('models/loras/new.safetensors', 'new'),
    ...nothing,
  },
];

export const comfyuiRows: readonly Row[] = [
  {
    what: 'ComfyUI updated to another commit',
    change: (scene) => {
      scene.put('main.py', '# update\n');
      scene.git('.', 'commit', '--quiet', '--all', '-m', 'update');
    },
    grade: 'approximate',
    says: ['ComfyUI: * is <id>, here it is <id>'],
  },
  {
    what: 'ComfyUI edited locally',
    change: (scene) => scene.put('main.py', '# mine\n'),
    grade: 'approximate',
    says: ['ComfyUI: edited locally, other than *'],
  },
  {
    what: 'server of another version than its folder',
    alter: answers('/system_stats', '"0.8.0"', '"0.9.0"'),
    grade: 'approximate',
    says: ['ComfyUI: * is 0.8.0, here it is 0.9.0'],
  },
];
