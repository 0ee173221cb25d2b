import type { ScriptFacts } from '../facts/read-script.ts'
import { type Finding, rules } from '../finding.ts'
import type { PackageFiles } from '../package-files.ts'
import { at } from './scripts.ts'

/** The APIs that app.json must list, and the scope for which it must give a reason. */
const scopeOfApi: Record<string, string | null> = {
  getLocation: 'scope.userLocation',
  getFuzzyLocation: 'scope.userFuzzyLocation',
  onLocationChange: 'scope.userLocation',
  startLocationUpdate: 'scope.userLocation',
  startLocationUpdateBackground: 'scope.userLocation',
  chooseLocation: null,
  choosePoi: null,
  chooseAddress: null,
}

export function findUndeclaredLocation(files: PackageFiles, scripts: ScriptFacts[]): Finding[] {
  const { requiredPrivateInfos, permission } = files.app
  const uses = scripts.flatMap((one) => one.apis).filter((use) => use.name in scopeOfApi)
  const findings = uses.flatMap((use) => {
    const scope = scopeOfApi[use.name]
    const missing: string[] = []
    if (!requiredPrivateInfos.includes(use.name)) missing.push('requiredPrivateInfos')
    if (scope && !permission[scope]?.desc) missing.push(`permission["${scope}"].desc`)
    return missing.map((field) => at(rules.location, use, `wx.${use.name} is not in ${field}`))
  })
  const used = new Set(uses.map((use) => use.name))
  const unused = requiredPrivateInfos.filter((api) => !used.has(api))
  const inApp = { name: '', file: 'app.json', line: 0, column: 0 }
  findings.push(
    ...unused.map((api) => at(rules.location, inApp, `declares ${api}, which is not used`)),
  )
  if (
    requiredPrivateInfos.includes('getFuzzyLocation') &&
    requiredPrivateInfos.includes('getLocation')
  ) {
    findings.push(
      at(rules.location, inApp, 'declares exact and fuzzy location, which exclude each other'),
    )
  }
  return findings
}
