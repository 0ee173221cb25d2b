import { z } from 'zod'

/**
 * Writes a schema as one line of text, so that a test can compare all of it with a literal: every key, bound, default
 * and pattern. An object that refuses unknown keys begins with `strict`. A part that transforms shows its input only.
 */
export function describeSchema(schema: z.core.$ZodType): string {
  if (schema instanceof z.ZodString || schema instanceof z.ZodStringFormat)
    return describeText(schema)
  if (schema instanceof z.ZodNumber) return describeNumber(schema)
  if (schema instanceof z.ZodBoolean) return 'boolean'
  if (schema instanceof z.ZodUnknown) return 'unknown'
  if (schema instanceof z.ZodLiteral) return [...schema.values].map(quoted).join('|')
  if (schema instanceof z.ZodEnum) return schema.options.map(quoted).join('|')
  if (schema instanceof z.ZodObject) return describeObject(schema)
  if (schema instanceof z.ZodArray) return `(${describeSchema(schema.element)})[]`
  if (schema instanceof z.ZodRecord) return `record of ${describeSchema(schema.valueType)}`
  if (schema instanceof z.ZodUnion) return schema.options.map(describeSchema).join(' | ')
  if (schema instanceof z.ZodOptional) return `optional ${describeSchema(schema.unwrap())}`
  if (schema instanceof z.ZodNullable) return `nullable ${describeSchema(schema.unwrap())}`
  if (schema instanceof z.ZodReadonly) return describeSchema(schema.unwrap())
  if (schema instanceof z.ZodDefault)
    return `${describeSchema(schema.unwrap())} = ${JSON.stringify(schema.def.defaultValue)}`
  if (schema instanceof z.ZodPipe) return `transformed ${describeSchema(schema.in)}`
  throw new Error(`a kind of schema that is not described: ${schema._zod.def.type}`)
}

const quoted = (value: unknown): string => JSON.stringify(value)

function describeObject({ shape, def }: z.ZodObject): string {
  const entries = Object.entries(shape).map(([key, part]) => `${key}: ${describeSchema(part)}`)
  const isStrict = def.catchall instanceof z.ZodNever
  return `${isStrict ? 'strict ' : ''}{ ${entries.join(', ')} }`.replace('{  }', '{}')
}

function describeText(schema: z.ZodString | z.ZodStringFormat): string {
  const { checks = [] } = schema.def
  const own = schema instanceof z.ZodStringFormat ? [schema.format ?? ''] : []
  const protocols =
    schema instanceof z.ZodURL ? [String((schema.def as z.core.$ZodURLDef).protocol)] : []
  const { format } = schema.meta() ?? {}
  const patterns = checks.flatMap((check) => {
    const { def } = check._zod
    if (!('format' in def) || def.format !== 'regex' || !('pattern' in def)) return []
    return [String(def.pattern)]
  })
  const trims = checks.some((check) => check._zod.def.check === 'overwrite') ? ['trimmed'] : []
  const bounds = range(schema.minLength, schema.maxLength)
  return [
    'text',
    ...own,
    ...protocols,
    ...(format ? [String(format)] : []),
    ...trims,
    ...bounds,
    ...patterns,
  ].join(' ')
}

function describeNumber(schema: z.ZodNumber): string {
  const { format, minValue, maxValue } = schema
  const isInt = format === 'safeint'
  const min = isInt && minValue === Number.MIN_SAFE_INTEGER ? null : minValue
  const max = isInt && maxValue === Number.MAX_SAFE_INTEGER ? null : maxValue
  const isPositive = schema.def.checks?.some(isExclusiveMinimum) ? ['above'] : []
  return [isInt ? 'int' : 'number', ...isPositive, ...range(min, max)].join(' ')
}

function isExclusiveMinimum({ _zod: { def } }: z.core.$ZodCheck): boolean {
  return def.check === 'greater_than' && 'inclusive' in def && def.inclusive === false
}

function range(min: number | null, max: number | null): string[] {
  const isOpen = (bound: number | null) => bound === null || !Number.isFinite(bound)
  if (isOpen(min) && isOpen(max)) return []
  return [`${isOpen(min) ? '' : min}..${isOpen(max) ? '' : max}`]
}
