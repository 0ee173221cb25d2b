import { ConfigError, type Env, readList, readText } from './env.ts'

export type SecretKeys = readonly [Uint8Array, ...Uint8Array[]]

/** Whether SECRET_KEY is set, whatever it holds. */
export const hasSecretKey = (env: Env): boolean => readText(env, 'SECRET_KEY') !== undefined

/** @throws ConfigError that names the position of the invalid key */
export function readSecretKeys(env: Env): SecretKeys {
  const keys: Buffer[] = []
  for (const [index, text] of readList(env, 'SECRET_KEY').entries()) {
    const name = `key ${index + 1} of SECRET_KEY`
    if (text === '') throw new ConfigError(`${name} is empty`)
    const key = Buffer.from(text, 'base64')
    if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text) || key.length < 32)
      throw new ConfigError(`${name} must be base64 of at least 32 bytes`)
    if (key.every((byte) => byte === key[0]))
      throw new ConfigError(`${name} has equal bytes; make one with: openssl rand -base64 32`)
    const same = keys.findIndex((other) => other.equals(key))
    if (same !== -1) throw new ConfigError(`${name} repeats key ${same + 1}`)
    keys.push(key)
  }
  const [first, ...former] = keys
  if (first === undefined)
    throw new ConfigError(
      'SECRET_KEY is missing; for a database that was used before it is the key of then, for a new one make it with: openssl rand -base64 32',
    )
  return [first, ...former]
}
