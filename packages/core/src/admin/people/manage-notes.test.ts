import { expect, it } from 'vitest'
import {
  createTestService,
  enrolTestAdmin,
  reasonOf,
  registerTestUser,
} from '../../../testing/index.ts'
import { maxNoteLength, maxNotes } from './person-note-store.ts'

async function withPerson() {
  const service = createTestService()
  const { actor } = await enrolTestAdmin(service)
  const { signedIn } = await registerTestUser(service, { account: 'annie' })
  return { service, admin: service.admin, actor, userId: signedIn.user.id }
}

it('a note has its author and its time, and is removed', async () => {
  const { service, admin, actor, userId } = await withPerson()
  const note = await admin.addNote(actor, { userId, text: ' called about a refund ' })
  expect(note).toMatchObject({
    text: 'called about a refund',
    at: service.clock.now(),
    adminId: actor.administrator.id,
    adminName: 'root',
  })
  expect((await admin.viewPerson(actor, userId)).notes).toEqual([note])
  await admin.removeNote(actor, { userId, noteId: note.id })
  expect((await admin.viewPerson(actor, userId)).notes).toEqual([])
  expect(await reasonOf(admin.removeNote(actor, { userId, noteId: note.id }))).toBe('not_found')
})

it('a text that is empty or too long, an unknown user and one note too many are refused', async () => {
  const { admin, actor, userId } = await withPerson()
  const add = (text: string, id = userId) => admin.addNote(actor, { userId: id, text })
  expect(await reasonOf(add(' '))).toBe('invalid_input')
  expect(await reasonOf(add('x'.repeat(maxNoteLength + 1)))).toBe('invalid_input')
  expect(await reasonOf(add('x', 'unknown'))).toBe('not_found')
  for (let count = 0; count < maxNotes; count++) await add('x'.repeat(maxNoteLength))
  expect(await reasonOf(add('x'))).toBe('invalid_input')
})
