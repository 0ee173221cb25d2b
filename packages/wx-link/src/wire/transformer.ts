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
