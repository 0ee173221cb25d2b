import { accountKey } from '../../account/account-name.ts'
import type { PeopleSearch } from './people-store.ts'

export function readSearch(text: string): PeopleSearch {
  return { text, accountKey: accountKey(text), phone: phoneIn(text), phoneEnd: phoneEndIn(text) }
}

function phoneEndIn(text: string): string | null {
  const digits = text.normalize('NFKC')
  return /^\d{4}$/.test(digits) ? digits : null
}

/**
 * Accepts spellings such as `+86 139-1234 5678`. Numbers are stored as `13912345678`, and as `+85261234567` for
 * other countries.
 */
function phoneIn(text: string): string | null {
  const digits = text.normalize('NFKC').replaceAll(/[\s().-]/g, '')
  const [, mainland] = /^(?:(?:\+|00)?86)?(1\d{10})$/.exec(digits) ?? []
  if (mainland !== undefined) return mainland
  return /^\+?\d{6,15}$/.test(digits) ? digits : null
}
