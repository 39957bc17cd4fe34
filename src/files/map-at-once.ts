/** So many questions at once keep the disk, or a server far away, busy. */
const atOnce = 32;

/** Asks the same of every item, some at once; answers in the order of the items. */
export async function mapAtOnce<Item, Answer>(
  items: readonly Item[],
  ask: (item: Item) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let at = 0; at < items.length; at += atOnce) {
    answers.push(...(await Promise.all(items.slice(at, at + atOnce).map(ask))));
  }
  return answers;
}
