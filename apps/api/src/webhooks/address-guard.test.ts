import { expect, it } from 'vitest'
import { createAddressGuard, haveEveryAddress, isRange } from './address-guard.ts'

const mayCall = createAddressGuard([])

it.each([
  '8.8.8.8',
  '172.15.255.255',
  '172.32.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '169.253.255.255',
  '2606:4700::1111',
  '::ffff:8.8.8.8',
  '64:ff9b::8.8.8.8',
  '64:ff9b::808:808',
])('%s may be called: it is a unicast address of the Internet', (address) => {
  expect(mayCall(address)).toBe(true)
})

it.each([
  ['this network', ['0.0.0.0', '0.1.2.3']],
  ['loopback', ['127.0.0.1', '127.255.255.255', '::1']],
  ['private', ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.0.1', 'fd00::1', 'fc00::1']],
  ['shared by a carrier (CGNAT)', ['100.64.0.0', '100.127.255.255']],
  ['link-local', ['169.254.0.1', 'fe80::1', 'fe80::1%eth0', 'febf::1']],
  ['site-local', ['fec0::1']],
  ['metadata of a cloud', ['169.254.169.254', '100.100.100.200', '168.63.129.16', 'fd00:ec2::254']],
  ['multicast', ['224.0.0.1', '239.255.255.255', 'ff02::1']],
  ['broadcast and reserved', ['255.255.255.255', '240.0.0.1', '192.0.0.1', '4000::1', '::']],
  ['documentation and benchmarks', ['192.0.2.1', '198.18.0.1', '203.0.113.1', '2001:db8::1']],
  ['IPv4-mapped', ['::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.0.0.1', '0:0:0:0:0:ffff:a00:1']],
  ['translated (NAT64)', ['64:ff9b::127.0.0.1', '64:ff9b::a9fe:a9fe', '64:ff9b:1::a00:1']],
  ['embedded (6to4, Teredo, IPv4-compatible)', ['2002:7f00:1::', '2001:0:808:808::', '::8.8.8.8']],
  ['no address', ['', 'localhost', '127.1', '0x7f000001', '2130706433', '8.8.8.8/32']],
])('%s: may not be called', (_what, addresses) => {
  for (const address of addresses) expect(mayCall(address), address).toBe(false)
})

it('listed ranges may be called, up to their edges and in every form', () => {
  const guard = createAddressGuard(['10.1.0.0/16', '127.0.0.1', 'fd12::/16'])
  for (const address of ['10.1.0.0', '10.1.255.255', '127.0.0.1', '::ffff:10.1.2.3', 'fd12::1'])
    expect(guard(address), address).toBe(true)
  for (const address of ['10.0.255.255', '10.2.0.0', '127.0.0.2', '::ffff:10.2.0.0', 'fd13::1'])
    expect(guard(address), address).toBe(false)
})

it('no range allows the metadata of a cloud', () => {
  const guard = createAddressGuard(['0.0.0.0/0', '::/0', '169.254.169.254'])
  expect(guard('169.254.169.253')).toBe(true)
  for (const address of [
    '169.254.169.254',
    '::ffff:169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    '169.254.0.23',
    '100.100.100.200',
    'fd00:ec2::254',
    '192.0.0.192',
    '169.254.170.2',
    '169.254.170.23',
    'fd00:ec2::23',
    'fd20:ce::254',
    'fd00:0ec2:0:0::0254',
  ])
    expect(guard(address), address).toBe(false)
})

it.each(['10.0.0.0/8', '127.0.0.1', '::1/128', 'fd00::/8', '0.0.0.0/0', '10.0.0.1/32'])(
  '%s is a range',
  (text) => {
    expect(isRange(text)).toBe(true)
  },
)

it.each([
  '',
  '10.0.0.0/33',
  '::/129',
  '10/8',
  '10.0.0.0/',
  '10.0.0.0/8/8',
  'fe80::1%eth0',
  'a.b',
  '0x7f.1',
  '10.0.0.0/-1',
])('%s is no range', (text) => {
  expect(isRange(text)).toBe(false)
})

it.each([
  [['0.0.0.0/0'], true],
  [['10.0.0.0/8', '::/0'], true],
  [['128.0.0.0/1', '0.0.0.0/1'], true],
  [['0.0.0.0/1', '64.0.0.0/2', '127.255.0.1/1', '128.0.0.0/2', '192.0.0.0/2'], true],
  [['::/1', '8000::/1'], true],
  [['0.0.0.0/1', '128.0.0.0/2', '192.0.0.0/3'], false],
  [['0.0.0.0/1', '8000::/1'], false],
  [['0.0.0.1/32', '10.0.0.0/8'], false],
  [[], false],
])('whether %j have every address is %s', (ranges, expected) => {
  expect(haveEveryAddress(ranges)).toBe(expected)
})
