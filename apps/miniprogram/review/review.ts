import { type MarkupFacts, readMarkup } from './facts/read-markup.ts'
import { readScript, type ScriptFacts } from './facts/read-script.ts'
import type { Finding } from './finding.ts'
import { type PackageFiles, readPackage } from './package-files.ts'
import { findMissing } from './rules/files.ts'
import { findForcedSignIn, findHostsByEnvironment, type GuestReply } from './rules/guest-visits.ts'
import { findUndeclaredLocation } from './rules/location.ts'
import { findUndeclaredPrivacy } from './rules/privacy.ts'
import {
  findCodeFromStrings,
  findDomains,
  findEnvironments,
  findWithdrawn,
} from './rules/scripts.ts'
import { findOverweight } from './rules/size.ts'
import { findUnknownTags, findWithdrawnButtons } from './rules/tags.ts'
import { compileWithWeChat } from './wechat-compiler.ts'

export interface ReviewOptions {
  /** Hosts of the request allow-list in WeChat's console, with their port if it is not 443. */
  allowedHosts: string[]
  /** The service's reply to a guest. By default the service cannot be reached. */
  reply?: GuestReply
}

export interface Review {
  findings: Finding[]
  files: number
  pages: number
  /** What could not be checked on this machine, with the reason. */
  skipped: string[]
}

/**
 * Checks a built mini program by the rules of WeChat's review and of devices (`finding.ts`).
 *
 * @throws Error when the folder has no mini program that can be read
 */
export async function reviewPackage(root: string, options: ReviewOptions): Promise<Review> {
  const files = readPackage(root)
  const scripts = readAll(files, '.js', readScript)
  const markup = readAll(files, '.wxml', readMarkup)
  const compiled = compileWithWeChat(files)
  const findings = [
    ...findMissing(files),
    ...findOverweight(files),
    ...compiled.findings,
    ...findUnknownTags(files, markup),
    ...findCodeFromStrings(scripts),
    ...findDomains(scripts, options.allowedHosts),
    ...findUndeclaredPrivacy(files, scripts, markup),
    ...findUndeclaredLocation(files, scripts),
    ...findWithdrawn(scripts),
    ...findWithdrawnButtons(markup),
    ...(await findByRunning(files, scripts, options.reply ?? (() => undefined))),
  ]
  return {
    findings,
    files: files.all.length,
    pages: files.pages.length,
    skipped: compiled.skipped ? [compiled.skipped] : [],
  }
}

/** Rules that run the mini program. Code from strings throws in the bare runtime, as on a phone. */
async function findByRunning(
  files: PackageFiles,
  scripts: ScriptFacts[],
  reply: GuestReply,
): Promise<Finding[]> {
  return [
    ...findEnvironments(scripts),
    ...(await findForcedSignIn(files, reply)),
    ...(await findHostsByEnvironment(files, reply)),
  ]
}

function readAll<T extends ScriptFacts | MarkupFacts>(
  files: PackageFiles,
  kind: string,
  reader: (file: string, text: string) => T,
): T[] {
  return files.all
    .filter((file) => file.endsWith(kind))
    .map((file) => reader(file, files.text(file)))
}
