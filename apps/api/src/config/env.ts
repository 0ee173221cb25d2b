export type Env = Readonly<Record<string, string | undefined>>

/** Names the invalid variable and what is wrong with it. The message never contains the value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

export function readText(env: Env, name: string): string | undefined {
  const value = env[name]?.trim()
  return value === '' ? undefined : value
}

export function readList(env: Env, name: string): string[] {
  const value = readText(env, name)
  return value === undefined ? [] : value.split(',').map((item) => item.trim())
}

export function readOneOf<const T extends string>(
  env: Env,
  name: string,
  allowed: readonly T[],
): T | undefined {
  const value = readText(env, name)
  if (value === undefined) return undefined
  const match = allowed.find((item) => item === value)
  if (match === undefined) throw new ConfigError(`${name} must be one of ${allowed.join(', ')}`)
  return match
}
