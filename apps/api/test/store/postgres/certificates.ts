import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The user as whom a cluster runs where the tests run as root. */
const nobody = 65_534

export interface Certificates {
  /** The authority that signed the server's certificate, and one that did not. */
  readonly authority: string
  readonly otherAuthority: string
  /** The server's, for the name `localhost` alone. */
  readonly certificate: string
  readonly key: string
  remove(): void
}

/** Makes certificates for a test, by openssl. */
export function makeCertificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), 'mianmi-certificates-'))
  const file = (name: string): string => join(folder, name)
  const openssl = (...args: string[]): void =>
    void execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  for (const name of ['authority', 'other'])
    openssl(
      ...['req', '-x509', ...ec, '-days', '2', '-subj', `/CN=${name}`],
      ...['-keyout', `${name}.key`, '-out', `${name}.pem`],
    )
  openssl('req', ...ec, '-subj', '/CN=localhost', '-keyout', 'server.key', '-out', 'server.csr')
  writeFileSync(file('names'), 'subjectAltName=DNS:localhost')
  openssl(
    ...['x509', '-req', '-in', 'server.csr', '-CA', 'authority.pem', '-CAkey', 'authority.key'],
    ...['-CAcreateserial', '-days', '2', '-extfile', 'names', '-out', 'server.pem'],
  )
  chmodSync(folder, 0o755)
  chmodSync(file('server.key'), 0o600)
  if (process.getuid?.() === 0) chownSync(file('server.key'), nobody, nobody)
  return {
    authority: file('authority.pem'),
    otherAuthority: file('other.pem'),
    certificate: file('server.pem'),
    key: file('server.key'),
    remove: () => rmSync(folder, { recursive: true }),
  }
}
