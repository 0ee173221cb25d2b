import { pbkdf2Sync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { estimateMs, readStoredHash, spendWork } from './stored-hash.mjs'

/** Hashes of one password, computed by other programs: Python's hashlib, and crypt(3) of Perl. */
const password = '马到成功 horse'
const salt = 'MDEyMzQ1Njc4OWFiY2RlZg'
const vectors = [
  ['bcrypt', '$2b$05$', 'abcdefghijklmnopqrstuu0ZF7TpjzaoJcKRfYmZ/GOp6ETTFyTZ6'],
  ['bcrypt of PHP', '$2y$05$', 'abcdefghijklmnopqrstuu0ZF7TpjzaoJcKRfYmZ/GOp6ETTFyTZ6'],
  [
    'scrypt as PHC string',
    '$scrypt$ln=12,r=8,p=1$',
    `${salt}$UiE93DKHCf/y/Em2cF0a9UkfQi20x4rRk3iaJ1fx8E8`,
  ],
  [
    'scrypt of Flask',
    'scrypt:4096:8:1$',
    'Salt0123$7fbc3119f15b5124177beaf10d984121323fd0269a2acc8b958c7ef6c64da20b870cbb208fe2338b95b68d17254633250d310f52867a1b03c2b1a47311bcd67e',
  ],
  [
    'PBKDF2 as PHC string',
    '$pbkdf2-sha512$i=1000$',
    `${salt}$unqtkKY3v80yPITMCu7DRbsQ1ppSzyx5FtCLBsHqkpi1jEVnRoy2RX7X59mO57J4DOES+eSoX+YzZZp0XyIXwA`,
  ],
  [
    'PBKDF2 of passlib',
    '$pbkdf2-sha256$1000$',
    '....................$08WTITOxhoFajrvnu4YUGv7UGDs9Gy1cw2Z2pXR8Anw',
  ],
  ['PBKDF2 with SHA-1 of passlib', '$pbkdf2$1000$', `${salt}$3pVoK/iKa0V.h1zjjt/y6kmUGYM`],
  [
    'PBKDF2 of Django',
    'pbkdf2_sha256$1000$',
    'SaltOfDjango$Qblm0SHvdBcg+8oF5jZ06J9fH4QU5SR1RZmYA5RyHnQ=',
  ],
  [
    'PBKDF2 of Flask',
    'pbkdf2:sha256:1000$',
    'Salt0123$a67395a23991a86c77bf837561a6fe9dff14379e8e5cfb6c2212eac0b03a38a1',
  ],
  [
    'SHA-256, salt first',
    'sha256$',
    'pepper$2bcc897ec51074376b2bc57547f7dbc52a74f4d397f52ef5b5cb910636742257',
  ],
  [
    'SHA-256, salt last, in capitals',
    'sha256$',
    'pepper$ED64C3DEA1B9611A247A75602A30B6B5064E67C070A440BF9888C7D54B7999BB',
  ],
  [
    'SHA-256, salt as the key of an HMAC',
    'sha256$',
    'pepper$bb26d55dc10223e2e40419babb73113c23d82c0e10555692d03069961a4fe33c',
  ],
  [
    'SHA-256 without a salt',
    'sha256$',
    '$13067d20099a6677c7dee627da99c31f3321862773a6cdc7524fd27403ecd027',
  ],
  ['MD5, salt first', 'md5$', 'pepper$a7d15deb66ebfc145a1f7cd12dbafbd8'],
  ['MD5, salt last', 'md5$', 'pepper$3819C486F555B97A5622D4D0C1E60559'],
  ['MD5, salt as the key of an HMAC', 'md5$', 'pepper$b11703fe15eb2d4498168d5593e26e27'],
  ['MD5 without a salt', 'md5$', '$b398c549422ffc04edcbcc3ef78341ff'],
] as const

describe.each(vectors)('%s', (_, kind, rest) => {
  const text = `${kind}${rest}`

  it('matches its password and no other', () => {
    const hash = readStoredHash(text)
    expect(hash?.kind).toBe(kind)
    expect(hash?.matches(password)).toBe(true)
    expect(hash?.matches(`${password} `)).toBe(false)
    expect(hash?.matches('')).toBe(false)
  })

  it('is not read with something before it, after it, or cut off', () => {
    for (const broken of [
      ` ${text}`,
      `${text} `,
      `${text}\n`,
      text.slice(0, kind.length),
      `${text}$`,
    ])
      expect(readStoredHash(broken)).toBeNull()
  })
})

/** 32 MiB, which is not the cost of the service. */
const argon2 = '$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHQ$wbCh7h6XV6bXBBn2fkYpBnNB/xyBWZTxeF9Gys5W1fM'

it('argon2 of another variant and cost is read', () => {
  expect(readStoredHash(argon2)?.kind).toBe('$argon2i$v=19$m=64,t=1,p=1$')
})

it.each([
  ['', 'nothing'],
  ['secret', 'a plain password'],
  ['e10adc3949ba59abbe56e057f20f883e', 'a bare digest'],
  [
    'md5$salt$13067d20099a6677c7dee627da99c31f3321862773a6cdc7524fd27403ecd027',
    'MD5 of the wrong length',
  ],
  ['sha256$salt$b398c549422ffc04edcbcc3ef78341ff', 'SHA-256 of the wrong length'],
  [`$2b$03$${'.'.repeat(53)}`, 'bcrypt with too low a cost'],
  [`$2b$15$${'.'.repeat(53)}`, 'bcrypt with a cost of seconds'],
  [`$2b$31$${'.'.repeat(53)}`, 'bcrypt with a cost of days'],
  [
    `$scrypt$ln=17,r=8,p=1$${salt}$UiE93DKHCf/y/Em2cF0a9UkfQi20x4rRk3iaJ1fx8E8`,
    'scrypt with 128 MiB',
  ],
  [`$scrypt$ln=0,r=8,p=1$${salt}$UiE93DKHCf/y/Em2cF0a9UkfQi20x4rRk3iaJ1fx8E8`, 'scrypt with N = 1'],
  [
    `$scrypt$ln=14,r=8,p=99$${salt}$UiE93DKHCf/y/Em2cF0a9UkfQi20x4rRk3iaJ1fx8E8`,
    'scrypt with too much work',
  ],
  [`scrypt:4097:8:1$salt$${'0'.repeat(128)}`, 'scrypt with an N that is no power of two'],
  [
    `$scrypt$ln=16,r=1,p=1$${salt}$UiE93DKHCf/y/Em2cF0a9UkfQi20x4rRk3iaJ1fx8E8`,
    'scrypt with an N that its r does not allow',
  ],
  [`scrypt:524288:1:1$salt$${'0'.repeat(128)}`, 'the same of Flask'],
  [
    `$pbkdf2-sha256$i=0$${salt}$UiE93DKHCf/y/Em2cF0a9UkfQi20x4rRk3iaJ1fx8E8`,
    'PBKDF2 without iterations',
  ],
  [
    `$pbkdf2-sha256$i=2000001$${salt}$UiE93DKHCf/y/Em2cF0a9UkfQi20x4rRk3iaJ1fx8E8`,
    'PBKDF2 with too many',
  ],
  [`pbkdf2_md5$1000$salt$${'0'.repeat(32)}`, 'PBKDF2 with another digest'],
  [
    '$argon2id$v=19$m=262145,t=2,p=1$YX5+S9bnPyiMQcLKZh4/Ig$GZ3R37ocDpgxeVaKIDyduPX1qutEUeSuB76pWNX0TcE',
    'argon2 with more than 256 MiB',
  ],
  [
    '$argon2id$v=19$m=262144,t=5,p=1$YX5+S9bnPyiMQcLKZh4/Ig$GZ3R37ocDpgxeVaKIDyduPX1qutEUeSuB76pWNX0TcE',
    'argon2 with too many passes',
  ],
  ['$argon2id$v=19$m=19456,t=2,p=1$YX5+S9bnPyiMQcLKZh4/Ig', 'argon2 without its hash'],
])('%s is not read: %s', (text) => {
  expect(readStoredHash(text)).toBeNull()
})

it('costs at the limits are read', () => {
  for (const text of [
    `$2b$14$${'.'.repeat(53)}`,
    `$2b$04$${'.'.repeat(53)}`,
    `$scrypt$ln=16,r=8,p=1$${salt}$UiE93DKHCf/y/Em2cF0a9UkfQi20x4rRk3iaJ1fx8E8`,
    `$pbkdf2-sha256$i=2000000$${salt}$UiE93DKHCf/y/Em2cF0a9UkfQi20x4rRk3iaJ1fx8E8`,
    '$argon2id$v=19$m=262144,t=4,p=1$YX5+S9bnPyiMQcLKZh4/Ig$GZ3R37ocDpgxeVaKIDyduPX1qutEUeSuB76pWNX0TcE',
  ])
    expect(readStoredHash(text)).not.toBeNull()
})

it('every scrypt hash that is read can be computed', () => {
  const costs = [1, 2, 15, 16, 17].flatMap((ln) =>
    [1, 2, 8, 99].flatMap((r) => [1, 2, 99].map((p) => `$scrypt$ln=${ln},r=${r},p=${p}$`)),
  )
  const read = costs.flatMap(
    (cost) => readStoredHash(`${cost}${salt}$UiE93DKHCf/y/Em2cF0a9UkfQi20x4rRk3iaJ1fx8E8`) ?? [],
  )
  // The dearest ones differ in their cost only.
  const cheap = read.filter(({ work }) => work <= 2 ** 17)
  expect(cheap.map(({ kind }) => kind)).toContain('$scrypt$ln=15,r=1,p=1$')
  expect(cheap.map(({ kind }) => kind)).toContain('$scrypt$ln=16,r=2,p=1$')
  for (const hash of cheap) expect(hash.matches(password)).toBe(false)
})

it.each([
  ['of an impossible length', 'AAAAAAAAAAAAA'],
  ['with bits after its last byte', 'AAAAAAAAAAB'],
])('argon2 with a salt %s is not read', (_, broken) => {
  const hash = 'wbCh7h6XV6bXBBn2fkYpBnNB/xyBWZTxeF9Gys5W1fM'
  expect(readStoredHash(`$argon2id$v=19$m=65536,t=3,p=4$AAAAAAAAAAA$${hash}`)).not.toBeNull()
  expect(readStoredHash(`$argon2id$v=19$m=65536,t=3,p=4$${broken}$${hash}`)).toBeNull()
})

it('of a PBKDF2 hash the first block is compared, so that its length costs nothing', () => {
  const long = 'pbkdf2:sha1:1000$Salt0123$'
  const hex = pbkdf2Sync(password, 'Salt0123', 1000, 64, 'sha1').toString('hex')
  expect(readStoredHash(long + hex)?.matches(password)).toBe(true)
  const other = hex.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))
  expect(readStoredHash(long + other)?.matches(password)).toBe(false)
  expect(readStoredHash(long + hex)?.work).toBe(1000)
  const short = readStoredHash(long + hex.slice(0, 40))
  expect(short?.matches(password)).toBe(true)
})

