/** tRPC's data transformer: converts values to a form that JSON can carry, and back. */
export interface DataTransformer {
  serialize(value: unknown): unknown
  deserialize(value: unknown): unknown
}

/** One transformer for what the client sends, one for what it receives. */
export interface CombinedTransformer {
  input: DataTransformer
  output: DataTransformer
}

const identity = (value: unknown): unknown => value

/** A router has no transformer, one for both directions, or one for each direction. */
export function combineTransformers(
  transformer: DataTransformer | CombinedTransformer = {
    serialize: identity,
    deserialize: identity,
  },
): CombinedTransformer {
  return 'input' in transformer ? transformer : { input: transformer, output: transformer }
}
