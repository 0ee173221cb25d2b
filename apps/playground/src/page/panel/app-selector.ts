import { byId, element } from '../element.ts'
import { createRadioChip } from './radio-chip.ts'

const appKey = 'playground:app'

/** Selects the appid that the mini program runs under. For WeChat each is another app with other openids. */
export function setUpAppSelector(appIds: string[], onChoose: (appId: string) => void): string {
  const stored = localStorage.getItem(appKey)
  const current = appIds.find((appId) => appId === stored) ?? appIds[0] ?? ''
  byId('apps').hidden = appIds.length < 2
  const chips = appIds.map((appId) =>
    createRadioChip({
      name: 'app',
      value: appId,
      label: element('span', { class: 'app-id', title: appId }, [`…${appId.slice(-6)}`]),
      testid: `app-${appId}`,
      isChosen: appId === current,
      onChoose() {
        localStorage.setItem(appKey, appId)
        onChoose(appId)
      },
    }),
  )
  byId('app-list').replaceChildren(...chips)
  return current
}
