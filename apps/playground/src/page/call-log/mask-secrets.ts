const hidden = '••••••'
const passwords = /password|secret/i
const secrets = /token$|^(ticket|sid|code|session_?key|encrypteddata|iv|authorization)$/i
/** The `code` of a tRPC error is a name and stays readable. */
const errorName = /^[A-Z_]+$/
const jwt = /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g

/** Characters; longer texts are encoded pictures and are shortened. */
const longest = 5_000

/** Returns a copy with passwords hidden and tokens, tickets, codes and keys shortened to six characters. */
export function maskSecrets(value: unknown, key = ''): unknown {
  if (passwords.test(key) && value !== null && value !== undefined) return hidden
  if (typeof value === 'string') return secrets.test(key) ? shorten(value) : maskText(value)
  if (Array.isArray(value)) return value.map((item) => maskSecrets(item, key))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, maskSecrets(item, name)]),
  )
}

function maskText(text: string): string {
  const masked = text.replace(jwt, (token) => shorten(token))
  return masked.length > longest ? `${masked.slice(0, 60)}… (${masked.length})` : masked
}

function shorten(secret: string): string {
  if (errorName.test(secret)) return secret
  const [, scheme = '', rest = ''] = /^(Bearer )?(.*)$/s.exec(secret) ?? []
  return rest.length > 6 ? `${scheme}${rest.slice(0, 6)}…` : `${scheme}…`
}
