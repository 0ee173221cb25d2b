import type { Occurrence, ScriptFacts } from '../facts/read-script.ts'
import { type Finding, type Rule, rules } from '../finding.ts'

export function findCodeFromStrings(facts: ScriptFacts[]): Finding[] {
  return facts.flatMap((fact) =>
    fact.codeFromStrings.map((use) => at(rules.strings, use, use.name)),
  )
}

const withdrawn = ['getUserProfile', 'getUserInfo']

export function findWithdrawn(facts: ScriptFacts[]): Finding[] {
  const calls = facts.flatMap((fact) => fact.apis).filter((api) => withdrawn.includes(api.name))
  return calls.map((call) => at(rules.withdrawn, call, `wx.${call.name}`))
}

/** @param allowed hosts with their port, if any: `api.example.com`, `api.example.com:8443` */
export function findDomains(facts: ScriptFacts[], allowed: string[]): Finding[] {
  return facts
    .flatMap((fact) => fact.addresses)
    .flatMap((address) => {
      const problem = problemOfAddress(address.name, allowed)
      return problem ? [at(rules.domains, address, `${address.name} ${problem}`)] : []
    })
}

function problemOfAddress(address: string, allowed: string[]): string | null {
  if (!URL.canParse(address)) return 'is not an address'
  const { protocol, hostname, host } = new URL(address)
  if (protocol !== 'https:' && protocol !== 'wss:') return 'is not encrypted'
  if (/^[\d.]+$|^\[|^localhost$/.test(hostname)) return 'has no host name'
  if (hostname === 'api.weixin.qq.com') return 'is for servers only'
  return allowed.includes(host) ? null : 'is not in the allow-list'
}

/** A script that reads envVersion and contains an address may choose the address by it. */
export function findEnvironments(facts: ScriptFacts[]): Finding[] {
  return facts
    .filter((fact) => fact.addresses.length > 0)
    .flatMap((fact) => fact.environments)
    .map((use) => at(rules.environment, use, 'is read in a script with an address'))
}

export function at(rule: Rule, { file, line, column }: Occurrence, detail: string): Finding {
  return { rule, file, line, column, detail }
}
