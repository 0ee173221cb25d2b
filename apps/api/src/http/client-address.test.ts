import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import fastify from 'fastify'
import { describe, expect, it, onTestFinished } from 'vitest'
import { addressIn, readClientAddresses } from './client-address.ts'

describe('addressIn', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    [' 192.0.2.1 ', '192.0.2.1'],
    ['192.0.2.1:4711', '192.0.2.1'],
    ['"192.0.2.1:4711"', '192.0.2.1'],
    ['192.0.2.1:_port', '192.0.2.1'],
    ['2001:db8::1', '2001:db8::1'],
    ['2001:DB8:0::1', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:4711', '2001:db8::1'],
    ['"[2001:db8::1]:4711"', '2001:db8::1'],
    ['"\\[2001:db8::1\\]"', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['[::ffff:192.0.2.1]:80', '192.0.2.1'],
  ])('%s is %s', (entry, address) => {
    expect(addressIn(entry)).toBe(address)
  })

  it.each([
    '',
    'unknown',
    '"unknown"',
    '_hidden',
    '_SEVKISEK',
    '127.1',
    '0x7f.0.0.1',
    '2130706433',
    '192.0.2.256',
    '192.0.2.1:',
    '[192.0.2.1',
    'a.example',
    '1.2.3.4.5',
    '192.0.2.1/24',
    '2001:db8::1::2',
    'null',
    '-',
  ])('"%s" is no address', (entry) => {
    expect(addressIn(entry)).toBeNull()
  })
})

async function startApp(trusted: readonly string[]) {
  const lines: string[] = []
  const app = fastify({
    logger: { level: 'warn', stream: { write: (line) => void lines.push(line) } },
  })
  onTestFinished(() => app.close())
  readClientAddresses(app, trusted)
  app.get('/', async (request) => request.clientAddress)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const address = app.server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  /** By hand, because fetch joins and rewrites headers. */
  const ask = async (...headers: string[]): Promise<string> => {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    socket.write(
      ['GET / HTTP/1.1', 'host: x', 'connection: close', ...headers, '', ''].join('\r\n'),
    )
    return (await text(socket)).split('\r\n\r\n')[1] ?? ''
  }
  return { ask, lines }
}

