/** How values are brought into a form that JSON can carry, and back: tRPC's data transformer. */
interface Way {
  serialize(value: unknown): unknown
  deserialize(value: unknown): unknown
}

export type Transformer = { input: Way; output: Way }

const identity = (value: unknown): unknown => value
const plain: Way = { serialize: identity, deserialize: identity }

/** The two ways of whatever the router has: none, one for both, or one each. */
export function createTransformer(transformer: Way | Transformer | undefined): Transformer {
  if (transformer && 'input' in transformer) return transformer
  const way = transformer ?? plain
  return { input: way, output: way }
}
