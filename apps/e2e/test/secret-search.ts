/** A named text: a file, a log or a reply. Bytes are read as latin1. */
export type NamedText = readonly [place: string, text: string]

/** A named secret as it was sent or received. */
export type NamedSecret = readonly [name: string, secret: string]

/** Finds secrets in texts, as they are and in every encoding that needs no key. One line for each find. */
export function findSecrets(texts: readonly NamedText[], secrets: Iterable<NamedSecret>): string[] {
  const found: string[] = []
  for (const [name, secret] of secrets)
    for (const [encoding, form] of Object.entries(encodingsOf(secret)))
      for (const [place, text] of texts)
        if (text.includes(form)) found.push(`${name} (${encoding}) in ${place}`)
  return found
}

/** The forms in which a secret is readable without a key, as latin1 text. */
function encodingsOf(secret: string): Record<string, string> {
  const decoded = Buffer.from(secret, 'base64')
  const isBase64 = decoded.length > 7 && decoded.toString('base64') === secret
  return {
    ...formsOf('text', Buffer.from(secret)),
    ...(isBase64 ? formsOf('decoded', decoded) : {}),
    ...(/^\d{7,14}$/.test(secret) ? { 'SQLite integer': sqliteInteger(secret) } : {}),
  }
}

function formsOf(name: string, bytes: Buffer): Record<string, string> {
  const hex = bytes.toString('hex')
  const forms: Record<string, string> = {
    [name]: bytes.toString('latin1'),
    [`${name}, reversed`]: Buffer.from(bytes.toReversed()).toString('latin1'),
    [`${name}, UTF-16`]: Buffer.from(bytes.toString('latin1'), 'utf16le').toString('latin1'),
    [`${name}, hex`]: hex,
    [`${name}, HEX`]: hex.toUpperCase(),
  }
  for (const offset of [0, 1, 2]) {
    const base64 = base64At(bytes, offset)
    forms[`${name}, base64 at ${offset}`] = base64
    forms[`${name}, base64url at ${offset}`] = base64.replaceAll('+', '-').replaceAll('/', '_')
  }
  return forms
}

/** The characters of a base64 text that depend on these bytes alone when other bytes stand before and after them. */
function base64At(bytes: Buffer, offset: number): string {
  const base64 = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
  const first = Math.ceil((offset * 4) / 3)
  const end = Math.floor(((offset + bytes.length) * 4) / 3)
  return base64.slice(first, end)
}

/** A number in an INTEGER column: 6 bytes, big-endian (SQLite file format, section 2.1, serial type 5). */
function sqliteInteger(digits: string): string {
  const bytes = Buffer.alloc(6)
  bytes.writeUIntBE(Number(digits), 0, 6)
  return bytes.toString('latin1')
}