describe('the address of a caller', () => {
  it.each([
    [['x-forwarded-for: 192.0.2.1'], '192.0.2.1'],
    [['x-forwarded-for: 192.0.2.1:4711'], '192.0.2.1'],
    [['x-forwarded-for: [2001:db8::1]:4711'], '2001:db8::1'],
    [['x-forwarded-for: 198.51.100.9, 192.0.2.1'], '192.0.2.1'],
    [['x-forwarded-for: 192.0.2.1, 10.1.2.3:99, 127.0.0.1'], '192.0.2.1'],
    [['x-forwarded-for: 192.0.2.1', 'x-forwarded-for: 10.0.0.1'], '192.0.2.1'],
    [['x-forwarded-for: 10.0.0.1, 10.0.0.2'], '10.0.0.1'],
    [['x-forwarded-for: unknown'], '127.0.0.1'],
    [['x-forwarded-for: 192.0.2.1, unknown'], '127.0.0.1'],
    [['x-forwarded-for: 192.0.2.1, _hidden, 10.0.0.1'], '10.0.0.1'],
    [['x-forwarded-for: unknown, 192.0.2.1'], '192.0.2.1'],
    [['x-forwarded-for: '], '127.0.0.1'],
    [['x-forwarded-for: 192.0.2.1,'], '127.0.0.1'],
    [['forwarded: for=192.0.2.1'], '192.0.2.1'],
    [['forwarded: For="[2001:db8::1]:4711";proto=https, for=10.0.0.1;by=10.0.0.2'], '2001:db8::1'],
    [['forwarded: for="192.0.2.1";host="a,b;for=198.51.100.1"'], '192.0.2.1'],
    [['forwarded: for=192.0.2.1, proto=https'], '127.0.0.1'],
    [['forwarded: for=unknown'], '127.0.0.1'],
    [['forwarded: for=6.6.6.6;x=", for=203.0.113.9'], '127.0.0.1'],
    [['forwarded: for=6.6.6.6;x=", for="[2001:db8::1]:99"'], '127.0.0.1'],
    [['forwarded: for=6.6.6.6;x="', 'forwarded: for=203.0.113.9'], '127.0.0.1'],
    [['forwarded: for=6.6.6.6;x="a\\", for=203.0.113.9'], '127.0.0.1'],
    [['forwarded: for=203.0.113.9;x="a;for=7.7.7.7"'], '203.0.113.9'],
    [['forwarded: by=9.9.9.9;x="a;for=7.7.7.7"'], '127.0.0.1'],
    [['forwarded: xfor=7.7.7.7'], '127.0.0.1'],
    [[`forwarded: for=192.0.2.1${' '.repeat(2_000)}`.concat(';by=x')], '127.0.0.1'],
    [['forwarded: for=6.6.6.6, for=203.0.113.9'], '203.0.113.9'],
    [['forwarded: for=2001:db8::1'], '2001:db8::1'],
    [['forwarded: for=192.0.2.1', 'x-forwarded-for: 192.0.2.1'], '192.0.2.1'],
    [['forwarded: for="192.0.2.1:80"', 'x-forwarded-for: 9.9.9.9, 192.0.2.1'], '192.0.2.1'],
    [[], '127.0.0.1'],
  ])('%j from a trusted proxy is %s', async (headers, address) => {
    const { ask, lines } = await startApp(['127.0.0.1', '10.0.0.0/8'])
    expect(await ask(...headers)).toBe(address)
    expect(lines).toEqual([])
  })

  it.each([
    ['10.0.0.1', ['10.0.0.1', '::ffff:10.0.0.1'], ['10.0.0.2', '10.0.1.1', '::a00:1']],
    ['10.0.0.0/24', ['10.0.0.0', '10.0.0.255'], ['10.0.1.0', '9.255.255.255']],
    ['2001:db8::1', ['2001:db8::1'], ['2001:db8::2', '2001:db8::1:0:0:1']],
    ['2001:db8::/64', ['2001:db8::ffff'], ['2001:db8:0:1::']],
  ])('TRUST_PROXY=%s trusts that and no neighbour', async (range, trusted, others) => {
    const { ask } = await startApp(['127.0.0.1', range])
    for (const proxy of trusted)
      expect(await ask(`x-forwarded-for: 192.0.2.1, ${proxy}`), proxy).toBe('192.0.2.1')
    for (const proxy of others)
      expect(await ask(`x-forwarded-for: 192.0.2.1, ${proxy}`), proxy).toBe(proxy)
  })

  it.each([
    [['forwarded: for=192.0.2.1', 'x-forwarded-for: 6.6.6.6']],
    [['forwarded: for=6.6.6.6', 'x-forwarded-for: 192.0.2.1']],
    [['forwarded: for=unknown', 'x-forwarded-for: 6.6.6.6']],
    [['forwarded: for="6.6.6.6', 'x-forwarded-for: 192.0.2.1']],
    [['x-forwarded-for: ', 'forwarded: for=6.6.6.6']],
  ])('%j is the trusted proxy’s own, and one line warns of it', async (headers) => {
    const { ask, lines } = await startApp(['127.0.0.1', '10.0.0.0/8'])
    expect(await ask(...headers)).toBe('127.0.0.1')
    expect(await ask(...headers)).toBe('127.0.0.1')
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('X-Forwarded-For and Forwarded from 127.0.0.1 name different')
  })

  it('is the peer’s where the proxy is not trusted, and one line warns of it', async () => {
    const { ask, lines } = await startApp(['10.0.0.0/8'])
    expect(await ask()).toBe('127.0.0.1')
    expect(lines).toEqual([])
    for (const header of ['x-forwarded-for: 192.0.2.1', 'forwarded: for=192.0.2.2'])
      expect(await ask(header)).toBe('127.0.0.1')
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('X-Forwarded-For from 127.0.0.1 is ignored')
    expect(lines[0]).toContain('TRUST_PROXY')
  })
})
