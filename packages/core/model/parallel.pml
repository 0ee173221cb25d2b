/*
 * A client whose calls refresh in parallel: each call takes the token that is stored when it begins, and stores the one
 * that it gets, whatever was stored in the meantime. Requests and replies may be lost. Calls come in bursts of at most
 * 60 s, and between two bursts more than 60 s pass. Each call is decided by a node that has read the session before. The
 * session never ends, and no call is refused. Where all calls of a burst present one token, and all have read before the
 * first one is decided, all get the same token.
 *
 * Bounds: two calls of each burst, and three of a burst where no second variant was forgiven within two generations and
 * the stored token is none.
 */
#define STORED CALLS

mtype = { WAITING, STARTED, READ, ANSWERED, DONE };
mtype state[CALLS];
byte call, age, variant, burst;
/* By call: the token was the newest one when the session was read. */
bool wasNewest[CALLS];
/* Whether this burst may have three calls. */
bool isCalm = true;
/* Whether all calls of this burst that have read presented the stored token, and found it the newest one. */
bool isJoint = true;

inline forget() {
  reply = 0;
  issued.age = 0;
  issued.variant = 0;
  age = 0;
  variant = 0;
  call = 0
}

inline finish(which) {
  state[which] = DONE;
  wasNewest[which] = false;
  drop(which)
}

init {
  d_step {
    open();
    for (call : 0 .. CALLS - 1) {
      state[call] = WAITING;
      drop(call)
    }
    call = 0;
    hold(STORED, issued)
  }
  do
  :: atomic {
      select(call : 0 .. CALLS - 1);
      if
      /* The calls differ in nothing, so they begin in order. */
      :: d_step { state[call] == WAITING && (call == 0 || state[call - 1] != WAITING) && (call < 2 || isCalm) ->
          state[call] = STARTED;
          hold(call, held[STORED])
        }
      :: d_step { state[call] == STARTED ->
          state[call] = READ;
          wasNewest[call] = (held[call].age == 0);
          isJoint = isJoint && wasNewest[call]
        }
      :: d_step { state[call] == READ ->
          age = held[call].age;
          variant = held[call].variant;
          refresh(age, variant, wasNewest[call]);
          assert(reply == ISSUED || reply == LOST);
          assert(!isJoint || issued.variant == 0 && issued.age == 0);
          if
          :: reply == ISSUED -> hold(call, issued); state[call] = ANSWERED
          :: else -> finish(call)
          fi
        }
      /* Calls that begin from now on present another token. */
      :: d_step { state[call] == ANSWERED -> hold(STORED, held[call]); finish(call); isJoint = false }
      :: d_step { state[call] == STARTED || state[call] == READ || state[call] == ANSWERED -> finish(call) }
      :: else
      fi;
      d_step { forget() }
    }
  :: d_step { burst < GRACE -> burst++; passTime() }
  :: d_step { /* The next burst. Calls that have no answer yet are given up. */
      isCalm = session.sinceForgiven > RUN && !(held[STORED].age == 1 && held[STORED].variant == ANOTHER);
      for (call : 0 .. CALLS - 1) {
        state[call] = WAITING;
        wasNewest[call] = false;
        drop(call)
      }
      call = 0;
      isJoint = true;
      passTime();
      passTime();
      passTime();
      burst = 0
    }
  od
}
