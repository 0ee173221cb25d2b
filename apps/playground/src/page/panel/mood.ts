import { byId, element } from '../element.ts'
import { onLanguage, t } from '../text/language.ts'
import { type Mood, moods, type WechatSandbox } from '../wechat-sandbox.ts'
import { createChoice } from './choice.ts'

/** How WeChat answers the service. Stays hidden where the sandbox does not say. */
export async function setUpMood(sandbox: WechatSandbox): Promise<void> {
  let current = await sandbox.mood().catch(() => undefined)
  if (!current) return
  byId('mood').hidden = false
  const note = byId('mood-note')

  const draw = (): void => {
    if (current) note.textContent = t(`mood.${current}.note`)
    const chips = moods.map((mood) =>
      createChoice({
        name: 'mood',
        value: mood,
        label: element('span', { 'data-t': `mood.${mood}` }, [t(`mood.${mood}`)]),
        testid: `fault-${mood}`,
        isChosen: mood === current,
        onChoose: () => void choose(mood),
      }),
    )
    byId('mood-list').replaceChildren(...chips)
  }
  const choose = async (mood: Mood): Promise<void> => {
    try {
      current = await sandbox.setMood(mood)
      note.textContent = t(`mood.${current}.note`)
    } catch {
      draw()
      note.textContent = t('mood.failed')
    }
  }
  onLanguage(draw)
}
