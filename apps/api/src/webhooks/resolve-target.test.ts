import { expect, it } from 'vitest'
import { createAddressGuard } from './address-guard.ts'
import { resolveTarget } from './resolve-target.ts'

const mayCall = createAddressGuard([])
const url = new URL('https://receiver.example/hook')

const resolved = (...addresses: string[]) =>
  resolveTarget(url, { mayCall, resolve: async () => addresses })

it('a receiver has all addresses of its name', async () => {
  expect(await resolved('8.8.8.8', '2606:4700::1111')).toEqual({
    url,
    addresses: ['8.8.8.8', '2606:4700::1111'],
  })
})

it.each([
  ['10.0.0.1'],
  ['8.8.8.8', '10.0.0.1'],
  ['8.8.8.8', '::ffff:10.0.0.1'],
  ['8.8.8.8', '2606:4700::1111', '169.254.169.254'],
])('a name with one forbidden address is forbidden (%s, …)', async (...addresses) => {
  expect(await resolved(...addresses)).toBe('forbidden_address')
})

it('a name without an address is unresolvable', async () => {
  expect(await resolved()).toBe('unresolvable')
})
