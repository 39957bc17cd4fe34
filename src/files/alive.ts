import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { kill, pid } from 'node:process';

/** This machine, in few letters: a folder may be shared by several, and a process number means something on one of them only. */
const machine = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);

/** This process, for the name of a file that is in work: whoever finds it later can tell whether anybody still is at it. */
export const ownerName = `${machine}-${pid}`;

/** Whether the number of an owner means a process of this machine. */
export const isOfThisMachine = (owner: string): boolean => owner.startsWith(`${machine}-`);

/** Whether the owner of a file in work is still there; one on another machine is taken to be. */
export function isAlive(owner: string): boolean {
  if (!isOfThisMachine(owner)) return true;
  const [, number] = owner.split('-');
  return isProcessAlive(Number(number));
}

/** Whether there is a process of this number on this machine. */
export function isProcessAlive(number: number): boolean {
  try {
    return kill(number, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
