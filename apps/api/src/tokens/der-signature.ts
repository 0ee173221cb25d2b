/** Bytes of r, and of s, in a signature of P-256. */
const halfBytes = 32
/** Tag and length of the sequence. */
const headerBytes = 2

/**
 * The signature of JWS ES256, r and s of 32 bytes each (RFC 7518 §3.4), from the one that OpenSSL makes.
 *
 * @param der `ECDSA-Sig-Value` of RFC 3279 §2.2.3: a sequence of two integers. Of a curve of 256 bits it is shorter than 128
 * bytes, so each length is one byte.
 */
export function concatenatedSignature(der: Buffer): Buffer {
  const signature = Buffer.alloc(2 * halfBytes)
  const afterR = copyInteger(der, headerBytes, signature.subarray(0, halfBytes))
  copyInteger(der, afterR, signature.subarray(halfBytes))
  return signature
}

/**
 * Copies the integer at `at` to the end of `target`. DER writes an integer with as few bytes as possible, and with a zero
 * in front of a first bit that is set. Returns where the next one begins.
 */
function copyInteger(der: Buffer, at: number, target: Buffer): number {
  const start = at + headerBytes
  const end = start + der.readUInt8(at + 1)
  const from = Math.max(start, end - halfBytes)
  der.copy(target, halfBytes - (end - from), from, end)
  return end
}
