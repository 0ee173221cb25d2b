import fc from 'fast-check'

/** The part of a zod schema that `arbitraryOf` reads. */
export interface SchemaNode {
  readonly def: {
    readonly type: string
    readonly shape?: Readonly<Record<string, SchemaNode>>
    readonly options?: readonly SchemaNode[]
    readonly values?: readonly unknown[]
    readonly innerType?: SchemaNode
    readonly in?: SchemaNode
  }
}

/** Texts as they occur in requests: names, codes, tokens, URLs, long and unusual texts. */
export const plainText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ maxLength: 300 }),
  fc.constantFrom('ming', 'wx6d69616e6d690001', '13800138000', 'https://a.example/b.png', ''),
  fc.stringMatching(/^[\w-]{20,60}\.[0-9a-z]\.[\w-]{43}$/),
  fc.webUrl(),
)

/** Values that match a schema, except that texts are not limited to its formats. */
export function arbitraryOf({ def }: SchemaNode): fc.Arbitrary<unknown> {
  const { type, shape, options, values, innerType } = def
  if (shape) return fc.record(mapValues(shape, arbitraryOf))
  if (options) return fc.oneof(...options.map(arbitraryOf))
  if (values) return fc.constantFrom(...values)
  if (type === 'optional') return fc.option(arbitraryOf(innerOf(innerType)), { nil: undefined })
  if (type === 'nullable') return fc.option(arbitraryOf(innerOf(innerType)), { nil: null })
  if (innerType ?? def.in) return arbitraryOf(innerOf(innerType ?? def.in))
  return plainText
}

function innerOf(schema: SchemaNode | undefined): SchemaNode {
  if (schema === undefined) throw new Error('the wrapper schema has no inner schema')
  return schema
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}
