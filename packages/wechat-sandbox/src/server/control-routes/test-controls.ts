import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { faultKinds, phoneButtonPath } from '../state/faults.ts'
import type { SandboxState } from '../state/sandbox-state.ts'
import { parseInput } from './parse-input.ts'

const since = z.object({ since: z.coerce.number().int().nonnegative().default(0) })

const loginLimit = z.strictObject({ loginsPerMinute: z.int().nonnegative().nullable() })

function faultSchema(paths: readonly string[]) {
  return z.strictObject({
    kind: z.enum(faultKinds, { error: `must be one of ${faultKinds.join(', ')}` }),
    path: z.enum(paths, { error: `must be one of ${paths.join(', ')}` }).optional(),
    times: z.int().positive().optional(),
    delayMs: z.int().nonnegative().max(600_000).optional(),
    errcode: z.int().optional(),
  })
}

/**
 * Routes with which a test sets faults and limits, expires tokens and reads the call log.
 *
 * @param paths the paths of the server API, which a fault may be limited to
 */
export function registerTestControls(
  app: FastifyInstance,
  state: SandboxState,
  paths: string[],
): void {
  const fault = faultSchema([...paths, phoneButtonPath])

  app.post('/sandbox/fault', async ({ body }) => state.faults.set(parseInput(fault, body)))
  app.get('/sandbox/fault', async () => state.faults.current())

  app.post('/sandbox/limits', async ({ body }) =>
    state.loginLimit.set(parseInput(loginLimit, body)),
  )
  app.get('/sandbox/limits', async () => state.loginLimit.current())

  app.delete('/sandbox/tokens', async () => {
    state.accessTokens.expireAll()
    return {}
  })

  app.get('/sandbox/calls', async ({ query }) => ({
    calls: state.calls.since(parseInput(since, query).since),
  }))
  app.delete('/sandbox/calls', async () => {
    state.calls.clear()
    return {}
  })
}
