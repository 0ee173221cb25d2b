import { once } from 'node:events'
import { createServer } from 'node:net'
import { Failure } from '@mianmi/core'
import { expect, it } from 'vitest'
import { ConfigError } from '../config/env.ts'
import { describeError } from './describe-error.ts'

/** The error of a server that listens at this address. */
async function listenError(host: string, port = 0): Promise<Error> {
  const [error] = await once(createServer().listen({ host, port }), 'error').catch((thrown) => [
    thrown,
  ])
  return error
}

/** As Node throws it. A test that runs as root may use every port, and so cannot cause it. */
const failedListen = (code: string) =>
  Object.assign(new Error(`listen ${code}: failed\nand more`), { code, syscall: 'listen' })

const address = { host: '192.0.2.1', port: 80 }

it('names the variable that an administrator has to change', async () => {
  expect(describeError(await listenError('192.0.2.1'), address)).toBe(
    'HOST 192.0.2.1 is no address of this machine (EADDRNOTAVAIL); set HOST to one of its addresses',
  )
  expect(describeError(failedListen('EADDRINUSE'), address)).toBe(
    'PORT 80 on HOST 192.0.2.1 is in use (EADDRINUSE); set PORT to a free port',
  )
  expect(describeError(failedListen('EACCES'), address)).toBe(
    'PORT 80 may not be used by this user (EACCES); set PORT to one above 1023',
  )
  expect(describeError(failedListen('ENOBUFS'), address)).toBe(
    'HOST 192.0.2.1, PORT 80: listen ENOBUFS: failed',
  )
  const unknown = { code: 'ENOTFOUND', syscall: 'getaddrinfo' }
  expect(describeError(Object.assign(new Error('getaddrinfo'), unknown), address)).toBe(
    'HOST 192.0.2.1 is not known (ENOTFOUND); set HOST to an address of this machine',
  )
})

it('is one line where an administrator can correct it, and the stack of any other fault', () => {
  expect(describeError(new ConfigError('PORT is wrong\nand more'))).toBe('PORT is wrong')
  expect(describeError(failedListen('EACCES'))).toBe('listen EACCES: failed')
  const fault = new Error('a fault')
  expect(describeError(fault, address)).toBe(fault.stack)
  expect(describeError('thrown', address)).toBe('thrown')
})

it('says in one line that the database refuses a call of the start', () => {
  const cause = Object.assign(new Error('password authentication failed\nand more'), {
    code: '28P01',
  })
  expect(describeError(new Failure('overloaded', { cause }))).toBe(
    'DATABASE_URL: the database cannot be used now: password authentication failed (28P01)',
  )
  expect(describeError(new Failure('overloaded'))).toBe(
    'DATABASE_URL: the database cannot be used now',
  )
})
