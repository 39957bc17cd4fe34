import { expect, test } from 'vitest';
import { readSource } from '../../src/lock/model-source.js';
import { isPrivateAddress } from '../../src/models/private-address.js';
import { privateAddressOf, publicLookup } from '../../src/models/public-lookup.js';
import { sourceRefusal, sourceRules } from '../../src/models/source-rules.js';
import { tokensOf } from '../../src/models/source-token.js';

const none = sourceRules([]);
const refusal = (address: string, from?: string) =>
  sourceRefusal(new URL(address), none, from === undefined ? undefined : new URL(from));

test.each([
  'https://huggingface.co/org/repo/resolve/main/x.safetensors',
  'https://civitai.com/api/download/models/128078',
])('%s may be fetched', (address) => expect(refusal(address)).toBeUndefined());

test.each([
  ['http://huggingface.co/x', 'it is http and not https'],
  ['https://user:pass@huggingface.co/x', 'there are credentials in it'],
  ['https://huggingface.co:8443/x', 'it names the port 8443'],
  ['https://huggingface.co.evil.example/x', 'huggingface.co.evil.example is no source that is allowed'],
  ['https://evil.example/huggingface.co', 'evil.example is no source that is allowed'],
  ['https://cdn-lfs.huggingface.co/x', 'cdn-lfs.huggingface.co is no source that is allowed'],
  ['ftp://huggingface.co/x', 'it is ftp and not https'],
  ['https://constructor/x', 'constructor is no source that is allowed'],
])('%s may not: %s', (address, why) => expect(refusal(address)).toBe(why));

test('a source sends on to its own delivery hosts, and to no others', () => {
  const hub = 'https://huggingface.co/x';
  expect(refusal('https://cas-bridge.xethub.hf.co/x', hub)).toBeUndefined();
  expect(refusal('https://cdn-lfs.huggingface.co/x', hub)).toBeUndefined();
  expect(refusal('https://evilhf.co/x', hub)).toBe('it leads on to evilhf.co');
  expect(refusal('https://civitai.com/x', hub)).toBe('it leads on to civitai.com');
  expect(refusal('http://huggingface.co/x', hub)).toBe('it is http and not https');
});

test('git config adds hosts and origins', () => {
  const rules = sourceRules(['models.example.org', 'http://127.0.0.1:8123']);
  expect(sourceRefusal(new URL('https://models.example.org/x'), rules)).toBeUndefined();
  expect(sourceRefusal(new URL('http://models.example.org/x'), rules)).toBe('it is http and not https');
  expect(sourceRefusal(new URL('http://127.0.0.1:8123/x'), rules)).toBeUndefined();
  expect(sourceRefusal(new URL('http://127.0.0.1:8124/x'), rules)).toBe('it is http and not https');
  for (const wrong of ['https://a/path', 'ftp://a', 'https://u:p@a', '']) {
    expect(() => sourceRules([wrong])).toThrow(/comfy\.source is/);
  }
});

test.each([
  ...['127.0.0.1', '10.1.2.3', '172.31.0.1', '192.168.0.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '224.0.0.1'],
  ...['::1', '::', 'fe80::1%eth0', 'fd00::1', '::ffff:127.0.0.1', '::ffff:7f00:1', '[::1]', '64:ff9b::7f00:1'],
  ...['2002:7f00:1::', '::127.0.0.1', 'ff02::1', 'not an address'],
])('%s is no address of the internet', (address) => expect(isPrivateAddress(address)).toBe(true));

test.each(['8.8.8.8', '172.32.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])('%s is one', (address) =>
  expect(isPrivateAddress(address)).toBe(false),
);

test('a name that leads to this machine is not connected to', async () => {
  const found = (all: boolean) =>
    new Promise<string>((done) => {
      publicLookup('localhost', { all }, (error, address) => done(error?.message ?? String(address)));
    });
  expect(await found(true)).toMatch(/^localhost is the private address (?:127\.0\.0\.1|::1)$/);
  expect(await found(false)).toMatch(/^localhost is the private address/);
  expect(await privateAddressOf('localhost')).toMatch(/^(?:127\.0\.0\.1|::1)$/);
  expect(await privateAddressOf('8.8.8.8')).toBeUndefined();
});

test('sources of a lock are read as what they are', () => {
  const page = readSource('https://huggingface.co/org/repo/blob/abc/dir/x.safetensors#top');
  expect('url' in page && page.url.href).toBe('https://huggingface.co/org/repo/resolve/abc/dir/x.safetensors');
  const air = readSource('urn:air:sdxl:checkpoint:civitai:101055@128078');
  expect('url' in air && air.url.href).toBe('https://civitai.com/api/download/models/128078');
  for (const text of ['file:///etc/passwd', 'urn:air:x:y:z:1', 'javascript:1', '/etc/passwd', 'data:,x']) {
    expect(readSource(text)).toMatchObject({ refused: expect.any(String) });
  }
});

test('tokens come from the environment and git config, each for its own host', () => {
  const tokenFor = tokensOf({ HF_TOKEN: 'hf', CIVITAI_TOKEN: '' }, new Map([['models.example.org', 'mine']]));
  expect(['huggingface.co', 'civitai.com', 'models.example.org', 'cdn-lfs.huggingface.co'].map(tokenFor)).toEqual([
    ...['hf', undefined, 'mine', undefined],
  ]);
  expect(tokensOf({ HF_TOKEN: 'a\r\nx: y' }, new Map())('huggingface.co')).toBeUndefined();
});
