import type { InputSpec } from './interfaces.js';
import type { Json } from './json.js';

/** One widget of a node, in the frontend's order. */
export interface Widget {
  /** Input name; a member of a dynamic combo is `<input>.<member>`. */
  readonly name: string;
  /** Takes a place in `widgets_values`. */
  readonly saved: boolean;
  /** Goes into the prompt. */
  readonly sent: boolean;
  /** What a new node has; `undefined` where only a server knows (a remote combo). */
  readonly default: Json | undefined;
  /** It sends the default, whatever the file holds. */
  readonly constant?: true;
  /** The input that it stands for; companions (`control_after_generate`, `upload`) stand for none. */
  readonly spec: InputSpec | undefined;
}
