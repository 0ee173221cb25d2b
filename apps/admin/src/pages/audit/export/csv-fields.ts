import type { AdminOutput } from '../../../service/trpc-client.ts'

type AuditEntry = AdminOutput['audit']['list']['items'][number]

/** Names of action and outcome codes in the language of the console. */
export interface CodeNames {
  /** The name of an action; its code if it is unknown. */
  action(code: string): string
  /** The name of an outcome; its code if it is unknown. */
  outcome(code: string): string
}

export function csvFields(entry: AuditEntry, names: CodeNames): readonly unknown[] {
  const { id, at, action, outcome, userId, operatorId, appId, address, device, count } = entry
  const origin = [userId, operatorId, appId, address, device, count]
  return [id, at, action, names.action(action), outcome, names.outcome(outcome), ...origin]
}
