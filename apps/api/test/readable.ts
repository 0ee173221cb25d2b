import { expect } from 'vitest'

/** Shorter texts are found in random bytes by chance. */
const shortest = 8

/**
 * Fails where the bytes hold the secret in a form that anyone can read: as it is, in hexadecimal, in base64 or
 * base64url at any offset of a longer text, and, for a secret that is base64 itself, the bytes behind it.
 */
export function expectUnreadable(bytes: Uint8Array, secret: string): void {
  const kept = Buffer.from(bytes)
  for (const [form, spelling] of Object.entries(spellingsOf(secret))) {
    expect(spelling.length, form).toBeGreaterThanOrEqual(shortest)
    expect(kept.includes(spelling), `readable as ${form}`).toBe(false)
  }
}

function spellingsOf(secret: string): Record<string, Buffer> {
  const plain = Buffer.from(secret)
  const decoded = Buffer.from(secret, 'base64')
  const isBase64 = decoded.toString('base64') === secret
  return {
    text: plain,
    ...encodingsOf('text', plain),
    ...(isBase64 ? { bytes: decoded, ...encodingsOf('bytes', decoded) } : {}),
  }
}

function encodingsOf(name: string, bytes: Buffer): Record<string, Buffer> {
  const hex = bytes.toString('hex')
  const spellings: Record<string, Buffer> = {
    [`hex of ${name}`]: Buffer.from(hex),
    [`HEX of ${name}`]: Buffer.from(hex.toUpperCase()),
  }
  for (const offset of [0, 1, 2])
    for (const encoding of ['base64', 'base64url'] as const) {
      const whole = Buffer.concat([Buffer.alloc(offset), bytes]).toString(encoding)
      // The characters at both ends also hold bits of what stands beside the secret.
      const own = whole.replace(/=+$/, '').slice(offset === 0 ? 0 : offset + 1, -1)
      spellings[`${encoding} of ${name} at offset ${offset}`] = Buffer.from(own)
    }
  return spellings
}
