/** The order n of P-256 (SEC 2 §2.4.2), the first byte the highest. */
const order = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex')
/** ⌊n ÷ 2⌋ */
const half = Buffer.from('7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8', 'hex')

/**
 * ECDSA signatures come in pairs: where (r, s) verifies, (r, n − s) does too, and anyone can compute the
 * one from the other. Of the two we make and take the one with the smaller s, so that a token has one name.
 *
 * @param signature r and s, 32 bytes each, as ES256 has it (RFC 7518 §3.4); changed in place
 */
export function withLowS(signature: Buffer): Buffer {
  if (isHigh(signature)) negate(signature)
  return signature
}

/**
 * Whether a token's signature is the one of its pair that we make. Says nothing of whether it is good.
 *
 * @param token a JWS in compact form
 */
export function hasLowS(token: string): boolean {
  const signature = Buffer.from(token.slice(token.lastIndexOf('.') + 1), 'base64url')
  return signature.length === 64 && !isHigh(signature)
}

function isHigh(signature: Buffer): boolean {
  return signature.compare(half, 0, 32, 32, 64) > 0
}

/** Puts n − s in the place of s, byte by byte: as a BigInt it would be written out and read back as text. */
function negate(signature: Buffer): void {
  let borrowed = 0
  for (let place = 31; place >= 0; place -= 1) {
    const difference = order.readUInt8(place) - signature.readUInt8(32 + place) - borrowed
    borrowed = difference < 0 ? 1 : 0
    signature.writeUInt8(difference & 0xff, 32 + place)
  }
}
