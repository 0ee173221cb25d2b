import type { World } from '../world.ts'
import type { AppContext, PhoneCall, PhoneOutcome } from './phone.ts'

/** Makes a call as an app does, and keeps until when it has waited. */
export function makeCall(
  world: World,
  context: AppContext,
  call: { readonly label: string; run(options: { context: { callId: string } }): Promise<unknown> },
): Promise<PhoneCall> {
  const { state } = context.session
  const made: PhoneCall = {
    id: `c${++world.serials.calls}`,
    label: call.label,
    context,
    madeFor: state.status === 'signedIn' ? state.user.id : null,
    startedAt: world.timeline.now,
    outcome: null,
  }
  world.calls.set(made.id, made)
  const settle = (outcome: PhoneOutcome): PhoneCall => {
    made.outcome = outcome
    world.calls.delete(made.id)
    world.observers.settled(made, outcome)
    return made
  }
  return call.run({ context: { callId: made.id } }).then(
    (data) => settle({ kind: 'done', data }),
    (error: unknown) => settle(outcomeOf(world, context, error)),
  )
}

function outcomeOf(world: World, context: AppContext, error: unknown): PhoneOutcome {
  const { linkError, notSignedIn } = world.product.phones[context.app.device.promises]
  const unsigned = notSignedIn(error)
  if (unsigned !== null) return { kind: 'state', status: unsigned.state.status }
  const { data, name, cause } = error as {
    data?: { reason?: unknown; retryAfter?: number }
    name?: string
    cause?: { name?: string }
  }
  if (typeof data?.reason === 'string')
    return { kind: 'reason', reason: data.reason, retryAfter: data.retryAfter }
  const link = linkError(error)
  if (link !== null) return { kind: 'link', link: link.kind }
  const names = [name, cause?.name]
  if (names.includes('TimeoutError')) return { kind: 'timeout' }
  if (names.includes('WxCallError')) return { kind: 'link', link: 'wx' }
  return { kind: 'unknown', error }
}
