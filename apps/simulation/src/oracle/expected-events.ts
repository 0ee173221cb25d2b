import type { CommittedVerb } from '../world/server/service.ts'
import { keyOf, type Model, type ModelBinding, type ModelUser } from './model.ts'

/** An event that is to be sent to webhooks. */
export interface ExpectedEvent {
  readonly type: string
  readonly userId: string
  /** What else the event names: app and openid, a session, or the merged user. */
  readonly about: string
  /** In whose order it is sent. */
  person: string
  /** Of one verb, in any order. */
  readonly verb: number
  /** When the verb was committed, in ms since the epoch. */
  readonly at: number
  /** Whether a receiver may get it, and need not: of a merge with a user who is deleted. */
  isOptional: boolean
}

export interface ExpectedEvents {
  /** What waits for the receiver, in the order of the verbs. */
  readonly waiting: ExpectedEvent[]
  /** Takes down what a verb has changed in the model. */
  note(verb: CommittedVerb): void
}

interface KnownUser extends Pick<ModelUser, 'account' | 'nickname' | 'isDisabled'> {
  readonly bindings: readonly ModelBinding[]
}

const factsOf = ({ account, nickname, isDisabled, bindings }: ModelUser): KnownUser => ({
  ...{ account, nickname, isDisabled },
  bindings: [...bindings.values()],
})

/** Of most users a verb changes nothing. */
function isAsKnown(user: ModelUser, known: KnownUser | undefined): boolean {
  return (
    known !== undefined &&
    user.account === known.account &&
    user.nickname === known.nickname &&
    user.isDisabled === known.isDisabled &&
    user.bindings.size === known.bindings.length &&
    known.bindings.every((binding) => user.bindings.get(binding.appId) === binding)
  )
}

const has = (known: KnownUser | undefined, { appId, openid }: ModelBinding): boolean =>
  known?.bindings.some((each) => each.appId === appId && each.openid === openid) === true

/** Which events follow from the changes of the model, as `webhook-event.ts` of core says. */
export function createExpectedEvents(model: Model, now: () => number): ExpectedEvents {
  const users = new Map<string, KnownUser>()
  const ended = new Set<string>()
  const expiresAt = new Map<string, number>()
  const merges = new Map<string, { keptId: string; goneId: string }>()
  const waiting: ExpectedEvent[] = []
  let verbs = 0
  const expect = (type: string, userId: string, about = ''): void => {
    const order = { person: userId, verb: verbs, at: now() }
    waiting.push({ type, userId, about, ...order, isOptional: false })
  }
  const noteSessions = (): void => {
    for (const { id, userId, appId, ended: why } of model.sessions.values()) {
      if (why === null || ended.has(id)) continue
      ended.add(id)
      const isEarly = why !== 'expired' && (expiresAt.get(id) ?? 0) > now()
      if (isEarly && model.users.has(userId)) expect('session.ended', userId, `${appId} ${id}`)
    }
  }
  const noteUser = (id: string, before: KnownUser | undefined, after: KnownUser): void => {
    if (before === undefined) expect('user.created', id)
    else if (before.account !== after.account || before.nickname !== after.nickname)
      expect('user.updated', id)
    if ((before?.isDisabled ?? false) !== after.isDisabled)
      expect(after.isDisabled ? 'user.disabled' : 'user.enabled', id)
    for (const binding of after.bindings)
      if (!has(before, binding)) expect('identity.bound', id, keyOf(binding))
    for (const binding of before?.bindings ?? [])
      if (!has(after, binding)) expect('identity.unbound', id, keyOf(binding))
  }
  const noteRemoved = (): void => {
    const gone = [...users.keys()].filter((id) => !model.users.has(id))
    const deleted = gone.filter((id) => model.removed.get(id) !== 'merged')
    for (const id of gone) users.delete(id)
    if (deleted.length > 0) forget(waiting, deleted)
    const [first = ''] = deleted
    for (const id of deleted) {
      expect('user.deleted', id)
      for (const event of waiting.slice(-1)) event.person = first
    }
  }
  const readUsers = (isTold: boolean): void => {
    for (const [id, user] of model.users) {
      const known = users.get(id)
      if (isAsKnown(user, known)) continue
      const facts = factsOf(user)
      if (isTold) noteUser(id, known, facts)
      users.set(id, facts)
    }
  }
  return {
    waiting,
    note({ name, args, result }) {
      verbs += 1
      noteExpiry(expiresAt, args, result)
      noteRemoved()
      noteSessions()
      const isMerge = name === 'merges.merge' && typeof result !== 'string'
      const isUndo = name === 'merges.undo' && result === 'undone'
      readUsers(!isMerge && !isUndo)
      if (isMerge) {
        const { kept, gone } = result as Record<'kept' | 'gone', { id: string }>
        merges.set((result as { id: string }).id, { keptId: kept.id, goneId: gone.id })
        for (const event of waiting) if (event.person === gone.id) event.person = kept.id
        expect('user.merged', kept.id, gone.id)
      }
      const undone = isUndo && merges.get(String(args[0]))
      if (undone) expect('user.unmerged', undone.keptId, undone.goneId)
    },
  }
}

/** Drops what is about users who are deleted. */
function forget(waiting: ExpectedEvent[], ids: readonly string[]): void {
  const isMerge = ({ type }: ExpectedEvent): boolean => type.endsWith('merged')
  for (const event of waiting)
    if (isMerge(event) && (ids.includes(event.person) || ids.includes(event.about)))
      event.isOptional = true
  const left = waiting.filter((event) => isMerge(event) || !ids.includes(event.userId))
  waiting.splice(0, waiting.length, ...left)
}

/** Keeps until when a session lives that a verb has opened or extended. */
function noteExpiry(
  expiresAt: Map<string, number>,
  args: readonly unknown[],
  result: unknown,
): void {
  const opened = (args[0] as { session?: { id?: string; expiresAt?: number } } | null)?.session
  const { status, session } = (result ?? {}) as {
    status?: string
    session?: { id: string; expiresAt: number }
  }
  if (status === 'bound' && opened?.id !== undefined)
    expiresAt.set(opened.id, opened.expiresAt ?? 0)
  if (session?.id !== undefined) expiresAt.set(session.id, session.expiresAt)
}
