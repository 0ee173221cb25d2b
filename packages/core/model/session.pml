/*
 * The refresh tokens of mianmi's sessions, to be checked exhaustively by spin (https://spinroot.com).
 * docs/session-protocol.md explains the protocol, these models and their bounds; src/session/rotation.ts is the code.
 *
 *   spin -a -DLOSS session.pml && gcc -O2 -DSAFETY -o pan pan.c && ./pan -m1000000
 *
 * One of these selects the processes:
 *   LOSS      an honest client over a network that loses, repeats and delays messages, two nodes, and another device
 *   PARALLEL  an honest client whose calls refresh in parallel, each storing the token that it got
 *   THEFT     an honest client and a thief who copied its token once
 *
 * In all of them a node reads the session first, and exchanges the token in a second transaction. Where the token was
 * the newest one at the read, and was exchanged by another call since, the two calls overlap.
 *
 * These are deliberate faults, which spin finds:
 *   FAULT_NO_VARIANTS, FAULT_SHORT_RUN, FAULT_FORGIVE_ALWAYS, FAULT_LATE_REPEATS   with THEFT
 *   FAULT_OVERLAP_UNREAD, FAULT_OVERLAP_ANY_VARIANT                                with THEFT
 *   FAULT_END_ON_REPEAT, FAULT_NO_GRACE, FAULT_TWO_TRANSACTIONS                    with LOSS
 *   FAULT_NEVER_FORGIVE, FAULT_NO_OVERLAP                                          with PARALLEL
 *
 * Time passes in steps of 30 s. A generation is named by its age: 0 is the newest, 1 its parent, 2 its grandparent and
 * 3 any older one. So the number of generations is not bounded.
 */

#define ANCESTOR 3
/* No token. */
#define NONE 7
/* Of a generation that was exchanged, only this matters: whether a token is the exchanged variant. */
#define EXCHANGED 0
#define ANOTHER 1
/* 60 s. */
#define GRACE 2
/* Older than the grace, by whatever time. */
#define LONG_AGO 3

/* Bound: variants of one generation. A repeat that needed one more is lost. */
#ifndef MAX_VARIANTS
#define MAX_VARIANTS 6
#endif

/* Generations between two repeats of one run. */
#ifdef FAULT_SHORT_RUN
#define RUN 1
#else
#define RUN 2
#endif

typedef Token {
  byte age;
  byte variant
}

typedef Session {
  bool alive;
  byte variants;           /* of the newest generation */
  byte sinceRotated;       /* steps of 30 s */
  byte sinceRepeated;      /* generations */
  byte sinceForgiven;      /* generations */
  bool endedByUser
}

/* Bound: calls of one burst in PARALLEL. */
#ifndef CALLS
#define CALLS 3
#endif

#ifdef THEFT
#define TOKENS 4
#endif
#ifdef LOSS
#define TOKENS 6
#endif
#ifdef PARALLEL
#define TOKENS (CALLS + 1)
#endif

Session session;

/* Every token outside of the database: those of the client, of messages, and of nodes. They age when the session rotates. */
Token held[TOKENS];
#ifdef THEFT
/*
 * The variants that the thief knows, as bits, by the age of their generation. Left out are tokens that only end the
 * session: those of ancestors, and a variant of the grandparent that was not exchanged.
 */
byte known[3];
#endif

/*
 * The reply to a refresh. REFUSED: the session has ended. LATE: refused, and the session goes on. LOST: beyond a bound
 * of the model.
 */
mtype = { ISSUED, REFUSED, LATE, LOST };
mtype reply;
Token issued;
byte slot;

/* The generation of a token grows older. `exchanged` is the variant of the newest generation that was presented. */
inline grow(token, exchanged) {
  if
  :: token.age == 0 -> token.age = 1; token.variant = (token.variant == exchanged -> EXCHANGED : ANOTHER)
  :: token.age == 1 -> token.age = 2
  :: token.age == 2 -> token.age = ANCESTOR; token.variant = EXCHANGED
  :: else
  fi
}

inline rotate(exchanged) {
#ifdef THEFT
  known[2] = known[1] & (1 << EXCHANGED);
  known[1] = (known[0] >> exchanged) & 1;
  if
  :: known[0] & ~(1 << exchanged) -> known[1] = known[1] | (1 << ANOTHER)
  :: else
  fi;
  known[0] = 0;
#endif
  for (slot : 0 .. TOKENS - 1) {
    grow(held[slot], exchanged)
  }
  slot = 0;
  session.variants = 1;
  session.sinceRotated = 0;
  if
  :: session.sinceRepeated <= RUN -> session.sinceRepeated++
  :: else
  fi;
  if
  :: session.sinceForgiven <= RUN -> session.sinceForgiven++
  :: else
  fi;
  issued.age = 0;
  issued.variant = 0
}

