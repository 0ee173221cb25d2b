import { Failure } from '@mianmi/core'
import { ConfigError } from '../config/env.ts'
import { DatabaseOpenError } from '../store/store.ts'
import { UnlistedKeyError } from '../tokens/claim-database.ts'
import { UnopenedError } from '../tokens/root-key.ts'
import { UsageError } from './command-line.ts'
import { NewFileError } from './new-file.ts'

/** Where the service was to listen. */
export interface ListenAddress {
  readonly host: string
  readonly port: number
}

/**
 * One line for a failure that an administrator can correct (a variable, a port, a path, an argument); the stack for a
 * fault of the service itself.
 */
export function describeError(error: unknown, address: ListenAddress | null = null): string {
  if (!(error instanceof Error)) return String(error)
  if (address !== null && 'syscall' in error && error.syscall === 'listen')
    return describeListenError(error, address)
  if (address !== null && 'syscall' in error && error.syscall === 'getaddrinfo')
    return `HOST ${address.host} is not known (${codeOf(error)}); set HOST to an address of this machine`
  if (error instanceof Failure && error.reason === 'overloaded')
    return `DATABASE_URL: the database cannot be used now${describeCause(error)}`
  const isCorrectable =
    error instanceof ConfigError ||
    error instanceof DatabaseOpenError ||
    error instanceof UnlistedKeyError ||
    error instanceof UnopenedError ||
    error instanceof UsageError ||
    error instanceof NewFileError ||
    'code' in error
  return isCorrectable ? firstLine(error.message) : (error.stack ?? error.message)
}

/** What the database answered. Its messages never contain the password. */
function describeCause({ cause }: Error): string {
  if (!(cause instanceof Error)) return ''
  const code = codeOf(cause)
  return `: ${firstLine(cause.message)}${code === '' ? '' : ` (${code})`}`
}

function describeListenError(error: Error, { host, port }: ListenAddress): string {
  const code = codeOf(error)
  if (code === 'EADDRINUSE')
    return `PORT ${port} on HOST ${host} is in use (${code}); set PORT to a free port`
  if (code === 'EACCES')
    return `PORT ${port} may not be used by this user (${code}); set PORT to one above 1023`
  if (code === 'EADDRNOTAVAIL')
    return `HOST ${host} is no address of this machine (${code}); set HOST to one of its addresses`
  return `HOST ${host}, PORT ${port}: ${firstLine(error.message)}`
}

const codeOf = (error: Error): string => ('code' in error ? String(error.code) : '')
const firstLine = (text: string): string => text.split('\n')[0] ?? ''
