import type { SealedColumns, SealedTable } from '../store/store.ts'
import { createPhoneSealer } from '../tokens/phone-sealer.ts'
import { resealMacKey } from '../tokens/retired-keys.ts'
import type { RootKey } from '../tokens/root-key.ts'
import { createSessionKeyVault } from '../tokens/session-key-vault.ts'
import { createWebhookSecrets } from '../tokens/webhook-secrets.ts'

/** Seals the columns of one table again. */
export interface Resealer<T extends SealedTable> {
  /**
   * The columns of a row under the first key; null when they are already.
   *
   * @throws when they cannot be opened
   */
  reseal(columns: SealedColumns[T]): Partial<SealedColumns[T]> | null
  /** What to store in place of columns that cannot be opened; null: discard what the row has sealed. */
  empty(columns: SealedColumns[T]): Partial<SealedColumns[T]> | null
}

export type Resealers = { readonly [T in SealedTable]: Resealer<T> }

/** In the order of `SealedColumns`, in which the tables have to be sealed again. */
export function createResealers(root: RootKey): Resealers {
  const ofSessionKeys = resealSessionKeys(root)
  const ofPhones = resealPhones(root)
  return {
    // The next sign-in brings a new ticket, and a new key for an identity. An empty key verifies nothing.
    tickets: { ...ofSessionKeys, empty: () => null },
    identities: ofSessionKeys,
    users: ofPhones,
    merges: ofPhones,
    operator_sessions: resealTexts(root, 'second factor'),
    operator_factors: resealTexts(root, 'second factor'),
    signing_keys: resealTexts(root, 'signing key'),
    audit_chain: resealTexts(root, 'audit key'),
    webhooks: resealWebhooks(root),
    retired_mac_keys: {
      reseal: (key) => (root.isCurrent(key.sealed) ? null : { sealed: resealMacKey(root, key) }),
      empty: () => null,
    },
  }
}

function resealTexts(
  root: RootKey,
  purpose: 'second factor' | 'signing key' | 'audit key',
): Resealer<'operator_factors'> {
  return {
    reseal: ({ sealed, userId }) =>
      root.isCurrent(sealed)
        ? null
        : { sealed: root.seal(purpose, root.open(purpose, sealed, userId), userId) },
    empty: () => null,
  }
}

function resealSessionKeys(root: RootKey): Resealer<'identities'> {
  const vault = createSessionKeyVault(root)
  return {
    reseal({ sealed, previous, appId, openid }) {
      if (root.isCurrent(sealed) && (previous === null || root.isCurrent(previous))) return null
      const owner = { appId, openid }
      // Not spread: `sealed` is a getter.
      const key = vault.seal(owner, vault.open(owner, sealed))
      const resealedPrevious =
        previous === null ? null : vault.seal(owner, vault.open(owner, previous)).sealed
      return { sealed: key.sealed, fingerprint: key.fingerprint, previous: resealedPrevious }
    },
    empty: ({ appId, openid }) => {
      const { sealed, fingerprint } = vault.seal({ appId, openid }, '')
      return { sealed, fingerprint, previous: null }
    },
  }
}

/** A webhook whose secret cannot be opened signs nothing: it is removed, to be created again. */
function resealWebhooks(root: RootKey): Resealer<'webhooks'> {
  const { seal, open } = createWebhookSecrets(root)
  return {
    reseal({ sealed, previous, webhookId }) {
      if (root.isCurrent(sealed) && (previous === null || root.isCurrent(previous))) return null
      const again = (text: string): string => seal(webhookId, open(webhookId, text))
      return { sealed: again(sealed), previous: previous === null ? null : again(previous) }
    },
    empty: () => null,
  }
}

function resealPhones(root: RootKey): Resealer<'users'> {
  const phones = createPhoneSealer(root)
  return {
    reseal({ sealed, phoneKey, userId }) {
      const phone = phones.open(userId, sealed)
      const key = phones.key(phone)
      if (root.isCurrent(sealed) && phoneKey === key) return null
      return { sealed: phones.seal(userId, phone), phoneKey: key }
    },
    empty: () => null,
  }
}
