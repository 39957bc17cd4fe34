import { BlockList, isIP } from 'node:net';

/**
 * Everything that is no address of the public internet: this machine, its networks, clouds' metadata services, documentation.
 * Source: IANA IPv4 and IPv6 Special-Purpose Address Registries.
 */
const blocked = new BlockList();
const special4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...['224.0.0.0/4', '240.0.0.0/4'],
];
const special6 = ['::/127', '64:ff9b::/96', '64:ff9b:1::/48', '100::/64', '2001::/23', '2001:db8::/32', '2002::/16'];
const local6 = ['fc00::/7', 'fe80::/10', 'fec0::/10', 'ff00::/8'];
for (const [family, ranges] of [
  ['ipv4', special4],
  ['ipv6', [...special6, ...local6]],
] as const) {
  for (const range of ranges) {
    const [network = '', prefix] = range.split('/');
    blocked.addSubnet(network, Number(prefix), family);
  }
}

/** Whether an IP address is one that a file of somebody else must not make us talk to; anything that is no IP address is. */
export function isPrivateAddress(address: string): boolean {
  const plain = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  const family = isIP(plain);
  if (family === 0) return true;
  const mapped = family === 6 ? embedded4(plain) : undefined;
  return mapped === undefined ? blocked.check(plain, family === 4 ? 'ipv4' : 'ipv6') : blocked.check(mapped, 'ipv4');
}

/** `::ffff:127.0.0.1` and `::ffff:7f00:1` are 127.0.0.1 by another name, and `::127.0.0.1` was. */
function embedded4(address: string): string | undefined {
  // URL writes every address in its shortest form, with groups in hex.
  const short = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const groups = /^::(?:ffff:(?:0:)?)?([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short)?.slice(1);
  if (groups === undefined) return undefined;
  return groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]).join('.');
}
