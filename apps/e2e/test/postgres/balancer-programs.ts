import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'

/** The proxies of which `deploy/` has an example. */
function createCertificate(folder: string): { certificate: string; key: string } {
  const [certificate, key] = [join(folder, 'mianmi.crt'), join(folder, 'mianmi.key')]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  const form = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject]
  execFileSync('openssl', [...form, '-keyout', key, '-out', certificate], { stdio: 'ignore' })
  return { certificate, key }
}

/** The example of the repository, with the addresses of the test. Each replaced text must be there. */
function example(name: string, changes: Readonly<Record<string, string>>): string {
  const path = fileURLToPath(new URL(`../../../../deploy/${name}`, import.meta.url))
  let text = readFileSync(path, 'utf8')
  for (const [from, to] of Object.entries(changes)) {
    expect(text).toContain(from)
    text = text.replaceAll(from, to)
  }
  return text
}

export interface Balancer {
  readonly name: string
  readonly isInstalled: boolean
  /** Writes its configuration, and returns the command that runs it in the foreground. */
  configure(setting: Setting): string[]
}

interface Setting {
  readonly folder: string
  readonly port: number
  /** Host and port of the two nodes. */
  readonly addresses: readonly string[]
  /** The network that may open the console and the metrics. */
  readonly inside: string
}

const isInstalled = (program: string, ...args: string[]): boolean =>
  spawnSync(program, args).error === undefined

export const haproxy: Balancer = {
  name: 'HAProxy',
  isInstalled: isInstalled('haproxy', '-v'),
  configure({ folder, port, addresses: [one = '', two = ''], inside }) {
    const { certificate, key } = createCertificate(folder)
    const pem = join(folder, 'mianmi.pem')
    writeFileSync(pem, readFileSync(certificate, 'utf8') + readFileSync(key, 'utf8'))
    const text = example('haproxy.cfg', {
      ':443': `127.0.0.1:${port}`,
      '/etc/haproxy/mianmi.pem': pem,
      '10.0.0.11:3000': one,
      '10.0.0.12:3000': two,
      '10.0.0.0/8': inside,
    })
    const path = join(folder, 'haproxy.cfg')
    writeFileSync(path, text)
    return ['haproxy', '-db', '-f', path]
  },
}

export const nginx: Balancer = {
  name: 'nginx',
  isInstalled: isInstalled('nginx', '-v'),
  configure({ folder, port, addresses: [one = '', two = ''], inside }) {
    const { certificate, key } = createCertificate(folder)
    const text = example('nginx.conf', {
      'listen 443': `listen 127.0.0.1:${port}`,
      '/etc/nginx/mianmi.crt': certificate,
      '/etc/nginx/mianmi.key': key,
      '10.0.0.11:3000': one,
      '10.0.0.12:3000': two,
      '10.0.0.0/8': inside,
    })
    const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (kind) => `${kind}_temp_path ${join(folder, kind)};`,
    )
    const path = join(folder, 'nginx.conf')
    writeFileSync(
      path,
      `daemon off; pid ${join(folder, 'pid')}; error_log stderr;
events {}
http { access_log off; ${paths.join(' ')}
${text}
}`,
    )
    return ['nginx', '-p', folder, '-c', path]
  },
}

export const caddy: Balancer = {
  name: 'Caddy',
  isInstalled: isInstalled('caddy', 'version'),
  configure({ folder, port, addresses: [one = '', two = ''], inside }) {
    const { certificate, key } = createCertificate(folder)
    const text = example('Caddyfile', {
      'mianmi.example.com {': `https://localhost:${port} {\n  tls ${certificate} ${key}`,
      '10.0.0.11:3000': one,
      '10.0.0.12:3000': two,
      '10.0.0.0/8': inside,
    })
    const path = join(folder, 'Caddyfile')
    // Without its interface for changes, and without its redirect from port 80.
    const options = 'admin off\n  auto_https disable_redirects'
    writeFileSync(path, `{\n  ${options}\n}\n${text}`)
    // It keeps its state in the home folder otherwise.
    const state = [`XDG_CONFIG_HOME=${folder}`, `XDG_DATA_HOME=${folder}`]
    return ['env', ...state, 'caddy', 'run', '--adapter', 'caddyfile', '--config', path]
  },
}
