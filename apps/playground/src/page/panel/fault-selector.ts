import { byId, element } from '../element.ts'
import { type SandboxControls, type WechatFault, wechatFaults } from '../sandbox-controls.ts'
import { onLanguage, t } from '../text/language.ts'
import { createRadioChip } from './radio-chip.ts'

/** Selects how WeChat replies to the service. Hidden where the sandbox cannot be reached. */
export async function setUpFaultSelector(
  sandbox: SandboxControls,
  onChange: () => void = () => {},
): Promise<void> {
  let current = await sandbox.fault().catch(() => undefined)
  if (!current) return
  byId('fault').hidden = false
  const note = byId('fault-note')

  const draw = (): void => {
    if (current) note.textContent = t(`fault.${current}.note`)
    const chips = wechatFaults.map((fault) =>
      createRadioChip({
        name: 'fault',
        value: fault,
        label: element('span', { 'data-t': `fault.${fault}` }, [t(`fault.${fault}`)]),
        testid: `fault-${fault}`,
        isChosen: fault === current,
        onChoose: () => void choose(fault),
      }),
    )
    byId('fault-list').replaceChildren(...chips)
  }
  const choose = async (fault: WechatFault): Promise<void> => {
    try {
      current = await sandbox.setFault(fault)
      note.textContent = t(`fault.${current}.note`)
      onChange()
    } catch {
      draw()
      note.textContent = t('fault.failed')
    }
  }
  onLanguage(draw)
}
