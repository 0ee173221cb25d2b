import { createPermissions, type Scope } from '@mianmi/wechat-sandbox/wx'
import { byId, element } from '../element.ts'
import type { PhoneHolder } from '../phone/phone.ts'
import { onLanguage, t } from '../text/language.ts'

const usual: Scope[] = ['scope.userLocation', 'scope.record']
const answers = { ask: undefined, allow: true, deny: false } as const
const names = Object.keys(answers) as (keyof typeof answers)[]

/** What the person has allowed the mini program; `update` after anything that may have asked. */
export function setUpPermissions(holder: () => PhoneHolder): { update(): void } {
  // A phone changes hands: each use looks who holds it.
  const permissions = () => createPermissions(localStorage, holder().appId, () => holder().person)
  const list = byId('permission-list')
  let shown = ''

  const draw = (): void => {
    const kept = permissions()
    const others = kept.requestedScopes().filter((scope) => !usual.includes(scope))
    const rows = [...usual, ...others].map((scope) =>
      createRow(scope, kept.scope(scope), (granted) => {
        permissions().setScope(scope, granted)
        shown = print()
      }),
    )
    const privacy = createPrivacyRow(kept.privacy(), (isAgreed) => {
      permissions().setPrivacy(isAgreed)
      shown = print()
    })
    list.replaceChildren(...rows, privacy)
    shown = print()
  }
  const print = (): string => {
    const kept = permissions()
    const scopes = kept.requestedScopes().map((scope) => `${scope} ${kept.scope(scope)}`)
    return [holder().appId, holder().person, kept.privacy(), ...scopes].join('|')
  }
  byId('reset-permissions').addEventListener('click', () => {
    permissions().reset()
    draw()
  })
  onLanguage(draw)
  return {
    update() {
      // Drawn anew only where something has changed: somebody may be about to choose.
      if (print() !== shown) draw()
    },
  }
}

function createRow(
  scope: Scope,
  granted: boolean | undefined,
  choose: (granted: boolean | undefined) => void,
): HTMLElement {
  const name = scope.replace('scope.', '')
  const select = element(
    'select',
    { 'data-testid': `permission-${name}`, 'aria-label': scope },
    names.map((value) => element('option', { value }, [t(`permissions.${value}`)])),
  )
  select.value = names.find((value) => answers[value] === granted) ?? 'ask'
  select.addEventListener('change', () => choose(answers[select.value as keyof typeof answers]))
  return element('label', { class: 'permission' }, [element('code', {}, [scope]), select])
}

function createPrivacyRow(isAgreed: boolean, choose: (isAgreed: boolean) => void): HTMLElement {
  const select = element('select', { 'data-testid': 'permission-privacy' }, [
    element('option', { value: 'no' }, [t('permissions.notAgreed')]),
    element('option', { value: 'yes' }, [t('permissions.agreed')]),
  ])
  select.value = isAgreed ? 'yes' : 'no'
  select.addEventListener('change', () => choose(select.value === 'yes'))
  return element('label', { class: 'permission' }, [
    element('span', {}, [t('permissions.privacy')]),
    select,
  ])
}
