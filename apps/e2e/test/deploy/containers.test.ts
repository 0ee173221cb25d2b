import { spawnSync } from 'node:child_process'
import { Deployment } from 'kubernetes-models/apps/v1'
import { Job } from 'kubernetes-models/batch/v1'
import { Ingress } from 'kubernetes-models/networking.k8s.io/v1'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1'
import { ConfigMap, Secret, Service } from 'kubernetes-models/v1'
import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { startStack } from '../stack.ts'
import { fromRoot, read, run } from './examples.ts'

const kinds = { ConfigMap, Deployment, Ingress, Job, PodDisruptionBudget, Secret, Service }
interface Manifest {
  readonly kind: keyof typeof kinds
}

const manifestsOf = (name: string): Manifest[] =>
  parseAllDocuments(read(`deploy/kubernetes/${name}.yaml`)).map((document) => document.toJS())
const manifests = ['mianmi', 'migrate', 'secret.example'].flatMap(manifestsOf)
const find = <K extends keyof typeof kinds>(kind: K) =>
  manifests.find((manifest) => manifest.kind === kind) as unknown as InstanceType<(typeof kinds)[K]>

const pod = find('Deployment').spec?.template.spec
const container = pod?.containers[0]
const dockerfile = read('deploy/Dockerfile')
const drainSeconds = Number(read('apps/api/src/main.ts').match(/drainMs = (\d+)_000/)?.[1])

/** Replaying needs root, and a kernel that lets it mount. */
const canMount = spawnSync('unshare', ['--mount', 'true']).status === 0

describe.skipIf(!canMount)('the Dockerfile', () => {
  it('makes a service that signs in on a read-only root as a user without rights', () => {
    const replayed = run(process.execPath, fromRoot('deploy/replay-dockerfile.mjs'), '--built')
    expect(replayed, replayed.output).toMatchObject({ code: 0 })
    expect(replayed.output).toContain('ok: signs in')
  })
})

describe('the manifests for Kubernetes', () => {
  it('match the schemas of Kubernetes', () => {
    expect(manifests.map(({ kind }) => kind).sort()).toEqual(Object.keys(kinds).sort())
    for (const manifest of manifests) {
      const model = new kinds[manifest.kind](manifest as never)
      expect(() => model.validate(), manifest.kind).not.toThrow()
    }
  })

  it('probe and publish paths that the service has', async () => {
    const { url } = await startStack()
    const { startupProbe, livenessProbe, readinessProbe } = container ?? {}
    for (const probe of [startupProbe, livenessProbe, readinessProbe]) {
      expect((await fetch(url + probe?.httpGet?.path)).status).toBe(200)
      expect(probe?.httpGet?.port).toBe('http')
    }
    const described = await fetch(`${url}/openapi.json`)
    const { paths } = (await described.json()) as { paths: Record<string, unknown> }
    const published = find('Ingress').spec?.rules?.[0]?.http?.paths.map(({ path = '' }) => path)
    const avatars = read('apps/api/src/http/avatars.ts').match(/'(\/avatars\/)/)?.[1]
    const known = [...Object.keys(paths), '/trpc/me', String(avatars)]
    for (const path of published ?? [])
      expect(
        known.some((route) => route.startsWith(path)),
        path,
      ).toBe(true)
    expect(published?.some((path) => /^\/(admin|metrics|v1)?$/.test(path))).toBe(false)
  })

  it('lead from the ingress to the port of the container, by the same names', () => {
    const service = find('Service')
    const labels = find('Deployment').spec?.template.metadata?.labels
    expect(service.spec?.selector).toEqual(labels)
    expect(find('PodDisruptionBudget').spec?.selector?.matchLabels).toEqual(labels)
    expect(service.spec?.ports?.[0]?.targetPort).toBe(container?.ports?.[0]?.name)
    expect(dockerfile).toContain(`EXPOSE ${container?.ports?.[0]?.containerPort}\n`)
    for (const { backend } of find('Ingress').spec?.rules?.[0]?.http?.paths ?? [])
      expect(backend.service).toEqual({ name: service.metadata?.name, port: { name: 'http' } })
  })

  it('leave the service the time to stop, after the node has been taken out', () => {
    const wait = Number(
      container?.lifecycle?.preStop?.exec?.command?.join(' ').match(/, (\d+)\)/)?.[1],
    )
    expect(wait).toBeGreaterThan(0)
    expect(pod?.terminationGracePeriodSeconds).toBeGreaterThan(wait / 1_000 + drainSeconds)
  })

  it('run every container as the user of the image, read-only and without capabilities', () => {
    for (const spec of [pod, find('Job').spec?.template.spec]) {
      const user = `${spec?.securityContext?.runAsUser}:${spec?.securityContext?.runAsGroup}`
      expect(dockerfile).toContain(`USER ${user}\n`)
      expect(spec?.containers[0]?.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      })
    }
  })

  it('the example of the secret has no value', () => {
    expect(new Set(Object.values(find('Secret').stringData ?? {}))).toEqual(new Set(['']))
  })
})

describe('the other ways to run the image', () => {
  it('compose.yaml has the service alone, and two nodes behind HAProxy', () => {
    const { services, volumes, networks } = parse(read('deploy/compose.yaml'), { merge: true })
    const namesOf = (profile: string) =>
      Object.keys(services).filter((name) => services[name].profiles.includes(profile))
    expect(namesOf('sqlite')).toEqual(['mianmi'])
    expect(namesOf('postgres')).toEqual(['node1', 'node2', 'postgres', 'haproxy'])
    for (const name of ['mianmi', 'node1', 'node2']) {
      const { read_only, cap_drop, stop_grace_period, environment } = services[name]
      expect({ read_only, cap_drop }).toEqual({ read_only: true, cap_drop: ['ALL'] })
      expect(Number.parseInt(stop_grace_period, 10)).toBeGreaterThan(drainSeconds)
      expect(networks.inside.ipam.config[0].subnet).toBe(environment.TRUST_PROXY)
    }
    expect(Object.keys(volumes)).toEqual(['data', 'postgres'])
    expect(services.mianmi.volumes).toEqual([`data:${dockerfile.match(/^VOLUME (.*)$/m)?.[1]}`])
  })

  it('the template for cloud hosting names the port of the image', () => {
    const { containerPort } = JSON.parse(read('deploy/container.config.json'))
    expect(dockerfile).toContain(`EXPOSE ${containerPort}\n`)
  })
})
