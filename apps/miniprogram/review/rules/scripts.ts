import type { Occurrence, ScriptFacts } from '../facts/read-script.ts'
import { type Finding, type Rule, rules } from '../finding.ts'

export function findCodeFromStrings(facts: ScriptFacts[]): Finding[] {
  return facts.flatMap((fact) =>
    fact.codeFromStrings.map((seen) => at(rules.strings, seen, seen.what)),
  )
}

const withdrawn = ['getUserProfile', 'getUserInfo']

export function findWithdrawn(facts: ScriptFacts[]): Finding[] {
  const calls = facts.flatMap((fact) => fact.apis).filter((seen) => withdrawn.includes(seen.what))
  return calls.map((seen) => at(rules.withdrawn, seen, `wx.${seen.what}`))
}

/** @param allowed hosts with their port, if any: `api.example.com`, `api.example.com:8443` */
export function findDomains(facts: ScriptFacts[], allowed: string[]): Finding[] {
  return facts
    .flatMap((fact) => fact.addresses)
    .flatMap((seen) => {
      const fault = faultOfAddress(seen.what, allowed)
      return fault ? [at(rules.domains, seen, `${seen.what} ${fault}`)] : []
    })
}

function faultOfAddress(address: string, allowed: string[]): string | null {
  if (!URL.canParse(address)) return 'is no address'
  const { protocol, hostname, host } = new URL(address)
  if (protocol !== 'https:' && protocol !== 'wss:') return 'is not encrypted'
  if (/^[\d.]+$|^\[|^localhost$/.test(hostname)) return 'is no host by name'
  if (hostname === 'api.weixin.qq.com') return 'is for servers only'
  return allowed.includes(host) ? null : 'is not in the allow-list'
}

/** A script that looks at envVersion and holds an address may pick it by that. */
export function findEnvironments(facts: ScriptFacts[]): Finding[] {
  return facts
    .filter((fact) => fact.addresses.length > 0)
    .flatMap((fact) => fact.environments)
    .map((seen) => at(rules.environment, seen, 'is looked at beside an address'))
}

export function at(rule: Rule, { file, line, column }: Occurrence, detail: string): Finding {
  return { rule, file, line, column, detail }
}
