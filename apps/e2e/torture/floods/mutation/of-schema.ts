import fc from 'fast-check'

/** The part of a zod schema that is read here. */
export interface Schema {
  readonly def: {
    readonly type: string
    readonly shape?: Readonly<Record<string, Schema>>
    readonly options?: readonly Schema[]
    readonly values?: readonly unknown[]
    readonly innerType?: Schema
    readonly in?: Schema
  }
}

/** What appears somewhere in the real world: names, codes, tokens, addresses, long and odd texts. */
export const plainText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ maxLength: 300 }),
  fc.constantFrom('ming', 'wx6d69616e6d690001', '13800138000', 'https://a.example/b.png', ''),
  fc.stringMatching(/^[\w-]{20,60}\.[0-9a-z]\.[\w-]{43}$/),
  fc.webUrl(),
)

/** Values that fit a schema, or nearly. */
export function ofSchema({ def }: Schema): fc.Arbitrary<unknown> {
  const { type, shape, options, values, innerType } = def
  if (shape) return fc.record(mapValues(shape, ofSchema))
  if (options) return fc.oneof(...options.map(ofSchema))
  if (values) return fc.constantFrom(...values)
  if (type === 'optional') return fc.option(ofSchema(innerOf(innerType)), { nil: undefined })
  if (type === 'nullable') return fc.option(ofSchema(innerOf(innerType)), { nil: null })
  if (innerType ?? def.in) return ofSchema(innerOf(innerType ?? def.in))
  return plainText
}

function innerOf(schema: Schema | undefined): Schema {
  if (schema === undefined) throw new Error('a wrapper without what it wraps')
  return schema
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}
