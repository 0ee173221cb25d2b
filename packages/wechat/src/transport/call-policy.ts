/*
 * How a call to WeChat passes through this folder, from the outside in:
 *
 * 1. call-policy: checks the deadline and the circuit breaker, waits for a slot of the bulkhead, validates the reply
 *    and reports how the request ended.
 * 2. limits/ (deadline, bulkhead, circuit-breaker): one time limit for all steps of a call; an upper limit of calls that run
 *    and wait; no requests to a WeChat that does not answer.
 * 3. request-sender: repeats a request once when nothing of it was sent, and removes secrets from undici's errors.
 * 4. request-placeholders: gives undici placeholders for the query and the body, and writes the real bytes in the socket.
 * 5. http-dispatch: sends one HTTP request by undici's `dispatch` and reads the whole response.
 */
import { performance } from 'node:perf_hooks'
import { type ZodType, z } from 'zod'
import { errorFromErrcode } from '../errcode.ts'
import { unavailableError, WechatError } from '../wechat-error.ts'
import type { RequestOutcome } from '../wechat-options.ts'
import type { Bulkhead } from './limits/bulkhead.ts'
import type { CircuitBreaker } from './limits/circuit-breaker.ts'
import { type Deadline, timeoutError } from './limits/deadline.ts'
import type { OutgoingRequest, RequestSender } from './request-sender.ts'

/** A request to one of WeChat's APIs, and what its successful reply must look like. */
export interface ApiRequest<T> extends OutgoingRequest {
  /** Validates a reply with errcode 0 or without an errcode. */
  replySchema: ZodType<T>
  /** Time limit of the whole call that this request belongs to. */
  deadline: Deadline
}

/** Calls WeChat's APIs under the limits that keep a slow or failing WeChat from harming this process. */
export interface CallPolicy {
  /**
   * Sends the request and returns its validated reply. The request is repeated once when nothing of it was sent, and
   * never otherwise.
   *
   * @throws WechatError, and nothing else
   */
  call<T>(appId: string, request: ApiRequest<T>): Promise<T>
  /** Waits for the requests in flight, then closes all connections. */
  close(): Promise<void>
}

/** What a `CallPolicy` is composed of. */
export interface CallPolicyOptions {
  sender: RequestSender
  breaker: CircuitBreaker
  bulkhead: Bulkhead
  /** Called once for each request that was sent, after it has ended. */
  onRequestEnd: (outcome: RequestOutcome) => void
}

/** Success usually has no errcode; some APIs send errcode 0. */
const envelopeSchema = z.object({
  errcode: z.int().default(0),
  errmsg: z.string().optional().catch(''),
})

/** Composes the layers of this folder. */
export function createCallPolicy(options: CallPolicyOptions): CallPolicy {
  const { sender, breaker, bulkhead, onRequestEnd } = options

  async function sendAndReport<T>(appId: string, request: ApiRequest<T>): Promise<T> {
    const timing = { sentAt: null as number | null }
    const report = (errcode: number | null): void => {
      const { sentAt } = timing
      // The breaker refused the call, so nothing was sent.
      if (sentAt === null) return
      const durationMs = performance.now() - sentAt
      onRequestEnd({ appId, path: request.path, errcode, durationMs })
    }
    try {
      const reply = await sendGuarded(request, () => {
        timing.sentAt = performance.now()
      })
      report(0)
      return reply
    } catch (error) {
      report(error instanceof WechatError ? error.errcode : null)
      throw error
    }
  }

  async function sendGuarded<T>(request: ApiRequest<T>, onSend: () => void): Promise<T> {
    // The reply is read outside the breaker: any complete response, even an invalid one, proves that WeChat answers.
    const { status, text } = await breaker.run(() => {
      onSend()
      return sender.send(request, request.deadline)
    })
    // WeChat sends 200 with every reply, refusals included. Redirects are not followed.
    if (status !== 200) throw unavailableError(`status ${status}`)
    return readReply(text, request.replySchema)
  }

  return {
    async call(appId, request) {
      const { deadline } = request
      if (deadline.hasExpired()) throw timeoutError()
      // Checked here, so that no call queues in vain, and checked again when its slot is free.
      breaker.throwIfOpen()
      // A sender reacts to the deadline only once it is connected, so the deadline also limits the wait for it.
      return deadline.race(bulkhead.run(deadline, () => sendAndReport(appId, request)))
    },
    close: () => sender.close(),
  }
}

/** Reads the text whatever its content type is: WeChat sends JSON as text/plain. */
function readReply<T>(text: string, schema: ZodType<T>): T {
  const reply = parseJson(text)
  const envelope = envelopeSchema.safeParse(reply)
  if (!envelope.success) throw unavailableError('not the shape of a reply')
  const { errcode, errmsg = '' } = envelope.data
  if (errcode !== 0) throw errorFromErrcode(errcode, errmsg)
  const success = schema.safeParse(reply)
  if (!success.success) throw unavailableError('not the shape of this reply')
  return success.data
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw unavailableError('not JSON')
  }
}
