/*
 * A client, and a thief who at some moment copies the token that the client holds. Each acts when it likes, so the
 * thief may come first or second, at once or after any time, more than once or with any token that it has got. A
 * reply to the client may be lost or late. The verb is a transaction, so one process makes all interleavings.
 *
 * A round is a refresh that the client completed after the thief has used the session. After NOTICED_WITHIN rounds the
 * session has ended, or the thief has no token that is accepted.
 */
#ifndef NOTICED_WITHIN
#define NOTICED_WITHIN 5
#endif

#define CLIENT 0
#define REPLY 1

bool copied, thiefUsed;
byte rounds, age, variant;

inline learn(token) {
  /* The client's token is at most the grandparent. */
  known[token.age] = known[token.age] | (1 << token.variant)
}

/* What a step leaves behind makes no difference to the next one. */
inline forget() {
  reply = 0;
  issued.age = 0;
  issued.variant = 0;
  age = 0;
  variant = 0
}

init {
  d_step {
    open();
    hold(CLIENT, issued);
    drop(REPLY)
  }
  do
  :: d_step { session.alive -> /* The client refreshes, for the first time or because no reply came. */
      age = held[CLIENT].age;
      variant = held[CLIENT].variant;
      refresh(age, variant);
      if
      :: reply == ISSUED -> hold(REPLY, issued)
      :: else
      fi;
      forget()
    }
  :: d_step { session.alive && held[REPLY].age != NONE -> /* The reply comes. */
      hold(CLIENT, held[REPLY]);
      drop(REPLY);
      if
      :: thiefUsed -> rounds++; thiefUsed = false
      :: else
      fi;
      assert(rounds <= NOTICED_WITHIN)
    }
  :: d_step { !copied -> copied = true; learn(held[CLIENT]) }
  :: atomic { session.alive && copied -> /* The thief uses one of its tokens. */
      select(age : 0 .. 2);
      select(variant : 0 .. MAX_VARIANTS - 1);
      if
      :: d_step { known[age] & (1 << variant) ->
          refresh(age, variant);
          if
          :: reply == ISSUED -> learn(issued); thiefUsed = true
          :: else
          fi
        }
      :: else
      fi;
      forget()
    }
  :: d_step { session.alive -> passTime() }
  :: !session.alive -> break
  od
}
