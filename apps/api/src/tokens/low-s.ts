/** The order n of P-256 (SEC 2 §2.4.2), big-endian. */
const order = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex')
/** ⌊n ÷ 2⌋ */
const halfOrder = Buffer.from(
  '7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8',
  'hex',
)

/**
 * ECDSA signatures come in pairs: when (r, s) verifies, (r, n − s) does too, and anyone can compute one from the
 * other. Only the one with the smaller s is made and accepted, so that a token has exactly one spelling.
 *
 * @param signature r and s, 32 bytes each, as in ES256 (RFC 7518 §3.4); changed in place
 */
export function withLowS(signature: Buffer): Buffer {
  if (isHigh(signature)) negate(signature)
  return signature
}

/**
 * Whether a token's signature has the smaller s. It does not verify the signature.
 *
 * @param token a JWS in compact form
 */
export function hasLowS(token: string): boolean {
  const signature = Buffer.from(token.slice(token.lastIndexOf('.') + 1), 'base64url')
  return signature.length === 64 && !isHigh(signature)
}

function isHigh(signature: Buffer): boolean {
  return signature.compare(halfOrder, 0, 32, 32, 64) > 0
}

/** Replaces s by n − s, byte by byte: a BigInt would be written and read as text. */
function negate(signature: Buffer): void {
  let borrow = 0
  for (let index = 31; index >= 0; index -= 1) {
    const difference = order.readUInt8(index) - signature.readUInt8(32 + index) - borrow
    borrow = difference < 0 ? 1 : 0
    signature.writeUInt8(difference & 0xff, 32 + index)
  }
}