it.each([
  ['$2b$10$', '.'.repeat(53), 'bcrypt', 1024],
  [
    '$scrypt$ln=14,r=8,p=2$',
    `${salt}$UiE93DKHCf/y/Em2cF0a9UkfQi20x4rRk3iaJ1fx8E8`,
    'scrypt',
    262_144,
  ],
  [
    '$pbkdf2-sha512$i=1000$',
    `${salt}$UiE93DKHCf/y/Em2cF0a9UkfQi20x4rRk3iaJ1fx8E8`,
    'pbkdf2-sha512',
    1000,
  ],
  [
    '$argon2id$v=19$m=19456,t=2,p=1$',
    'YX5+S9bnPyiMQcLKZh4/Ig$GZ3R37ocDpgxeVaKIDyduPX1qutEUeSuB76pWNX0TcE',
    'argon2',
    38_912,
  ],
  ['md5$', '$b398c549422ffc04edcbcc3ef78341ff', 'digest', 0],
])('%s has its work', (kind, rest, scheme, work) => {
  expect(readStoredHash(kind + rest)).toMatchObject({ kind, scheme, work })
})

it('any work of any scheme can be spent, and is estimated', () => {
  for (const scheme of [
    'argon2',
    'bcrypt',
    'scrypt',
    'pbkdf2-sha1',
    'pbkdf2-sha256',
    'pbkdf2-sha512',
  ])
    for (const work of [-5, 0, 1, 7, 31, 33, 1023]) spendWork({ [scheme]: work }, password)
  expect(estimateMs({})).toBe(0)
  expect(estimateMs({ argon2: 38_912, bcrypt: 2048 })).toBe(20 + 150)
})

it.each(['\u0000', '\u0007', '😀', 'ä', ' ', '\ud800', '$'])(
  'a written salt with %j is not read',
  (letter) => {
    for (const text of [
      `md5$a${letter}b$b398c549422ffc04edcbcc3ef78341ff`,
      `pbkdf2_sha256$1000$a${letter}b$UiE93DKHCf/y/Em2cF0a9UkfQi20x4rRk3iaJ1fx8E8`,
      `pbkdf2:sha256:1000$a${letter}b$${'0'.repeat(64)}`,
    ])
      expect(readStoredHash(text)).toBeNull()
  },
)

it('a number with a zero before it is not read, which would be another kind of one cost', () => {
  expect(
    readStoredHash(`$pbkdf2-sha256$i=01000$${salt}$UiE93DKHCf/y/Em2cF0a9UkfQi20x4rRk3iaJ1fx8E8`),
  ).toBeNull()
  expect(
    readStoredHash(`$scrypt$ln=04,r=8,p=1$${salt}$UiE93DKHCf/y/Em2cF0a9UkfQi20x4rRk3iaJ1fx8E8`),
  ).toBeNull()
})
