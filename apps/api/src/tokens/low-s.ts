/** The order n of P-256 (SEC 2 §2.4.2). */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const half = order / 2n

/**
 * ECDSA signatures come in pairs: where (r, s) verifies, (r, n − s) does too, and anyone can compute the
 * one from the other. Of the two we make and take the one with the smaller s, so that a token has one name.
 *
 * @param signature r and s, 32 bytes each, as ES256 has it (RFC 7518 §3.4); changed in place
 */
export function withLowS(signature: Buffer): Buffer {
  const s = readS(signature)
  if (s > half) signature.write((order - s).toString(16).padStart(64, '0'), 32, 'hex')
  return signature
}

/**
 * Whether a token's signature is the one of its pair that we make. Says nothing of whether it is good.
 *
 * @param token a JWS in compact form
 */
export function hasLowS(token: string): boolean {
  const signature = Buffer.from(token.slice(token.lastIndexOf('.') + 1), 'base64url')
  return signature.length === 64 && readS(signature) <= half
}

function readS(signature: Buffer): bigint {
  return BigInt(`0x${signature.toString('hex', 32, 64)}`)
}
