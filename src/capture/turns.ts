/** Does one piece of work at a time, in the order in which they were asked for; one that fails hinders no other. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

export function takeTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => {});
    return mine;
  };
}
