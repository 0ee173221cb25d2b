import http, { type ClientRequest, type IncomingMessage } from 'node:http'
import https from 'node:https'
import { isIPv6, type LookupFunction } from 'node:net'
import { createAddressGuard } from './address-guard.ts'
import { resolveTarget, type WebhookTarget } from './resolve-target.ts'
import { createResolver, type Resolve } from './resolver.ts'
import { readRetryAfter } from './retry-schedule.ts'
import { type SignedMessage, signatureHeaders } from './signature.ts'
import { parseWebhookUrl } from './webhook-url.ts'

/** How long one attempt may take in ms, from the resolution of the name to the status. Standard Webhooks: 15 to 30 s. */
export const attemptTimeout = 15_000
/** Upper limit of what is read of a reply. Only its status counts; a receiver is not cut off while it sends an error page. */
const maxReplyBytes = 64 * 1024

export interface Attempt extends SignedMessage {
  readonly url: string
}

/** A closed set, so that it can be a label of a metric. */
export type AttemptOutcome =
  | 'delivered'
  | 'gone'
  | 'redirected'
  | 'refused'
  | 'failed'
  | 'timeout'
  | 'unreachable'
  | 'forbidden_address'
  | 'unsigned'
  | 'aborted'

export interface AttemptResult {
  readonly outcome: AttemptOutcome
  /** What went wrong, without secrets and without what the receiver wrote; empty where nothing did. */
  readonly error: string
  /** The pause that the receiver asks for, in ms. */
  readonly retryAfter: number | null
}

export type SendAttempt = (attempt: Attempt, signal: AbortSignal) => Promise<AttemptResult>

export interface SenderOptions {
  /** Addresses and CIDR ranges that are not public and may be called. */
  readonly allowed: readonly string[]
  readonly now: () => number
  /** Default: `attemptTimeout`. */
  readonly timeout?: number
  /** Default: the resolver of the system. */
  readonly resolve?: Resolve
}

/**
 * Makes one attempt at a delivery. The name of the receiver is resolved once, every address of it is checked, and the
 * connection goes to the checked addresses, so a name that changes its address between the two (DNS rebinding) changes
 * nothing. TLS verifies the name. Redirects are not followed. No connection is used twice: the next attempt is checked
 * again; TLS sessions are resumed.
 *
 * The result never rejects. `signal` ends the attempt with `aborted`.
 */
export function createSender({ allowed, now, ...options }: SenderOptions): SendAttempt {
  const { timeout = attemptTimeout, resolve = createResolver() } = options
  const mayCall = createAddressGuard(allowed)
  const agent = new https.Agent({ keepAlive: false, maxCachedSessions: 100 })
  return async (attempt, signal) => {
    const url = parseWebhookUrl(attempt.url)
    if (url === null) return failure('forbidden_address', 'the address may not be called')
    const ended = endOf(signal, timeout)
    const exchange: Exchange = { result: null }
    try {
      const target = await Promise.race([resolveTarget(url, { mayCall, resolve }), ended.promise])
      if (target === 'unresolvable') return failure('unreachable', 'the name has no address')
      if (target === 'forbidden_address')
        return failure('forbidden_address', 'the name has an address that may not be called')
      exchange.request = open(target, attempt, agent)
      return await Promise.race([readReply(exchange.request, exchange, now), ended.promise])
    } catch (error) {
      if (exchange.result !== null) return exchange.result
      return error instanceof AttemptEnd ? error.result : unreachable(error)
    } finally {
      ended.clear()
      exchange.request?.destroy()
    }
  }
}

/** The status counts once it has arrived, also where the rest of the reply never does. */
interface Exchange {
  request?: ClientRequest
  result: AttemptResult | null
}

class AttemptEnd extends Error {
  override readonly name = 'AttemptEnd'
  readonly result: AttemptResult
  constructor(result: AttemptResult) {
    super(result.error)
    this.result = result
  }
}

const failure = (
  outcome: AttemptOutcome,
  error: string,
  retryAfter: number | null = null,
): AttemptResult => ({ outcome, error, retryAfter })

/** The code alone: the message of an error may name addresses of the network. */
function unreachable(error: unknown): AttemptResult {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no connection'
  return failure('unreachable', code)
}

/** Rejects when time is up or the signal is aborted. */
function endOf(signal: AbortSignal, timeout: number): { promise: Promise<never>; clear(): void } {
  let clear = (): void => {}
  const promise = new Promise<never>((_resolve, reject) => {
    const end = (outcome: AttemptOutcome, error: string) =>
      reject(new AttemptEnd(failure(outcome, error)))
    const onAbort = () => end('aborted', 'the service is stopped')
    const timer = setTimeout(() => end('timeout', `no answer within ${timeout / 1000} s`), timeout)
    clear = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
    }
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort)
  })
  // It may reject after the race is over.
  promise.catch(() => {})
  return { promise, clear: () => clear() }
}

function open(
  { url, addresses }: WebhookTarget,
  { body, ...message }: Attempt,
  tlsAgent: https.Agent,
): ClientRequest {
  const found = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }))
  const lookup: LookupFunction = (_hostname, { all }, callback) => {
    const [first = { address: '', family: 4 }] = found
    if (all) callback(null, found)
    else callback(null, first.address, first.family)
  }
  const options: https.RequestOptions = {
    method: 'POST',
    lookup,
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'mianmi-webhooks',
      ...signatureHeaders({ ...message, body }),
    },
  }
  const request =
    url.protocol === 'https:'
      ? https.request(url, { ...options, agent: tlsAgent })
      : http.request(url, { ...options, agent: false })
  return request.end(body)
}

/** Resolves when the reply has ended, or enough of it was read. @throws the error of the connection */
function readReply(
  request: ClientRequest,
  exchange: Exchange,
  now: () => number,
): Promise<AttemptResult> {
  return new Promise((resolve, reject) => {
    request.on('error', reject)
    request.on('upgrade', (reply, socket) => {
      // The request has given it away, and would leave it open.
      socket.destroy()
      resolve(resultOf(reply, now()))
    })
    request.on('response', (reply) => {
      const result = resultOf(reply, now())
      exchange.result = result
      let bytes = 0
      reply.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > maxReplyBytes) resolve(result)
      })
      reply.on('error', reject)
      reply.on('close', () => resolve(result))
    })
  })
}

function resultOf({ statusCode = 0, headers }: IncomingMessage, now: number): AttemptResult {
  if (statusCode >= 200 && statusCode < 300) return failure('delivered', '')
  const retryAfter = readRetryAfter(headers['retry-after'], now)
  if (statusCode === 410) return failure('gone', 'HTTP 410')
  if (statusCode < 300) return failure('failed', `HTTP ${statusCode}`)
  if (statusCode < 400)
    return failure('redirected', `HTTP ${statusCode}; redirects are not followed`)
  return failure(statusCode < 500 ? 'refused' : 'failed', `HTTP ${statusCode}`, retryAfter)
}
