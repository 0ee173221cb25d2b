// @vitest-environment jsdom
import { beforeEach, expect, test } from 'vitest'
import { byTestId, loadPage } from './load-page.ts'

beforeEach(loadPage)

const question = {
  title: 'Sure?',
  answers: [
    { text: 'Yes', value: 'yes', testid: 'answer-yes' },
    { text: 'No', value: 'no', testid: 'answer-no' },
  ],
  escapeValue: 'escaped',
}

async function open() {
  const { createSheets } = await import('../../src/page/phone/sheet.ts')
  return createSheets(byTestId('phone'))
}

const press = (key: string) =>
  document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))

test('a sheet has the focus, resolves with the answer and restores the focus', async () => {
  const sheets = await open()
  byTestId('relaunch').focus()
  const answer = sheets.ask(question)
  expect(document.activeElement).toBe(byTestId('answer-yes'))
  byTestId('answer-no').click()
  expect(await answer).toBe('no')
  expect(document.querySelector('.shade')).toBeNull()
  expect(document.activeElement).toBe(byTestId('relaunch'))
})

test('Escape and dismiss resolve with the escape value, other keys do not', async () => {
  const sheets = await open()
  const escaped = sheets.ask(question)
  press('Enter')
  expect(document.querySelector('.shade')).not.toBeNull()
  press('Escape')
  expect(await escaped).toBe('escaped')
  const dismissed = sheets.ask(question)
  sheets.dismiss()
  expect(await dismissed).toBe('escaped')
})

test('a second question replaces the first', async () => {
  const sheets = await open()
  const first = sheets.ask(question)
  const second = sheets.ask({ ...question, title: 'Really?' })
  expect(await first).toBe('escaped')
  expect(document.querySelectorAll('.sheet')).toHaveLength(1)
  byTestId('answer-yes').click()
  expect(await second).toBe('yes')
})

test('the close button hides the app, and the answer shows or relaunches it', async () => {
  const { setUpCapsule } = await import('../../src/page/phone/capsule.ts')
  const steps: string[] = []
  const phone = {
    handTo: async () => undefined,
    holder: () => ({ person: '', appId: '' }),
    relaunch: async () => void steps.push('relaunch'),
    clearStorage: () => undefined,
    applyTheme: () => undefined,
    hide: () => void steps.push('hide'),
    show: () => void steps.push('show'),
  }
  setUpCapsule(phone, await open())
  for (const [button, answer] of [
    ['close', 'closed-show'],
    ['background', 'closed-relaunch'],
    ['more', 'menu-relaunch'],
    ['more', 'menu-cancel'],
  ] as const) {
    document.getElementById(button)?.click()
    byTestId(answer).click()
    await Promise.resolve()
    await Promise.resolve()
  }
  expect(steps).toEqual(['hide', 'show', 'hide', 'relaunch', 'relaunch'])
})