/* See isInRun in rotation.ts. */
#define inRun (session.variants > 1 || (session.sinceRepeated > 0 && session.sinceRepeated <= RUN))

inline issueVariant() {
  if
  :: session.variants == MAX_VARIANTS -> reply = LOST
  :: else ->
    issued.age = 0;
    issued.variant = session.variants;
    session.variants++;
    session.sinceRepeated = 0
  fi
}

/* Outside of a run the answer is the token that was issued before. */
inline repeat(answerAge, answerVariant) {
  if
#ifndef FAULT_NO_VARIANTS
  :: inRun -> issueVariant()
#endif
  :: else ->
    issued.age = answerAge;
    issued.variant = answerVariant;
    session.sinceRepeated = 0
  fi
}

inline forgive() {
  issueVariant();
  if
  :: reply == ISSUED -> session.sinceForgiven = 0
  :: else
  fi
}

/* Two holders: the session ends. */
inline endByReuse() {
  session.alive = false;
  reply = REFUSED
}

#ifdef FAULT_FORGIVE_ALWAYS
#define forgiven true
#else
#ifdef FAULT_NEVER_FORGIVE
#define forgiven false
#else
#define forgiven (session.sinceForgiven == 0 || session.sinceForgiven > RUN)
#endif
#endif

#ifdef FAULT_NO_GRACE
#define inGrace false
#else
#define inGrace (session.sinceRotated <= GRACE)
#endif

/* Whether a late request is answered like other repeats. */
#ifdef FAULT_LATE_REPEATS
#define likeOthers true
#else
#define likeOthers false
#endif

#ifdef FAULT_NO_OVERLAP
#define overlaps(wasNewest, itsVariant) false
#else
#ifdef FAULT_OVERLAP_UNREAD
#define overlaps(wasNewest, itsVariant) (itsVariant == EXCHANGED)
#else
#ifdef FAULT_OVERLAP_ANY_VARIANT
#define overlaps(wasNewest, itsVariant) (wasNewest)
#else
#define overlaps(wasNewest, itsVariant) (wasNewest && itsVariant == EXCHANGED)
#endif
#endif
#endif

/* The store's verb: one transaction. `wasNewest`: the session was read while the token was the newest one. */
inline refresh(itsAge, itsVariant, wasNewest) {
  reply = ISSUED;
  if
  :: !session.alive -> reply = REFUSED
  :: session.alive && itsAge == 1 && overlaps(wasNewest, itsVariant) -> issued.age = 0; issued.variant = 0
  :: session.alive && itsAge == 0 -> rotate(itsVariant)
#ifdef FAULT_END_ON_REPEAT
  :: session.alive && itsAge == 1 && !(overlaps(wasNewest, itsVariant)) -> endByReuse()
#else
  :: session.alive && itsAge == 1 && !(overlaps(wasNewest, itsVariant)) ->
    if
    :: itsVariant == EXCHANGED -> repeat(0, 0)
    :: itsVariant == ANOTHER && forgiven -> forgive()
    :: itsVariant == ANOTHER && !(forgiven) -> endByReuse()
    fi
#endif
  :: session.alive && itsAge == 2 && itsVariant == EXCHANGED && inGrace ->
    if
    :: !inRun || likeOthers -> repeat(1, EXCHANGED)
    :: inRun && !likeOthers && forgiven -> forgive()
    :: inRun && !likeOthers && !(forgiven) -> reply = LATE
    fi
  :: session.alive && itsAge == 2 && !(itsVariant == EXCHANGED && inGrace) -> endByReuse()
  :: session.alive && itsAge == ANCESTOR -> endByReuse()
  fi
}

inline hold(holder, token) {
  held[holder].age = token.age;
  held[holder].variant = token.variant
}

inline drop(holder) {
  held[holder].age = NONE;
  held[holder].variant = 0
}

inline open() {
  session.alive = true;
  session.variants = 1;
  session.sinceRepeated = RUN + 1;
  session.sinceForgiven = RUN + 1
}

inline pass(timer) {
  if
  :: timer < LONG_AGO -> timer++
  :: else
  fi
}

inline passTime() {
  pass(session.sinceRotated)
}

#ifdef THEFT
#include "theft.pml"
#endif
#ifdef LOSS
#include "loss.pml"
#endif
#ifdef PARALLEL
#include "parallel.pml"
#endif
