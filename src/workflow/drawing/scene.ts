import type { Span } from '../change-spans.js';
import type { Rectangle } from '../rectangles.js';
import type { Frame } from './sheet.js';

/** What became of a node or link. */
export type Mark = 'same' | 'added' | 'removed' | 'changed';

/** A graph as it is drawn, in canvas units. */
export interface Scene {
  readonly boxes: readonly Box[];
  readonly wires: readonly Wire[];
  readonly frames: readonly Frame[];
  /** Around everything. */
  readonly whole: Rectangle;
  /** Around what is not the same, with a little around it; `undefined` where all is. */
  readonly changed: Rectangle | undefined;
}

export interface Box {
  readonly id: string;
  readonly mark: Mark;
  readonly rect: Rectangle;
  readonly title: readonly Span[];
  /** Class and state, where the title does not say them. */
  readonly about: string;
  readonly state: 'active' | 'muted' | 'bypassed';
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly rows: readonly Row[];
}

/** A slot; `y` is its middle. */
export interface Port {
  readonly name: string;
  readonly y: number;
}

/** A value; `y` is the top of its first line. */
export interface Row {
  readonly name: string;
  readonly lines: readonly (readonly Span[])[];
  readonly y: number;
  readonly changed: boolean;
}

export interface Wire {
  readonly mark: Mark;
  readonly from: { readonly x: number; readonly y: number };
  readonly to: { readonly x: number; readonly y: number };
}

export const lineHeight = 16;
export const rowGap = 5;
export const slotHeight = 20;
/** Of the letters of values, at the size that they are drawn. */
export const letterWidth = 6.6;
