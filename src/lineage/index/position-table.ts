/** Where numbers stand in a list, looked up a hundred thousand times for one answer: a Map would take several times as long to fill. */
export interface PositionTable {
  /** The position of a number, the last where it stands twice; -1 where it is not in the list. */
  find(number: number): number;
}

/** Slots are at least so many times as many as numbers: then hardly any search takes a second step. */
const room = 2;

/** Until so many were looked for the list is searched from its end to its beginning: a table would not be worth making. */
const few = 16;

/** @param numbers as `longHash` gives them: their bits are as good as random */
export function positionTable(numbers: Float64Array): PositionTable {
  let searches = 0;
  let table: PositionTable | undefined;
  return {
    find(number) {
      if (searches++ < few) return numbers.lastIndexOf(number);
      table ??= tableOf(numbers);
      return table.find(number);
    },
  };
}

/** The positions of many numbers, most of which stand in the order of the list, one after the other: then nothing is looked up. */
export function positionsOf(table: PositionTable, list: Float64Array, numbers: Float64Array): Int32Array {
  const positions = new Int32Array(numbers.length);
  let next = 0;
  for (let at = 0; at < numbers.length; at++) {
    const number = numbers[at] ?? 0;
    const position = list[next] === number ? next : table.find(number);
    positions[at] = position;
    if (position >= 0) next = position + 1;
  }
  return positions;
}

function tableOf(numbers: Float64Array): PositionTable {
  const size = 2 ** Math.ceil(Math.log2(Math.max(1, numbers.length) * room));
  const slots = new Int32Array(size).fill(-1);
  const number = new Float64Array(1);
  const bits = new Uint32Array(number.buffer);
  /** Taking a remainder of such a number would be many times as slow as a look at its bits. */
  const slotOf = (wanted: number) => {
    number[0] = wanted;
    let slot = Math.imul((bits[0] ?? 0) ^ (bits[1] ?? 0), 0x9e3779b1) >>> 8;
    for (slot &= size - 1; ; slot = (slot + 1) & (size - 1)) {
      const at = slots[slot] ?? -1;
      if (at < 0 || numbers[at] === wanted) return slot;
    }
  };
  for (let at = 0; at < numbers.length; at++) slots[slotOf(numbers[at] ?? 0)] = at;
  return { find: (wanted) => slots[slotOf(wanted)] ?? -1 };
}
