/**
 * Works on some items at once, and hands the results on in the order of the items. Work that fails does so when its turn comes.
 * @param most items that are worked on at once
 */
export async function* workAhead<Item, Result>(
  items: Iterable<Item>,
  most: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const running: Promise<Result>[] = [];
  for (const item of items) {
    const one = work(item);
    // Nobody waits for it yet.
    one.catch(() => {});
    running.push(one);
    if (running.length >= most) yield await (running.shift() as Promise<Result>);
  }
  for (const one of running) yield await one;
}
