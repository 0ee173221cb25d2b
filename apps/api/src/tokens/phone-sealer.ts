import type { RootKey } from './root-key.ts'

/** Lets the service find and read phone numbers, which cannot be done with the database file alone. */
export interface PhoneSealer {
  /** A keyed fingerprint, the same for equal numbers, so that the database can enforce that a number is unique. */
  key(phone: string): string
  /** The fingerprints of a number under all keys of the service: it may be stored under each of them. */
  keys(phone: string): readonly string[]
  /** The encrypted number, bound to its user. */
  seal(userId: string, phone: string): string
  /** @throws when it was sealed for another user or under a key that is not listed */
  open(userId: string, sealed: string): string
}

export function createPhoneSealer(root: RootKey): PhoneSealer {
  return {
    key: (phone) => root.mac('phone', phone),
    keys: (phone) => root.macs('phone', phone),
    seal: (userId, phone) => root.seal('phone', phone, userId),
    open: (userId, sealed) => root.open('phone', sealed, userId),
  }
}
