import { createPermissions, type Scope } from '@mianmi/wechat-sandbox/wx'
import { byId, element } from '../element.ts'
import type { PhoneHolder } from '../phone/phone.ts'
import { onLanguage, t } from '../text/language.ts'

const defaultScopes: Scope[] = ['scope.userLocation', 'scope.record']
const decisions = { ask: undefined, allow: true, deny: false } as const
const names = Object.keys(decisions) as (keyof typeof decisions)[]

/** Shows and changes what the user has allowed; call `update` after every API call that may have asked. */
export function setUpPermissions(holder: () => PhoneHolder): { update(): void } {
  // The user of the phone can change, so each use reads the current one.
  const permissions = () => createPermissions(localStorage, holder().appId, () => holder().person)
  const list = byId('permission-list')
  let shown = ''

  const draw = (): void => {
    const current = permissions()
    const others = current.requestedScopes().filter((scope) => !defaultScopes.includes(scope))
    const rows = [...defaultScopes, ...others].map((scope) =>
      createRow(scope, current.scope(scope), (granted) => {
        permissions().setScope(scope, granted)
        shown = fingerprint()
      }),
    )
    const privacy = createPrivacyRow(current.privacy(), (isAgreed) => {
      permissions().setPrivacy(isAgreed)
      shown = fingerprint()
    })
    list.replaceChildren(...rows, privacy)
    shown = fingerprint()
  }
  const fingerprint = (): string => {
    const current = permissions()
    const scopes = current.requestedScopes().map((scope) => `${scope} ${current.scope(scope)}`)
    return [holder().appId, holder().person, current.privacy(), ...scopes].join('|')
  }
  byId('reset-permissions').addEventListener('click', () => {
    permissions().reset()
    draw()
  })
  onLanguage(draw)
  return {
    update() {
      // Redrawn only after a change, because a select may be open.
      if (fingerprint() !== shown) draw()
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
  select.value = names.find((value) => decisions[value] === granted) ?? 'ask'
  select.addEventListener('change', () => choose(decisions[select.value as keyof typeof decisions]))
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
