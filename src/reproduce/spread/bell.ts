/** Wakes everybody who waits for a change. */
export interface Bell {
  readonly ring: () => void;
  /** Resolves at the next ring. */
  readonly next: () => Promise<void>;
}

export function newBell(): Bell {
  let waiting: (() => void)[] = [];
  return {
    ring() {
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    },
    next: () => new Promise<void>((resolve) => void waiting.push(resolve)),
  };
}
