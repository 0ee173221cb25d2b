import fc from 'fast-check'
import { plainText } from './of-schema.ts'

const nested = (open: string, close: string) =>
  fc.integer({ min: 1, max: 9_000 }).map((depth) => open.repeat(depth) + close.repeat(depth))

/** JSON texts, and texts that are nearly JSON, which no client of ours would send. */
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

const marker = '@mutated@'

/** A JSON text of a value in which one place may hold something hostile, be missing or be added. */
export function spoiled(value: fc.Arbitrary<unknown>): fc.Arbitrary<string> {
  const key = fc.constantFrom('__proto__', 'constructor', 'x', '0', 'type', 'proof', '')
  return fc
    .tuple(value, hostileJson, key, fc.nat(), fc.constantFrom('keep', 'set', 'add', 'drop'))
    .map(([whole, hostile, name, place, change]) => {
      if (change === 'keep') return JSON.stringify(whole) ?? ''
      const copy = JSON.parse(JSON.stringify({ root: whole }))
      const places = placesIn(copy)
      const [holder, at] = places[place % places.length] ?? [copy, 'root']
      if (change === 'drop' && places.length > 1) delete holder[at]
      else if (change === 'add') Object.defineProperty(holder, name, { ...own, value: marker })
      else holder[at] = marker
      return JSON.stringify(copy.root ?? marker).replace(`"${marker}"`, () => hostile)
    })
}

const own = { enumerable: true, configurable: true, writable: true }

type Holder = Record<string, unknown>

function placesIn(holder: Holder): [Holder, string][] {
  return Object.entries(holder).flatMap(([key, value]) => [
    [holder, key] as [Holder, string],
    ...(typeof value === 'object' && value !== null ? placesIn(value as Holder) : []),
  ])
}
