import type { WxRequest } from '@mianmi/wx-link/client'
import type { SessionWx } from '@mianmi/wx-session'
import { carry } from '../network.ts'
import type { World } from '../world.ts'
import type { Installation } from './phone.ts'

/** The part of `wx` that session and link use, as one context of an app has it. */
export type ContextWx = SessionWx & { request: WxRequest & NonNullable<SessionWx['request']> }

interface Callbacks {
  success(result: unknown): void
  fail(failure: { errMsg: string }): void
}

/** Where `wx-session` keeps which sign-out was the last one, and the content. */
const outKey = 'wx-session.out'
const contentKey = 'wx-session'

interface WxOfContext {
  /** Whether the context still runs: nothing is called back into one that was killed. */
  isAlive(): boolean
  /** Is called when it reads which sign-out is stored. */
  onRead(): void
}

export function createWx(
  world: World,
  app: Installation,
  { isAlive, onRead }: WxOfContext,
): ContextWx {
  const { timeline } = world
  const later = (delay: number, run: () => void): void => {
    if (isAlive()) timeline.after(delay, () => isAlive() && run())
  }
  const fault = (api: string, text: string) => ({ errMsg: `${api}:fail ${text}` })

  /** A sign-out is stored by its name, and where nothing can be written by the removal of the content. */
  const noteWrite = (isSignOut: boolean): void => {
    if (isSignOut && app.signOut !== null)
      app.signOut.storedAt = Math.min(app.signOut.storedAt, timeline.count)
  }

  /** Calls storage; `run` returns what goes to `success`, or null for a failure. */
  const storage = (api: string, { success, fail }: Callbacks, run: () => unknown): void =>
    later(world.random.below(world.random.chance(0.1) ? 60 : 5), () => {
      const mood = app.storageMood
      const isDown =
        mood === 'failing'
          ? world.random.chance(0.7)
          : mood === 'broken' || (mood === 'full' && api === 'setStorage')
      if (isDown || mood === 'silent') {
        app.storageFailedAt = timeline.now
        if (api !== 'getStorage') app.writeFailedAt = timeline.now
      }
      if (mood === 'silent' && world.random.chance(0.5)) return
      if (isDown)
        return fail(fault(api, mood === 'full' ? 'exceed storage max size' : 'inner error'))
      const result = run()
      if (result === undefined) fail(fault(api, 'data not found'))
      else success(result)
    })

  const wx = {
    login({ success, fail }: Callbacks) {
      if (!isAlive()) return
      world.observers.loginStarted(wx, timeline.now + app.device.clockOffset)
      const isOffline = app.device.isOffline
      later(isOffline ? 5 : world.random.between(20, 400), () => {
        world.observers.loginEnded(wx)
        if (isOffline) return fail(fault('login', 'no network'))
        if (world.random.chance(world.noise.loss)) return fail(fault('login', 'inner error'))
        success({ code: world.wechat.loginCode(app.device.person, app.appId) })
      })
    },
    getStorage: (options: { key: string } & Callbacks) =>
      storage('getStorage', options, () => {
        if (options.key === outKey) onRead()
        const kept = app.storage.get(options.key)
        return kept === undefined ? undefined : { data: JSON.parse(kept) as unknown }
      }),
    setStorage: (options: { key: string; data: unknown } & Callbacks) => {
      const data = JSON.stringify(options.data)
      storage('setStorage', options, () => {
        app.storage.set(options.key, data)
        noteWrite(options.key === outKey)
        return {}
      })
    },
    removeStorage: (options: { key: string } & Callbacks) =>
      storage('removeStorage', options, () => {
        app.storage.delete(options.key)
        noteWrite(options.key === contentKey)
        return {}
      }),
    request: (options: PhoneRequest & Callbacks) => {
      if (!isAlive()) return
      const { 'x-calls': ids = '' } = options.header
      const paths = (options.url.split('?')[0] ?? '').split('/').at(-1)?.split(',') ?? []
      world.observers.requestSent(
        ids.split(',').flatMap((id, index) => (id === '' ? [] : `${paths[index]} ${id}`)),
      )
      const path = paths.join()
      const clock = (): number => timeline.now + app.device.clockOffset
      world.observers.asked(wx, { path, clock: clock() })
      const request = {
        method: options.method,
        url: options.url.replace('https://service', ''),
        body: options.data,
        headers: options.header,
        address: app.device.address,
        device: app.device.name,
      }
      if (app.device.isOffline) return later(5, () => options.fail(fault('request', 'no network')))
      carry(world, request, (delivery) => {
        if (!isAlive()) return
        if ('reply' in delivery) {
          const { status, body } = delivery.reply
          world.observers.answered(wx, { path, clock: clock(), ...refusalOf(status, body) })
          return options.success({
            statusCode: delivery.reply.status,
            data: delivery.reply.body,
            header: {},
          })
        }
        // Some phones never call back.
        if (delivery.lost !== 'refused' && world.random.chance(0.2)) return
        const wait = delivery.lost === 'refused' ? 10 : world.random.between(1_000, 60_000)
        later(wait, () =>
          options.fail(fault('request', delivery.lost === 'refused' ? 'reset' : 'timeout')),
        )
      })
    },
  }
  return wx as unknown as ContextWx
}

/** Why a call that was sent alone was refused; nothing for others. */
function refusalOf(status: number, body: string): { reason: string | null; retryAfter: number } {
  const { data } = status < 400 ? { data: undefined } : (JSON.parse(body).error ?? {})
  const { reason = null, retryAfter = 0 } = (data ?? {}) as {
    reason?: string | null
    retryAfter?: number
  }
  return { reason, retryAfter }
}

interface PhoneRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly data: string | undefined
  readonly header: Record<string, string>
}
