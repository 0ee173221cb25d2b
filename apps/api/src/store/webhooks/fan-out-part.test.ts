import { webhookEventTypes } from '@mianmi/core'
import { expect, it } from 'vitest'
import { planPart, type RoutedWebhook } from './fan-out-part.ts'
import { type OutboxRow, readOutboxRow } from './outbox-row.ts'

const webhooksOf = (count: number): RoutedWebhook[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ id: `w${index}`, events: webhookEventTypes.join(' '), disabledAt: null },
  }))
const rowOf = (id: number, count: number, others: unknown[] = []): OutboxRow => {
  const events = Array.from({ length: count }, () => ({ type: 'user.enabled', userId: 'u' }))
  return { id, at: 1, events: JSON.stringify([...events, ...others]), users: null }
}
const plan = (rows: readonly OutboxRow[], webhooks: number, most: number) => {
  const part = planPart(rows.map(readOutboxRow), webhooksOf(webhooks), most)
  return {
    ...part,
    events: part.events.length,
    rest: part.rest && JSON.parse(part.rest.events).length,
  }
}

it.each([
  ['as many as it may have', 10, { events: 5, done: [1, 2], rest: null }],
  ['one more', 9, { events: 4, done: [1], rest: 1 }],
  ['those of the first row', 6, { events: 3, done: [1], rest: null }],
  ['fewer than one event makes', 1, { events: 1, done: [], rest: 2 }],
])('a part with %s', (_what, most, expected) => {
  expect(plan([rowOf(1, 3), rowOf(2, 2)], 2, most)).toMatchObject(expected)
})

it('events that no webhook asks for, and those of administrators, make nothing and are done', () => {
  expect(plan([rowOf(1, 3)], 0, 1)).toMatchObject({ events: 0, done: [1] })
  const ofAdministrator = { ...rowOf(1, 1), users: '[["u",null,"admin"]]' }
  expect(plan([ofAdministrator], 1, 1)).toMatchObject({ events: 0, done: [1] })
})

it('what cannot be read stays with the rest of its row', () => {
  const row = rowOf(1, 2, ['?'])
  expect(plan([row], 1, 1)).toMatchObject({ events: 1, setAside: [], rest: 2 })
  expect(plan([row], 1, 2)).toMatchObject({ events: 2, done: [], setAside: [{ events: '["?"]' }] })
})
