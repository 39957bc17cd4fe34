type Numbers = Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/** Numbers that become more: a hundred thousand of them in a list of JavaScript would be as many objects, and two such lists at every joining. */
export interface Growing<T extends Numbers> {
  readonly length: number;
  push(value: number): void;
  append(values: ArrayLike<number>): void;
  /** What there is now; it stays so while more is added. */
  now(): T;
}

const smallest = 1024;

/** @param start what there is before; it is not changed */
export function growing<T extends Numbers>(start: T): Growing<T> {
  let all = start;
  let length = start.length;
  const reserve = (more: number) => {
    if (length + more <= all.length && all !== start) return;
    const make = start.constructor as new (length: number) => T;
    const larger = new make(Math.max(smallest, length + more, Math.ceil(length * 1.5)));
    larger.set(all.subarray(0, length));
    all = larger;
  };
  return {
    get length() {
      return length;
    },
    push(value) {
      reserve(1);
      all[length++] = value;
    },
    append(values) {
      reserve(values.length);
      all.set(values, length);
      length += values.length;
    },
    now: () => all.subarray(0, length) as T,
  };
}
