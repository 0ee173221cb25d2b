import { byId } from '../element.ts'
import { t } from '../text/language.ts'
import type { Phone } from './phone.ts'
import type { Sheets } from './sheet.ts'

/** The two buttons of WeChat's own in the upper right corner, and the panel's for the second. */
export function setUpCapsule(phone: Phone, sheets: Sheets): void {
  byId('more').addEventListener('click', async () => {
    const isWanted = await sheets.ask({
      title: t('menu.title'),
      answers: [
        { text: t('menu.relaunch'), value: true, testid: 'menu-relaunch' },
        { text: t('menu.cancel'), value: false, testid: 'menu-cancel' },
      ],
      otherwise: false,
    })
    if (isWanted) await phone.relaunch()
  })
  for (const id of ['close', 'background']) {
    byId(id).addEventListener('click', () => void leave(phone, sheets))
  }
}

async function leave(phone: Phone, sheets: Sheets): Promise<void> {
  phone.hide()
  const way = await sheets.ask<'show' | 'relaunch'>({
    title: t('closed.title'),
    text: t('closed.text'),
    answers: [
      { text: t('closed.show'), value: 'show', testid: 'closed-show' },
      { text: t('closed.relaunch'), value: 'relaunch', testid: 'closed-relaunch' },
    ],
    otherwise: 'show',
  })
  if (way === 'relaunch') await phone.relaunch()
  else phone.show()
}
