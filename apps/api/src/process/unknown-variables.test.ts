import { expect, it } from 'vitest'
import { findMisspelledVariables } from './unknown-variables.ts'

const known = ['PORT', 'HOST', 'SECRET_KEY', 'TRUST_PROXY']

it.each([
  ['SECRETKEY', 'SECRET_KEY'],
  ['SECRET_KEYS', 'SECRET_KEY'],
  ['SECRET_KEX', 'SECRET_KEY'],
  ['SECRET_KYE', 'SECRET_KEY'],
  ['secret_key', 'SECRET_KEY'],
  ['TRUST_PROXI', 'TRUST_PROXY'],
  ['RTUST_PROXY', 'TRUST_PROXY'],
  ['PRT', 'PORT'],
])('%s is taken for a misspelled %s', (name, meant) => {
  expect(findMisspelledVariables({ [name]: 'x' }, known)).toEqual([{ name, meant }])
})

it.each(['SECRET', 'SECRET_KEY_ID', 'SERCET_KYE', 'HOSTNAME', 'PORTS', 'PATH', 'PORT', ''])(
  '%s is not',
  (name) => {
    expect(findMisspelledVariables({ [name]: 'x' }, known)).toEqual([])
  },
)

it('the order is that of the names', () => {
  const found = findMisspelledVariables({ TRUST_PROX: '', SECRET_KE: '' }, known)
  expect(found.map(({ name }) => name)).toEqual(['SECRET_KE', 'TRUST_PROX'])
})
