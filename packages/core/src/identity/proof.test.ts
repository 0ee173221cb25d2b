import { describe, expect, it } from 'vitest'
import { createTestService, issueTestTicket, reasonOf, testOrigin } from '../../testing/index.ts'
import { resolveProof, spendTry } from './proof.ts'

const minute = 60_000
const ming = { appId: 'wx1', openid: 'openid of ming' }

async function startWithTicket() {
  const service = createTestService()
  const ticket = await issueTestTicket(service, { ...ming, unionid: 'union', sessionKey: 'key' })
  const ticketHash = service.ports.tokens.hashTicket(ticket)
  return {
    service,
    ticket,
    ticketHash,
    read: () => resolveProof(service.ports, { ticket }, testOrigin),
  }
}

describe('the proof by ticket', () => {
  it('is the identity that the ticket was issued for', async () => {
    const { service, read, ticketHash } = await startWithTicket()
    expect(await read()).toEqual({
      identity: { ...ming, unionid: 'union', key: service.ports.vault.seal(ming, 'key') },
      ticketHash,
      used: null,
    })
    expect(service.wechat.requests.exchangeCode).toBe(1)
  })

  it('allows five tries', async () => {
    const { service, read, ticketHash } = await startWithTicket()
    const spend = async () => spendTry(service.ports, await read())
    for (let count = 0; count < 5; count++) await spend()
    expect(await reasonOf(read())).toBe('ticket_rejected')
    expect(await reasonOf(spendTry(service.ports, { ticketHash }))).toBe('ticket_rejected')
  })

  it('names for 60 s the user whom the ticket was used for', async () => {
    const { service, read, ticketHash } = await startWithTicket()
    const { identity } = await read()
    const createdAt = service.clock.now()
    const user = { id: 'ming', account: null, accountKey: null, passwordHash: null, createdAt }
    const expiresAt = createdAt + 1
    const times = { createdAt, expiresAt }
    const session = { id: 'session', appId: 'wx1', device: null, secret: 'secret', ...times }
    await service.store.identities.register({ claim: { identity, ticketHash }, user, session })
    service.clock.advance(minute - 1)
    expect(await read()).toMatchObject({ used: { userId: 'ming', proof: null } })
    service.clock.advance(1)
    expect(await reasonOf(read())).toBe('ticket_rejected')
  })
})

describe('the proof by login code', () => {
  it('is the identity that WeChat returns, without a ticket', async () => {
    const { service } = await startWithTicket()
    const code = service.wechat.loginCode({ ...ming, sessionKey: 'key' })
    const proven = await resolveProof(service.ports, { appId: 'wx1', code }, testOrigin)
    expect(proven).toEqual({
      identity: { ...ming, unionid: null, key: service.ports.vault.seal(ming, 'key') },
      ticketHash: null,
      used: null,
    })
    for (let count = 0; count < 9; count++) await spendTry(service.ports, proven)
  })
})
