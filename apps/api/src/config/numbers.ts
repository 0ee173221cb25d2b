import { ConfigError, type Env, readText } from './env.ts'

/** 1,000 years: a Date shifted by this much can still be formatted. */
const maxSeconds = 31_557_600_000

export function readSeconds(env: Env, name: string, fallback: number): number {
  const value = readText(env, name)
  if (value === undefined) return fallback * 1000
  const number = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN
  if (!(number > 0 && number <= maxSeconds))
    throw new ConfigError(`${name} must be a positive number of seconds`)
  return Math.max(1, Math.round(number * 1000))
}

export function readPhoneTrust(env: Env): number {
  const value = readText(env, 'PHONE_TRUST_DAYS') ?? '90'
  const days = /^\d{1,6}(\.\d+)?$/.test(value) ? Number(value) : Number.NaN
  if (Number.isNaN(days))
    throw new ConfigError('PHONE_TRUST_DAYS must be a number of days up to 999999, or 0')
  return Math.round(days * 86_400_000)
}

export function readRateLimitFactor(env: Env): number {
  const value = readText(env, 'RATE_LIMIT_FACTOR') ?? '1'
  const factor = /^\d{1,9}(\.\d+)?$/.test(value) ? Number(value) : 0
  if (factor === 0) throw new ConfigError('RATE_LIMIT_FACTOR must be a positive number')
  return factor
}

export function readShedLoadAfter(env: Env): number {
  const value = readText(env, 'SHED_LOAD_AFTER') ?? '500'
  const ms = /^\d{1,9}$/.test(value) ? Number(value) : 0
  if (ms === 0) throw new ConfigError('SHED_LOAD_AFTER must be a positive number of milliseconds')
  return ms
}

export function readPort(env: Env): number {
  const value = readText(env, 'PORT') ?? '3000'
  const port = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN
  if (!(port <= 65_535)) throw new ConfigError('PORT must be a number from 0 to 65535')
  return port
}
