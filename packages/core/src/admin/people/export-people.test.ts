import { expect, it } from 'vitest'
import {
  createTestService,
  enrolTestAdmin,
  giveTestPhone,
  registerTestUser,
} from '../../../testing/index.ts'

it('numbers are masked, or shown in full with a line for each user whose number is shown', async () => {
  const service = createTestService()
  const { admin } = service
  const { actor } = await enrolTestAdmin(service)
  const { signedIn } = await registerTestUser(service, { account: 'annie' })
  const { id } = signedIn.user
  giveTestPhone(service, id, '13912345678')
  const before = service.events.length
  const shown = ({ items }: Awaited<ReturnType<typeof admin.exportPeople>>) =>
    items.map(({ account, phone }) => [account, phone]).sort()
  expect(shown(await admin.exportPeople(actor, { limit: 500 }))).toEqual([
    ['annie', '139****5678'],
    ['root', null],
  ])
  expect(shown(await admin.exportPhones(actor, { search: '5678', limit: 500 }))).toEqual([
    ['annie', '13912345678'],
  ])
  expect(
    service.events.slice(before).map(({ action, outcome, userId }) => [action, outcome, userId]),
  ).toEqual([
    ['admin.people.export', 'ok', null],
    ['admin.people.revealPhone', 'ok', id],
    ['admin.people.exportPhones', 'ok', null],
  ])
})
