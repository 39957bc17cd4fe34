import { expect, test } from 'vitest';
import { environmentDrift, environmentFacts } from '../../src/lineage/environment-drift.js';

const then = {
  python: '3.12.3 (main)',
  torch: '2.9.1+cu130',
  os: 'linux',
  devices: ['cuda:0 NVIDIA GeForce RTX 4090'],
  arguments: ['--fast'],
  packages: { numpy: '2.1.0' },
};

test('each fact of the machine is a difference of its own, with what mends it', () => {
  const now = {
    python: '3.13.0',
    torch: '2.10.0+cu130',
    os: 'win32',
    devices: ['cpu'],
    arguments: [],
    packages: { numpy: '2.2.0' },
  };
  expect(environmentDrift(then, now).map(({ code, hint, worst }) => [code, hint, worst])).toEqual([
    ['python-changed', 'run ComfyUI in a virtual environment of Python 3.12.3', 'approximate'],
    [
      'torch-changed',
      "in ComfyUI's Python: pip install torch==2.9.1 --index-url https://download.pytorch.org/whl/cu130",
      'approximate',
    ],
    ['system-changed', undefined, 'approximate'],
    ['device-changed', 'the same samples come from the same kind of device only', 'approximate'],
    ['arguments-changed', 'start ComfyUI with these: --fast', 'approximate'],
    ['package-changed', "in ComfyUI's Python: pip install numpy==2.1.0", 'approximate'],
  ]);
});

test('the same machine differs in nothing, and one that is not there is not checked', () => {
  expect(environmentDrift(then, then)).toEqual([]);
  expect(environmentDrift(then, undefined).map(({ code }) => code)).toEqual(['environment-unchecked']);
});

test('flags, driver and processor differ where both captured them and they matter', () => {
  const gpu = {
    devices: ['cuda:0 RTX'],
    driver: 'NVIDIA 570',
    cuda: '12.8',
    cpu: 'old',
    flags: { threads: '1', attention: 'a' },
  };
  const now = {
    devices: ['cuda:0 RTX'],
    driver: 'NVIDIA 580',
    cuda: '12.8',
    cpu: 'new',
    flags: { threads: '2', attention: 'a' },
  };
  expect(environmentDrift(gpu, now).map(({ code, subject }) => [code, subject])).toEqual([
    ['driver-changed', 'driver'],
    ['flag-changed', 'threads'],
  ]);
  expect(
    environmentDrift({ ...gpu, devices: ['cpu'] }, { ...now, devices: ['cpu'] }).map(({ subject }) => subject),
  ).toEqual(['cpu', 'threads']);
  expect(environmentDrift(gpu, { devices: ['cuda:0 RTX'] })).toEqual([]);
});

test('a version that is no version makes no command to type', () => {
  const hints = environmentDrift({ torch: '2.9; rm -rf /' }, { torch: '2.9' }).map(({ hint }) => hint);
  expect(hints).toEqual([undefined]);
  const [found] = environmentDrift({ packages: { 'a b': '1' } }, { packages: {} });
  expect(found?.hint).toBe("in ComfyUI's Python: pip install 'a b==1'");
});

test('two runs are compared by flags, driver and packages too', () => {
  const facts = environmentFacts({
    driver: 'NVIDIA 570',
    flags: { threads: '2', vram_state: 'LOW' },
    packages: { numpy: '2' },
  });
  expect([...facts]).toEqual([
    ['driver', 'NVIDIA 570'],
    ['threads', '2'],
    ['package numpy', '2'],
  ]);
});
