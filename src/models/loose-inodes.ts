import { statfs } from 'node:fs/promises';

/**
 * File systems (Linux's numbers for them, `man 2 statfs`) whose inode or device numbers, or times of change, need not be the same after the
 * next mount: NFS, SMB (three), FUSE (sshfs, rclone, ntfs-3g), 9p (WSL's Windows drives), Ceph, AFS, Coda, VirtualBox' shared folders, overlay.
 */
const loose = new Set([
  0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x65735546, 0x01021997, 0x00c36400, 0x5346414f, 0x73757245, 0x786f4256,
  0x794c7630,
]);

/** Whether numbers of a file on this file system tell nothing by having changed. */
export async function hasLooseInodes(path: string, platform: string = process.platform): Promise<boolean> {
  if (platform === 'win32') return path.startsWith('\\\\');
  if (platform !== 'linux') return false;
  // The kernel's number is signed on some machines.
  return statfs(path).then(
    ({ type }) => loose.has(type >>> 0),
    () => false,
  );
}
