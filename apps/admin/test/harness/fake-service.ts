import type { ErrorData, Reason } from '@mianmi/contracts'
import { type AdminPath, adminRouter } from '@mianmi/contracts/admin'
import type { ZodType } from 'zod'
import type { AdminInput, AdminOutput } from '../../src/service/trpc-client.ts'

type At<T, Path extends string> = Path extends `${infer Head}.${infer Rest}`
  ? Head extends keyof T
    ? At<T[Head], Rest>
    : never
  : Path extends keyof T
    ? T[Path]
    : never
export type OutputOf<Path extends AdminPath> = At<AdminOutput, Path>

/** What the service returns for a procedure: a value, or a function of the input that may throw a `CallError`. */
export type Replies = {
  [Path in AdminPath]?:
    | OutputOf<Path>
    | ((input: At<AdminInput, Path>) => OutputOf<Path> | Promise<OutputOf<Path>>)
}

interface Call {
  readonly path: AdminPath
  readonly input: unknown
}

/** An error with a reason, as the service sends it. */
export class CallError extends Error {
  readonly reason: Reason
  readonly data: Partial<ErrorData>

  constructor(reason: Reason, data: Partial<ErrorData> = {}) {
    super(reason)
    this.reason = reason
    this.data = data
  }
}

/** Throws a `CallError` from an expression. */
export function fail(reason: Reason, data?: Partial<ErrorData>): never {
  throw new CallError(reason, data)
}

export interface FakeService {
  /** Changed by a test at any time. */
  replies: Replies
  /** All calls in order. */
  readonly calls: Call[]
  /** The inputs of the calls of one procedure. */
  inputs(path: AdminPath): unknown[]
  /** While true, no request reaches the service: `fetch` fails as it does without a network. */
  isOffline: boolean
}

/**
 * A `fetch` that answers tRPC requests like the service: batches, HTTP methods and error envelopes. It parses each
 * input with the contract's own schema, so that a call which the real service would reject fails here too.
 */
export function createFakeService(replies: Replies): FakeService & { fetch: typeof fetch } {
  const service: FakeService & { fetch: typeof fetch } = {
    replies,
    calls: [],
    isOffline: false,
    inputs: (path) => service.calls.filter((call) => call.path === path).map(({ input }) => input),
    async fetch(target, init) {
      init?.signal?.throwIfAborted()
      if (service.isOffline) throw new TypeError('Failed to fetch')
      const url = new URL(String(target), location.href)
      const prefix = '/admin/trpc/'
      if (!url.pathname.startsWith(prefix)) throw new Error(`no such address: ${url}`)
      const paths = url.pathname.slice(prefix.length).split(',') as AdminPath[]
      const method = init?.method ?? 'GET'
      const text = method === 'GET' ? url.searchParams.get('input') : String(init?.body ?? '')
      const inputs: Record<string, unknown> = JSON.parse(text || '{}')
      const results = await Promise.all(
        paths.map((path, index) => reply(service, { path, input: inputs[index] }, method)),
      )
      init?.signal?.throwIfAborted()
      const statuses = new Set(results.map(({ status }) => status))
      const [status = 200] = statuses
      return Response.json(
        results.map(({ body }) => body),
        { status: statuses.size > 1 ? 207 : status },
      )
    },
  }
  return service
}

interface Procedure {
  readonly _def: { readonly type: 'query' | 'mutation'; readonly inputs: readonly ZodType[] }
}

async function reply(service: FakeService, call: Call, method: string) {
  const procedure = adminRouter._def.procedures[
    call.path as keyof typeof adminRouter._def.procedures
  ] as unknown as Procedure | undefined
  if (procedure === undefined) throw new Error(`no such procedure: ${call.path}`)
  const { type, inputs } = procedure._def
  if (method !== (type === 'query' ? 'GET' : 'POST')) throw new Error(`${method} ${call.path}`)
  service.calls.push(call)
  try {
    for (const schema of inputs) {
      const { success } = schema.safeParse(call.input)
      if (!success) throw new CallError('invalid_input')
    }
    const answer = service.replies[call.path]
    if (answer === undefined) throw new Error(`no reply for ${call.path}`)
    const data = typeof answer === 'function' ? await answer(call.input as never) : answer
    return { status: 200, body: { result: { data } } }
  } catch (error) {
    if (!(error instanceof CallError)) throw error
    const { reason, data } = error
    const status = reason === 'unauthenticated' ? 401 : 400
    const details = { code: 'BAD_REQUEST', httpStatus: status, path: call.path, reason, ...data }
    return { status, body: { error: { message: reason, code: -32_600, data: details } } }
  }
}
