import { joinBytes } from '../bytes.ts'
import { ensure } from '../malformed-picture.ts'
import { bareAppSegment } from './app-segments.ts'
import { isFrame, type JpegFrame, jpegFrame } from './frame.ts'
import { readScan } from './scan.ts'
import { readScanHeader } from './scan-header.ts'
import {
  checkArithmetic,
  type JpegTables,
  readHuffman,
  readQuantization,
  readRestartInterval,
} from './tables.ts'

const marker = {
  ...{ start: 0xd8, end: 0xd9, scan: 0xda, quantization: 0xdb, huffman: 0xc4, interval: 0xdd },
  ...{ arithmetic: 0xcc, comment: 0xfe },
}

/**
 * Upper limit of the scans. Encoders make about ten; each one makes a decoder pass over the whole picture, so a few
 * kilobytes of scans can keep it busy for minutes.
 */
const mostScans = 64

interface JpegReader {
  readonly bytes: Uint8Array
  readonly tables: JpegTables
  readonly kept: Uint8Array[]
  frame: JpegFrame | null
  scans: number
}

/**
 * A JPEG (ITU T.81, annex B) without metadata: place, time, device, comments, previews, and bytes that belong to no
 * segment. The orientation stays. Every block of its pixels is there; the end marker may be missing.
 *
 * @throws MalformedPictureError
 */
export function bareJpeg(bytes: Uint8Array): Uint8Array {
  const tables = { quantization: new Set<number>(), dc: new Map(), ac: new Map() }
  const reader: JpegReader = {
    bytes,
    tables: { ...tables, restartInterval: 0 },
    kept: [bytes.subarray(0, 2)],
    frame: null,
    scans: 0,
  }
  let at = 2
  while (at < bytes.length) {
    const code = bytes[at + 1]
    ensure(bytes[at] === 0xff && code !== undefined, 'a JPEG with bytes between its segments')
    if (code === marker.end) return wholeJpeg(reader)
    // Any number of 0xff bytes may precede a marker.
    at = code === 0xff ? at + 1 : readSegment(reader, at, code)
  }
  ensure(isComplete(reader), 'a JPEG without all of its scans')
  return wholeJpeg(reader)
}

/** Whether nothing can be missing without the end marker. Of an arithmetic code that is never known. */
function isComplete({ frame }: JpegReader): boolean {
  if (frame === null || frame.isArithmetic) return false
  return frame.components.every(({ missingBits }) => !missingBits.some(Boolean))
}

function wholeJpeg({ frame, kept }: JpegReader): Uint8Array {
  const isWhole = frame?.components.every(({ missingBits: [dc] }) => dc !== 255)
  ensure(isWhole === true, 'a JPEG without all of its pixels')
  return joinBytes([...kept, Uint8Array.of(0xff, marker.end)])
}

/** Reads the segment at `at`, with the data after it where it is a scan. Returns where the next marker stands. */
function readSegment(reader: JpegReader, at: number, code: number): number {
  const { bytes, kept } = reader
  const size = (bytes[at + 2] ?? 0) * 256 + (bytes[at + 3] ?? 0)
  const next = at + 2 + size
  ensure(size >= 2 && next <= bytes.length, 'a JPEG segment that is longer than the file')
  const body = bytes.subarray(at + 4, next)
  if (code >= 0xe0 && code <= 0xef) kept.push(bareAppSegment(code, body))
  else if (code !== marker.comment) {
    readNeeded(reader, code, body)
    kept.push(bytes.subarray(at, next))
  }
  if (code !== marker.scan) return next
  const end = readScanAt(reader, next, body)
  kept.push(bytes.subarray(next, end))
  return nextMarker(bytes, end)
}

/** @throws MalformedPictureError also for a kind of segment that belongs to no picture that browsers draw */
function readNeeded(reader: JpegReader, code: number, body: Uint8Array): void {
  if (code === marker.quantization) readQuantization(reader.tables, body)
  else if (code === marker.huffman) readHuffman(reader.tables, body)
  else if (code === marker.interval) readRestartInterval(reader.tables, body)
  else if (code === marker.arithmetic) checkArithmetic(body)
  else if (isFrame(code)) {
    ensure(reader.frame === null, 'a JPEG with two frames')
    reader.frame = jpegFrame(code, body)
  } else ensure(code === marker.scan, 'a JPEG of an unknown kind')
}

function readScanAt(reader: JpegReader, at: number, header: Uint8Array): number {
  const { bytes, frame, tables } = reader
  ensure(frame !== null, 'a JPEG scan without a frame')
  reader.scans += 1
  ensure(reader.scans <= mostScans, 'a JPEG of too many scans')
  const scan = readScanHeader(frame, tables, header)
  // Zeros at the end of an arithmetic code may be left out (ITU T.81, D.1.8), so none of it can be missing.
  if (frame.isArithmetic) return nextMarker(bytes, at)
  return readScan(bytes, at, { frame, scan, interval: tables.restartInterval })
}

/** Whether a marker stands here that does not belong to a scan. */
function isMarker(bytes: Uint8Array, at: number): boolean {
  const code = bytes[at + 1] ?? 0
  return bytes[at] === 0xff && code !== 0 && (code < 0xd0 || code > 0xd7)
}

/** Where the next marker stands that does not belong to a scan; what encoders leave after a scan is skipped. */
function nextMarker(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at++) if (isMarker(bytes, at)) return at
  return bytes.length
}
