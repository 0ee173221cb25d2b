import { expect, it } from 'vitest'
import { chunk, webp } from '../../../../testing/webp-parts.ts'
import { bareWebp } from '../bare-webp.ts'
import { updateProbabilities } from './token-probabilities.ts'

type Bit = readonly [value: number, probability: number]

/** The arithmetic code of these bits (RFC 6386, §7.3). */
function encoded(bits: readonly Bit[]): number[] {
  let [low, range, length] = [0n, 255, 8]
  for (const [value, probability] of bits) {
    const split = 1 + (((range - 1) * probability) >> 8)
    if (value === 1) low += BigInt(split)
    range = value === 1 ? range - split : split
    for (; range < 128; range *= 2, length++) low *= 2n
  }
  const bytes = Math.ceil(length / 8)
  const text = (low << BigInt(8 * bytes - length)).toString(16).padStart(2 * bytes, '0')
  return [...text.matchAll(/../g)].map(([digits]) => Number.parseInt(digits, 16))
}

const even = (...values: number[]): Bit[] => values.map((value) => [value, 128])
const zeros = (count: number): Bit[] => even(...Array.from({ length: count }, () => 0))

/** A picture of one macroblock without coefficients, with two partitions that hold these bytes. */
function inTwoPartitions(first: number[], last: number[]): Uint8Array {
  const header = encoded([
    ...zeros(2 + 1 + 10 + 1),
    ...even(0, 1),
    ...zeros(7 + 5 + 1),
    ...updateProbabilities.flatMap((row) => [...row].map((probability): Bit => [0, probability])),
    // Each macroblock may have no coefficients; this one has none, and one mode for all of it.
    ...even(...Array.from({ length: 9 }, () => 1)),
    ...([
      [1, 255],
      [1, 145],
      [0, 156],
      [0, 163],
      [0, 142],
    ] as const),
  ])
  const tag = 0x10 | (header.length << 5)
  const start = [tag & 255, tag >> 8, 0, 0x9d, 0x01, 0x2a, 16, 0, 16, 0]
  return webp(chunk('VP8 ', [...start, ...header, first.length, 0, 0, ...first, ...last]))
}

it('each partition of a lossy WebP is there, also one that no row of macroblocks uses', () => {
  const whole = inTwoPartitions([1], [2])
  expect(bareWebp(whole)).toEqual(whole)
  for (const cut of [inTwoPartitions([1], []), inTwoPartitions([], [])])
    expect(() => bareWebp(cut)).toThrow('a lossy WebP that ends early')
})
