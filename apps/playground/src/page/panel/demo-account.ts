import { byId, element } from '../element.ts'
import type { PlaygroundConfig } from '../playground-config.ts'
import { t } from '../text/language.ts'

/** Shows the account that the development service has created, for the first binding. */
export function setUpDemoAccount(demo: PlaygroundConfig['demo']): void {
  if (!demo) return
  byId('demo').hidden = false
  byId('demo-list').append(
    ...(['account', 'password'] as const).map((name) =>
      element('div', {}, [
        element('dt', { 'data-t': `demo.${name}` }, [t(`demo.${name}`)]),
        element('dd', { 'data-testid': `demo-${name}` }, [demo[name]]),
        copyButton(name, demo[name]),
      ]),
    ),
  )
}

function copyButton(name: 'account' | 'password', value: string): HTMLButtonElement {
  const button = element(
    'button',
    { type: 'button', class: 'quiet', 'data-testid': `copy-${name}`, 'data-t': 'demo.copy' },
    [t('demo.copy')],
  )
  let timer: ReturnType<typeof setTimeout> | undefined
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(value)
    clearTimeout(timer)
    button.textContent = t('demo.copied')
    timer = setTimeout(() => {
      button.textContent = t('demo.copy')
    }, 1500)
  })
  return button
}
