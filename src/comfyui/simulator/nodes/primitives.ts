import { constant, jsonOf, type NodeClass } from '../node-class.js';

const same: NodeClass = { run: async (inputs) => ({ outputs: [constant(jsonOf(inputs, 'value'))] }) };

export const primitives: Readonly<Record<string, NodeClass>> = {
  PrimitiveInt: same,
  PrimitiveFloat: same,
  PrimitiveString: same,
  PrimitiveStringMultiline: same,
  PrimitiveBoolean: same,
};
