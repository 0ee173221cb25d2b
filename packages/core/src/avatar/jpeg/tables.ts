import { ensure } from '../malformed-picture.ts'
import { type HuffmanTable, huffmanTable } from './entropy-reader.ts'

/** The tables that the scans after them use. A later one with the same number replaces an earlier one. */
export interface JpegTables {
  readonly quantization: Set<number>
  readonly dc: Map<number, HuffmanTable>
  readonly ac: Map<number, HuffmanTable>
  /** Units between two restart markers; 0: there are none. */
  restartInterval: number
}

/** Reads a DQT segment (ITU T.81, B.2.4.1). @throws MalformedPictureError */
export function readQuantization(tables: JpegTables, body: Uint8Array): void {
  let at = 0
  while (at < body.length) {
    const [precision, number] = [(body[at] ?? 0) >> 4, (body[at] ?? 0) & 15]
    ensure(precision <= 1 && number <= 3, 'a malformed JPEG quantization')
    tables.quantization.add(number)
    at += 1 + 64 * (precision + 1)
  }
  ensure(at === body.length, 'a malformed JPEG quantization')
}

/** Reads a DHT segment (ITU T.81, B.2.4.2). @throws MalformedPictureError */
export function readHuffman(tables: JpegTables, body: Uint8Array): void {
  let at = 0
  while (at < body.length) {
    const [kind, number] = [(body[at] ?? 0) >> 4, (body[at] ?? 0) & 15]
    const counts = [...body.subarray(at + 1, at + 17)]
    const end = at + 17 + counts.reduce((sum, count) => sum + count, 0)
    ensure(kind <= 1 && number <= 3 && end <= body.length, 'a malformed JPEG Huffman table')
    const symbols = body.subarray(at + 17, end)
    ensure(kind === 1 || symbols.every((symbol) => symbol <= 15), 'a malformed JPEG Huffman table')
    tables[kind === 0 ? 'dc' : 'ac'].set(number, huffmanTable(counts, symbols))
    at = end
  }
}

/** Reads a DRI segment (ITU T.81, B.2.4.4). @throws MalformedPictureError */
export function readRestartInterval(tables: JpegTables, body: Uint8Array): void {
  const [high, low] = body
  ensure(body.length === 2 && high !== undefined && low !== undefined, 'a malformed JPEG interval')
  tables.restartInterval = high * 256 + low
}

/** Checks a DAC segment (ITU T.81, B.2.4.3): conditions of the arithmetic codes. @throws MalformedPictureError */
export function checkArithmetic(body: Uint8Array): void {
  ensure(body.length % 2 === 0, 'a malformed JPEG arithmetic code')
  for (let at = 0; at < body.length; at += 2) {
    const [kind, value = 0] = [(body[at] ?? 0) >> 4, body[at + 1]]
    const isValid =
      kind === 0 ? (value & 15) <= value >> 4 : kind === 1 && value >= 1 && value <= 63
    ensure(isValid, 'a malformed JPEG arithmetic code')
  }
}
