import { byId } from '../element.ts'
import { t } from '../text/language.ts'
import type { Phone } from './phone.ts'
import type { Sheets } from './sheet.ts'
import { showPhone } from './show-phone.ts'

/** Handles the two capsule buttons at the top right, and the background button of the panel. */
export function setUpCapsule(phone: Phone, sheets: Sheets): void {
  byId('more').addEventListener('click', async () => {
    const shouldRelaunch = await sheets.ask({
      title: t('menu.title'),
      answers: [
        { text: t('menu.relaunch'), value: true, testid: 'menu-relaunch' },
        { text: t('menu.cancel'), value: false, testid: 'menu-cancel' },
      ],
      escapeValue: false,
    })
    if (shouldRelaunch) await phone.relaunch()
  })
  for (const id of ['close', 'background']) {
    byId(id).addEventListener('click', () => void leave(phone, sheets))
  }
}

async function leave(phone: Phone, sheets: Sheets): Promise<void> {
  phone.hide()
  showPhone()
  const choice = await sheets.ask<'show' | 'relaunch'>({
    title: t('closed.title'),
    text: t('closed.text'),
    answers: [
      { text: t('closed.show'), value: 'show', testid: 'closed-show' },
      { text: t('closed.relaunch'), value: 'relaunch', testid: 'closed-relaunch' },
    ],
    escapeValue: 'show',
  })
  if (choice === 'relaunch') await phone.relaunch()
  else phone.show()
}
