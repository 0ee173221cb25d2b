import { byId, element } from '../element.ts'
import type { PlaygroundConfig } from '../playground-config.ts'
import { createRadioChip } from './radio-chip.ts'

const appKey = 'playground:app'

/** Selects the appid that the mini program runs under. For WeChat each is another app with other openids. */
export function setUpAppSelector(
  { appIds, appNames }: Pick<PlaygroundConfig, 'appIds' | 'appNames'>,
  onChoose: (appId: string) => void,
): string {
  const stored = localStorage.getItem(appKey)
  const current = appIds.find((appId) => appId === stored) ?? appIds[0] ?? ''
  byId('apps').hidden = appIds.length < 2
  const chips = appIds.map((appId) =>
    createRadioChip({
      name: 'app',
      value: appId,
      label: labelOf(appId, appNames[appId]),
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

/** The name, or the end of the appid where it has none; two apps may have one name, so the appid is the title. */
const labelOf = (appId: string, name: string | undefined): HTMLElement =>
  name === undefined
    ? element('span', { class: 'app-id', title: appId }, [`…${appId.slice(-6)}`])
    : element('span', { title: appId }, [name])
