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

  it('is an account with its password, or neither', () => {
    const gone = party({ account: 'anna', hasPassword: true })
    const accountOf = (kept: MergeParty) => {
      const { account, password } = planMerge(kept, gone).moves
      return { account, password }
    }
    expect(accountOf(party({}))).toEqual({ account: 'anna', password: true })
    expect(accountOf(party({ account: 'ann' }))).toEqual({ account: null, password: false })
    expect(accountOf(party({ hasPassword: true }))).toEqual({ account: null, password: false })
    expect(planMerge(party({ account: 'ann' }), gone).stays.account).toBe('ann')
  })

  it('is no password where there is no account to it', () => {
    const { moves } = planMerge(party({}), party({ hasPassword: true }))
    expect(moves).toMatchObject({ account: null, password: false })
  })
})
