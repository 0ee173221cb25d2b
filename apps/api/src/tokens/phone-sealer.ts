import type { RootKey } from './root-key.ts'

/** Lets the service find and read phone numbers, which cannot be done with the database file alone. */
export interface PhoneSealer {
  /** A keyed fingerprint, the same for equal numbers, so that the database can enforce that a number is unique. */
  key(phone: string): string
  /** The encrypted number, bound to its user. */
  seal(userId: string, phone: string): string
  /** @throws when it was sealed for another user or under another key */
  open(userId: string, sealed: string): string
}

export function createPhoneSealer(root: RootKey): PhoneSealer {
  return {
    key: (phone) => root.mac('phone', phone),
    seal: (userId, phone) => root.seal('phone', phone, userId),
    open: (userId, sealed) => root.open('phone', sealed, userId),
  }
}
