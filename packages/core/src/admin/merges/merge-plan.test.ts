import { describe, expect, it } from 'vitest'
import { type MergeParty, planMerge } from './merge-plan.ts'

const emptyPerson: MergeParty['person'] = {
  id: 'id',
  account: null,
  hasPassword: false,
  phone: null,
  nickname: null,
  avatarUrl: null,
  role: 'user',
  createdAt: 0,
  disabledAt: null,
  externalId: null,
  lastSeenAt: null,
  appIds: [],
}

const party = (
  change: Partial<MergeParty['person']>,
  apps: readonly string[] = [],
): MergeParty => ({
  person: { ...emptyPerson, ...change },
  identities: apps.map((appId) => ({
    appId,
    openid: `${appId} openid`,
    unionid: null,
    boundAt: 0,
    boundBy: 'register' as const,
    lastSeenAt: 0,
    device: null,
  })),
})

describe('what a merge moves', () => {
  it('is what the kept user has not', () => {
    const gone = party({ phone: '138****0002', nickname: 'Anna', avatarUrl: 'a' }, ['one', 'two'])
    const kept = party({ nickname: 'Ann' }, ['two'])
    const { moves, stays } = planMerge(kept, gone)
    expect(moves).toMatchObject({ phone: '138****0002', nickname: null, avatarUrl: 'a' })
    expect(moves.identities.map(({ appId }) => appId)).toEqual(['one'])
    expect(stays).toMatchObject({ phone: null, nickname: 'Ann' })
    expect(stays.identities).toEqual(kept.identities)
  })

  it('leaves nothing behind where only the kept user has it', () => {
    const kept = party({ account: 'anna', phone: '138****0001', nickname: 'Anna' }, ['one', 'two'])
    const { moves, stays } = planMerge(kept, party({}, ['two', 'three']))
    expect(stays).toMatchObject({ account: null, phone: null, nickname: null })
    expect(stays.identities.map(({ appId }) => appId)).toEqual(['two'])
    expect(moves.identities.map(({ appId }) => appId)).toEqual(['three'])
  })

  const credentialsOf = (kept: MergeParty, gone: MergeParty) => {
    const { account, password, phone } = planMerge(kept, gone).moves
    return { account, password, phone }
  }
  const nothing = { account: null, password: false, phone: null }
  const number = '138****0002'
  const named = party({ account: 'anna', hasPassword: true })
  const numbered = party({ phone: number, hasPassword: true })

  it('is the password with its name or its number, where the kept user has none to sign in with', () => {
    const all = { account: 'anna', password: true, phone: null }
    expect(credentialsOf(party({}), named)).toEqual(all)
    // Nothing can be signed in to with a password alone.
    expect(credentialsOf(party({ hasPassword: true }), named)).toEqual(all)
    expect(credentialsOf(party({}), numbered)).toEqual({
      ...nothing,
      password: true,
      phone: number,
    })
    expect(credentialsOf(party({ phone: '138****0001' }), named)).toEqual(all)
  })

  it('is the password alone where the kept user has a name or a number of its own', () => {
    const alone = { ...nothing, password: true }
    expect(credentialsOf(party({ account: 'ann' }), named)).toEqual(alone)
    expect(credentialsOf(party({ phone: '138****0001' }), numbered)).toEqual(alone)
    expect(planMerge(party({ account: 'ann' }), named).stays.account).toBe('ann')
  })

  it('is the name or the number alone where the kept user has a password to sign in with', () => {
    const kept = party({ phone: '138****0001', hasPassword: true })
    expect(credentialsOf(kept, named)).toEqual({ ...nothing, account: 'anna' })
    const other = party({ account: 'ann', hasPassword: true })
    expect(credentialsOf(other, numbered)).toEqual({ ...nothing, phone: number })
    expect(credentialsOf(other, named)).toEqual(nothing)
  })

  it('is no password that nothing can be signed in to with', () => {
    expect(credentialsOf(party({}), party({ hasPassword: true }))).toEqual(nothing)
  })
})
