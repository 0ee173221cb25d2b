import { describe, expect, it } from 'vitest'
import { maxSessions } from '../../../src/index.ts'
import {
  bindTo,
  byCode,
  hour,
  newIdentity,
  newSession,
  now,
  registerUser,
  signIn,
  unbind,
} from '../drafts.ts'
import type { MakeStores, TestedStores } from '../stores.ts'
import { addWebhook, deliverAll } from './webhook-drafts.ts'

export function describeSessionEvents(make: MakeStores): void {
  describe('the end of a session', () => {
    it('is told for each way to end one', async () => {
      const stores = await make()
      const { user, identity, session } = await registerUser(stores)
      const userId = user.id
      const open = () => signIn(stores, identity)
      const sessions = [await open(), await open(), await open(), await open()] as const
      const webhookId = await addWebhook(stores)
      const caller = { sessionId: session.id, userId, now }
      await stores.sessions.end({ id: sessions[0].id, userId })
      await stores.sessions.end({ id: sessions[0].id, userId })
      await stores.sessions.revoke({ caller, sessionId: sessions[1].id })
      await stores.people.endSessions({ userId, sessionId: sessions[2].id })
      await stores.sessions.endOthers(caller)
      await stores.people.endSessions({ userId })
      const events = await deliverAll(stores, webhookId)
      const named = [...sessions, session].map(({ id }) => ({
        ...{ type: 'session.ended', userId, externalId: null, appId: 'wx1', sessionId: id },
      }))
      expect(events).toEqual(named)
    })

    it('is told for a refresh token that was used again', async () => {
      const stores = await make()
      const { session, user } = await registerUser(stores)
      const webhookId = await addWebhook(stores)
      await useAgain(stores, session.id)
      expect(await deliverAll(stores, webhookId)).toMatchObject([
        { type: 'session.ended', userId: user.id, sessionId: session.id },
      ])
    })

    it('is told for the one that is too many', async () => {
      const stores = await make()
      const { session, identity } = await registerUser(stores)
      for (let count = 1; count < maxSessions; count++)
        await signIn(stores, identity, { createdAt: now + count })
      const webhookId = await addWebhook(stores)
      await signIn(stores, identity, { createdAt: now + maxSessions })
      expect(await deliverAll(stores, webhookId)).toMatchObject([{ sessionId: session.id }])
    })

    it('is told for those of another WeChat in the app, and for a cleared password', async () => {
      const stores = await make()
      const identity = newIdentity({ appId: 'wx1' })
      const { user, session } = await registerUser(stores, { identity })
      await bindTo(stores, {
        ...{ claim: byCode(newIdentity({ appId: 'wx2' })), userId: user.id },
        session: newSession({ appId: 'wx2' }),
      })
      const caller = { sessionId: session.id, userId: user.id, now }
      await unbind(stores, { userId: user.id, appId: 'wx1', caller })
      const webhookId = await addWebhook(stores, ['session.ended'])
      const next = newSession()
      await bindTo(stores, { claim: byCode(newIdentity()), userId: user.id, session: next })
      expect(await deliverAll(stores, webhookId)).toMatchObject([{ sessionId: session.id }])
      await stores.people.clearPassword(user.id, { appIds: ['wx1'], phoneTrust: 0, now })
      expect(await deliverAll(stores, webhookId)).toHaveLength(2)
    })

    it('is not told for one that has expired', async () => {
      const stores = await make()
      const { user, identity } = await registerUser(stores, {
        session: newSession({ createdAt: now - 2 * hour, expiresAt: now }),
      })
      const webhookId = await addWebhook(stores)
      await signIn(stores, identity, { createdAt: now })
      await stores.people.endSessions({ userId: user.id })
      expect(await deliverAll(stores, webhookId)).toHaveLength(1)
    })
  })
}

/** Presents a token that is three generations older than the newest one. */
async function useAgain({ sessions }: TestedStores, sessionId: string): Promise<void> {
  const presented = { counter: 0, variant: 0, wasNewest: true }
  const request = { sessionId, now, expiresAt: now + hour, secret: 'secret' }
  let newest = presented
  for (let count = 0; count < 3; count++) {
    const result = await sessions.refresh({ ...request, presented: newest })
    if (!('issued' in result)) throw new Error(`the refresh was refused: ${result.status}`)
    newest = { ...result.issued, wasNewest: true }
  }
  const result = await sessions.refresh({ ...request, presented })
  expect(result.status).toBe('reused')
}
