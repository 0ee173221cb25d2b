import { describe, expect, it } from 'vitest'
import { type ActionCount, dayName, dayNumber } from '../../../../src/admin/index.ts'
import type { AuditEvent } from '../../../../src/index.ts'
import { hour, now, rules } from '../../drafts.ts'
import { configuredApps, type MakeStores, type TestedStores } from '../../stores.ts'
import { addPeople } from '../people/people.ts'

const day = 24 * hour
const today = dayName(dayNumber(now))
const tomorrow = dayName(dayNumber(now) + 1)
const midnight: number = dayNumber(now) * day - 8 * hour

const record = ({ audit }: TestedStores, change: Partial<AuditEvent> = {}): void =>
  audit.record({
    at: now,
    action: 'sign_in',
    outcome: 'ok',
    userId: 'user',
    appId: 'wx1',
    origin: null,
    ...change,
  })

const inOrder = (counts: readonly ActionCount[]): readonly ActionCount[] =>
  [...counts].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))

export function describeStatisticsStore(make: MakeStores): void {
  describe('the statistics store', () => {
    describe('actions', () => actionsConform(make))
    describe('wechat', () => wechatConforms(make))
    describe('totals and apps', () => totalsConform(make))
  })
}

function actionsConform(make: MakeStores): void {
  it('counts lines of the audit log by day, action and outcome, over all apps', async () => {
    const stores = await make()
    for (const appId of ['wx1', 'wx2', 'unknown', null]) record(stores, { appId })
    record(stores, { action: 'bind' })
    record(stores, { outcome: 'user_disabled' })
    expect(inOrder(await stores.statistics.actions({ from: today, to: today }))).toEqual([
      { day: today, action: 'bind', outcome: 'ok', count: 1 },
      { day: today, action: 'sign_in', outcome: 'ok', count: 4 },
      { day: today, action: 'sign_in', outcome: 'user_disabled', count: 1 },
    ])
  })

  it('counts apart what made a user, where it went well', async () => {
    const stores = await make()
    record(stores, { newUser: true })
    record(stores, { newUser: false })
    record(stores, { newUser: true, outcome: 'user_disabled' })
    const counts = inOrder(await stores.statistics.actions({ from: today, to: today }))
    expect(counts.map(({ outcome, count }) => [outcome, count])).toEqual([
      ['new_user', 1],
      ['ok', 1],
      ['user_disabled', 1],
    ])
  })

  it('begins a day at midnight in UTC+8, and the counts with the given day', async () => {
    const stores = await make()
    record(stores, { at: midnight - 1 })
    record(stores, { at: midnight })
    record(stores, { at: midnight + day - 1 })
    const yesterday = dayName(dayNumber(now) - 1)
    const line = { action: 'sign_in', outcome: 'ok' }
    expect(await stores.statistics.actions({ from: today, to: today })).toEqual([
      { ...line, day: today, count: 2 },
    ])
    expect(inOrder(await stores.statistics.actions({ from: yesterday, to: today }))).toEqual([
      { ...line, day: yesterday, count: 1 },
      { ...line, day: today, count: 2 },
    ])
  })

  it('counts between two days, both included', async () => {
    const stores = await make()
    const dayAt = (offset: number) => dayName(dayNumber(now) + offset)
    for (const offset of [-3, -2, -1, 0]) record(stores, { at: now + offset * day })
    const daysOf = async (from: string, to: string) => {
      const counts = await stores.statistics.actions({ from, to })
      return counts.map((count) => count.day).sort()
    }
    expect(await daysOf(dayAt(-2), dayAt(-1))).toEqual([dayAt(-2), dayAt(-1)])
    expect(await daysOf(dayAt(-3), dayAt(-3))).toEqual([dayAt(-3)])
    expect(await daysOf(dayAt(1), dayAt(9))).toEqual([])
    // A range that ends before it begins has no day.
    expect(await daysOf(dayAt(-1), dayAt(-2))).toEqual([])
  })

  it('keeps its counts when the lines are dropped', async () => {
    const stores = await make()
    record(stores)
    record(stores, { at: now + 191 * day })
    expect((await stores.auditReader.list({ limit: 9 })).items).toHaveLength(1)
    const { length } = await stores.statistics.actions({ from: today, to: '2099-12-31' })
    expect(length).toBe(2)
  })
}

