import type { RootKey } from './root-key.ts'

/** Keeps phone numbers findable and readable for us, and neither for whoever has the database file alone. */
export interface PhoneSealer {
  /** A keyed fingerprint: one number, one key, so that the database can tell that a number is taken. */
  key(phone: string): string
  /** The number itself, tied to its user. */
  seal(userId: string, phone: string): string
  /** @throws where it was sealed for somebody else, or under another key */
  open(userId: string, sealed: string): string
}

export function createPhoneSealer(root: RootKey): PhoneSealer {
  return {
    key: (phone) => root.mac('phone', phone),
    seal: (userId, phone) => root.seal('phone', phone, userId),
    open: (userId, sealed) => root.open('phone', sealed, userId),
  }
}
