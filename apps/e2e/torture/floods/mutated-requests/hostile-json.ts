import fc from 'fast-check'
import { plainText } from './schema-arbitrary.ts'

const nested = (open: string, close: string) =>
  fc.integer({ min: 1, max: 9_000 }).map((depth) => open.repeat(depth) + close.repeat(depth))

/** Unusual JSON texts, and texts that are almost JSON. */
export const hostileJson: fc.Arbitrary<string> = fc.oneof(
  fc.json(),
  fc.json({ stringUnit: 'binary' }),
  nested('[', ']'),
  nested('{"a":', '}'),
  nested('[{"__proto__":', '}]'),
  plainText.map((text) => JSON.stringify(text)),
  fc.integer({ min: 0, max: 60_000 }).map((length) => `"${'長'.repeat(length / 3)}"`),
  fc.constantFrom(
    '',
    'null',
    'true',
    '0',
    '-0',
    '1e999',
    '-1e-999',
    '9007199254740993',
    'NaN',
    'undefined',
    '"\\ud800"',
    '"\\udfff\\ud800"',
    '"\\u0000"',
    '\ufeff{}',
    '{"__proto__":{"isAdmin":true}}',
    '{"constructor":{"prototype":{"x":1}}}',
    '{"toString":1,"valueOf":2,"then":"x","toJSON":3}',
    '{"length":4294967295}',
    '{"a":1,"a":2}',
    '{"a":1,}',
    '[1,,2]',
    "{'a':1}",
    '{"json":{},"meta":{"values":{"a":["Date"]}}}',
    '"',
    '{"a',
    '//',
  ),
)

const placeholder = '@mutated@'

/** The JSON text of a value in which one entry may be replaced by hostile JSON, added or removed. */
export function mutatedJson(value: fc.Arbitrary<unknown>): fc.Arbitrary<string> {
  const key = fc.constantFrom('__proto__', 'constructor', 'x', '0', 'type', 'proof', '')
  return fc
    .tuple(value, hostileJson, key, fc.nat(), fc.constantFrom('keep', 'set', 'add', 'drop'))
    .map(([whole, hostile, name, place, change]) => {
      if (change === 'keep') return JSON.stringify(whole) ?? ''
      const copy = JSON.parse(JSON.stringify({ root: whole }))
      const entries = entriesOf(copy)
      const [container, key] = entries[place % entries.length] ?? [copy, 'root']
      if (change === 'drop' && entries.length > 1) delete container[key]
      else if (change === 'add')
        Object.defineProperty(container, name, { ...ownProperty, value: placeholder })
      else container[key] = placeholder
      return JSON.stringify(copy.root ?? placeholder).replace(`"${placeholder}"`, () => hostile)
    })
}

const ownProperty = { enumerable: true, configurable: true, writable: true }

type JsonContainer = Record<string, unknown>

function entriesOf(container: JsonContainer): [JsonContainer, string][] {
  return Object.entries(container).flatMap(([key, value]) => [
    [container, key] as [JsonContainer, string],
    ...(typeof value === 'object' && value !== null ? entriesOf(value as JsonContainer) : []),
  ])
}
