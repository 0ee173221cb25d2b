/* Parts of a JPEG (ITU T.81, annex B), to put together sound and malformed ones. */

export const bytesOf = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0))
export const segment = (code: number, body: readonly number[]): number[] => [
  ...[0xff, code, (body.length + 2) >> 8, (body.length + 2) & 0xff],
  ...body,
]
const start = [0xff, 0xd8]
export const end: readonly number[] = [0xff, 0xd9]
export const ones = (count: number): number[] => Array.from({ length: count }, () => 1)
export const quantization: readonly number[] = segment(0xdb, [0, ...ones(64)])
/** A code of one bit, 0, for this symbol. */
export const code = (kindAndNumber: number, symbol = 0): number[] =>
  segment(0xc4, [kindAndNumber, 1, ...Array.from({ length: 15 }, () => 0), symbol])
export const tables: readonly number[] = [...quantization, ...code(0x00), ...code(0x10)]
interface TestFrame {
  readonly width?: number
  readonly height?: number
  readonly kind?: number
  readonly precision?: number
  readonly factors?: number
}
export const frame = (options: TestFrame = {}): number[] => {
  const { width = 8, height = 8, kind = 0xc0, precision = 8, factors = 0x11 } = options
  return segment(kind, [
    precision,
    height >> 8,
    height & 255,
    width >> 8,
    width & 255,
    1,
    7,
    factors,
    0,
  ])
}
export const scanHeader = (...spectrum: [number, number, number] | []): number[] =>
  segment(0xda, [1, 7, 0, ...(spectrum.length === 0 ? [0, 63, 0] : spectrum)])
/** Two bits for each block: no difference, and the end of the block; then ones. */
export const blocks = (count: number): number[] => [
  ...Array.from({ length: Math.floor(count / 4) }, () => 0),
  ...(count % 4 === 0 ? [] : [0xff >> (2 * (count % 4))]),
]
export const scan: readonly number[] = [...scanHeader(), ...blocks(1)]
export const jpeg = (...parts: readonly (readonly number[])[]): Uint8Array =>
  Uint8Array.from([...start, ...parts.flat()])
export const plain: Uint8Array = jpeg(tables, frame(), scan, end)

/** An Exif segment whose directory has these entries, [tag, value], in the byte order `MM` or `II`. */
export function exif(entries: readonly [number, number][], order: 'MM' | 'II' = 'MM'): number[] {
  const short = (value: number) =>
    order === 'II' ? [value & 255, value >> 8] : [value >> 8, value & 255]
  const long = (value: number) => (order === 'II' ? [value, 0, 0, 0] : [0, 0, 0, value])
  const header = [...bytesOf(order), ...short(42), ...long(8), ...short(entries.length)]
  const directory = entries.flatMap(([tag, value]) => [
    ...short(tag),
    ...short(3),
    ...long(1),
    ...short(value),
    ...[0, 0],
  ])
  return segment(0xe1, [...bytesOf('Exif\0\0'), ...header, ...directory])
}
export const orientation = 0x0112
/** What is kept of a picture with this orientation. */
export const turned = (turn: number): number[] => [
  ...[0xff, 0xe1, 0, 34],
  ...bytesOf('Exif\0\0'),
  ...[0x4d, 0x4d, 0, 42, 0, 0, 0, 8],
  ...[0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, turn, 0, 0, 0, 0, 0, 0],
]