function wechatConforms(make: MakeStores): void {
  it('counts answers by app, API and errcode, with mean and longest duration', async () => {
    const stores = await make()
    const answer = { at: now, appId: 'wx1', api: '/sns/jscode2session', errcode: 0 }
    const changes = [
      { durationMs: 10 },
      { durationMs: 25 },
      { durationMs: 10 },
      { durationMs: 7, at: now + day },
      { durationMs: 30, errcode: 40029 },
      { durationMs: 40, errcode: null },
      { durationMs: 50, api: '/cgi-bin/stable_token' },
      { durationMs: 60, appId: 'wx2' },
      { durationMs: 70, at: midnight - 1 },
      { durationMs: 80, at: midnight + 2 * day },
    ]
    for (const change of changes) await stores.countWechatAnswer({ ...answer, ...change })
    const counts = await stores.statistics.wechat({ from: today, to: tomorrow })
    const rows = counts.map(({ appId, api, errcode, count, meanMs, maxMs }) =>
      [appId, api, errcode, count, meanMs, maxMs].join(' '),
    )
    expect(rows.sort()).toEqual([
      'wx1 /cgi-bin/stable_token 0 1 50 50',
      'wx1 /sns/jscode2session  1 40 40',
      'wx1 /sns/jscode2session 0 4 13 25',
      'wx1 /sns/jscode2session 40029 1 30 30',
      'wx2 /sns/jscode2session 0 1 60 60',
    ])
    expect(counts.find(({ maxMs }) => maxMs === 40)?.errcode).toBeNull()
    expect(counts.map(({ count }) => count)).toEqual([4, 1, 1, 1, 1])
    expect(await stores.statistics.wechat({ from: tomorrow, to: tomorrow })).toMatchObject([
      { count: 1, meanMs: 7, maxMs: 7 },
    ])
  })
}

function totalsConform(make: MakeStores): void {
  it('counts users, identities, open sessions and conflicts', async () => {
    const stores = await make()
    await addPeople(stores, [
      { id: 'a', identities: [['wx1', 'union'], ['wx2']], sessions: 2 },
      { id: 'b', disabledAt: now },
      { id: 'c', identities: [['wx3']] },
    ])
    expect(await stores.statistics.totals(now)).toEqual({
      users: 3,
      disabled: 1,
      identities: 4,
      sessions: 3,
      conflicts: 0,
    })
    expect(await stores.statistics.totals(now + hour)).toMatchObject({ sessions: 0 })
  })

  it('counts no user who was merged into another, and their conflict while it is open', async () => {
    const stores = await make()
    await addPeople(stores, [
      { id: 'a', identities: [['wx1', 'union']] },
      { id: 'b', identities: [['wx1', 'union'], ['wx2']] },
    ])
    expect(await stores.statistics.totals(now)).toMatchObject({ users: 2, conflicts: 1 })
    const order = { unionid: 'union', firstUserId: 'a', secondUserId: 'b', keepUserId: 'a' }
    const merge = { id: 'm', adminId: 'administrator', at: now, undoUntil: now + day, rules }
    await stores.merges.merge(order, merge)
    expect(await stores.statistics.totals(now + hour / 2)).toMatchObject({
      users: 1,
      disabled: 0,
      identities: 3,
      conflicts: 0,
    })
  })

  it('shows each configured app with its identities and what is known of its sign-ins', async () => {
    const stores = await make()
    await addPeople(stores, [{ id: 'a' }, { id: 'b', identities: [['wx1'], ['wx3']] }])
    record(stores, { at: now - 1, newUser: true })
    record(stores, { action: 'bind' })
    record(stores, { action: 'register' })
    record(stores, { at: now + 1, outcome: 'user_disabled' })
    record(stores, { at: now + 2, action: 'sign_out' })
    record(stores, { at: midnight - 1, appId: 'wx2' })
    record(stores, { at: now + 3, appId: 'unknown' })
    expect(await stores.statistics.apps(now)).toEqual([
      { appId: 'wx1', identities: 2, signInsToday: 3, lastSignInAt: now },
      { appId: 'wx2', identities: 0, signInsToday: 0, lastSignInAt: midnight - 1 },
    ])
    expect((await stores.statistics.apps(now + day)).map(({ appId }) => appId)).toEqual(
      configuredApps,
    )
    expect(await stores.statistics.apps(now + day)).toMatchObject([
      { signInsToday: 0, lastSignInAt: now },
      { signInsToday: 0 },
    ])
  })
}
