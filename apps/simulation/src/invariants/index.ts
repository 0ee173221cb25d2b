import type { Observer } from '../world/observers.ts'
import type { World } from '../world/world.ts'
import { acknowledged } from './acknowledged.ts'
import { attackerReach } from './attacker-reach.ts'
import { bindingsHold, usersAgree } from './bindings-agree.ts'
import { codeOnce } from './code-once.ts'
import { deletedLeavesNothing } from './deleted-leaves-nothing.ts'
import { endedStaysEnded } from './ended-stays-ended.ts'
import { eventsTold } from './events-told.ts'
import { everybodyGetsIn } from './everybody-gets-in.ts'
import { guessing } from './guessing.ts'
import type { Invariant } from './invariant.ts'
import { keepsProfile } from './keeps-profile.ts'
import { leavesALine } from './leaves-a-line.ts'
import { limitsHold } from './limits.ts'
import { limitsCount } from './limits-count.ts'
import { limitsSpare } from './limits-spare.ts'
import { mergesKeep } from './merges-keep.ts'
import { noHanging } from './no-hanging.ts'
import { numberOfOwner } from './number-of-owner.ts'
import { ownProof } from './own-proof.ts'
import { ownReply } from './own-reply.ts'
import { ownUser } from './own-user.ts'
import { phoneManners } from './phone-manners.ts'
import { phoneSignedIn, signOutHolds } from './phone-state.ts'
import { phoneWaits } from './phone-waits.ts'
import { currentPassword, ticketOnce } from './proofs.ts'
import { closedReasons } from './refusals.ts'
import { refusedRightly } from './refused-rightly.ts'
import { sessionTime } from './session-time.ts'
import { endedSessionsGo, nobodyIsSignedOut } from './sessions-agree.ts'
import { shownTruly } from './shown-truly.ts'
import { onePerson, shutOutStaysOut } from './silent-link.ts'
import { tokensRotate } from './tokens-rotate.ts'
import { undoGivesBack } from './undo-gives-back.ts'
import { wayIn } from './way-in.ts'

const noSurprise: Invariant = {
  name: 'no-surprise',
  sentence:
    'Nothing reads the clock, the timers or the chance of the machine, and no error is left unhandled.',
  sees: 'after',
  watch: () => ({}),
}

export const invariants: readonly Invariant[] = [
  ownUser,
  ownReply,
  shownTruly,
  endedStaysEnded,
  shutOutStaysOut,
  onePerson,
  ownProof,
  currentPassword,
  numberOfOwner,
  ticketOnce,
  codeOnce,
  endedSessionsGo,
  nobodyIsSignedOut,
  sessionTime,
  tokensRotate,
  bindingsHold,
  usersAgree,
  acknowledged,
  leavesALine,
  mergesKeep,
  undoGivesBack,
  eventsTold,
  deletedLeavesNothing,
  wayIn,
  everybodyGetsIn,
  attackerReach,
  guessing,
  limitsHold,
  limitsCount,
  limitsSpare,
  closedReasons,
  refusedRightly,
  phoneSignedIn,
  signOutHolds,
  phoneManners,
  phoneWaits,
  keepsProfile,
  noHanging,
  noSurprise,
]

/** The observers of all invariants: those that see the oracle before a verb, and those that see it after. */
export function createInvariants(world: World): { before: Observer[]; after: Observer[] } {
  const watch = (sees: Invariant['sees']) =>
    invariants
      .filter((invariant) => invariant.sees === sees)
      .map((invariant) => invariant.watch(world, (detail) => world.fail(invariant.name, detail)))
  return { before: watch('before'), after: watch('after') }
}
