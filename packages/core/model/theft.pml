/*
 * A client, and a thief who at some moment copies the token that the client holds. Each acts when it likes, so the
 * thief may come first or second, at once or after any time, more than once or with any token that it has got. A
 * reply to the client may be lost or late. The verb is a transaction, so one process makes all interleavings. Each of the
 * two may also have a call that has read the newest token and is decided at any later time. Only there the read matters.
 *
 * A round is a refresh that the client completed after the thief has used the session. After NOTICED_WITHIN rounds in
 * which no call of the one overlaps an exchange by the other, the session has ended, or the thief has no token that is
 * accepted.
 */
#ifndef NOTICED_WITHIN
#define NOTICED_WITHIN 5
#endif

#define CLIENT 0
#define REPLY 1
/* A call that has read the session. */
#define CLIENT_CALL 2
#define THIEF_CALL 3

/* Whether the thief made the exchange that issued the newest generation. */
bool exchangedByThief;
bool copied, thiefUsed, isOverlapping;
/* A call of the one overlapped an exchange by the other. The next reply to the client completes no round. */
bool isShared;
byte rounds, age, variant;

inline learn(token) {
  /* The client's token is at most the grandparent. */
  known[token.age] = known[token.age] | (1 << token.variant)
}

/*
 * `refresh` by one of the two. Where it overlaps the other's exchange, both have the same token, and the rounds are
 * counted from the next reply to the client on. Where it overlaps an exchange of its own, it gets the token that this one got, and is no use.
 */
inline present(wasNewest, byThief) {
  isOverlapping = wasNewest && age == 1 && variant == EXCHANGED;
  if
  :: age == 0 -> exchangedByThief = byThief
  :: isOverlapping && exchangedByThief != byThief -> rounds = 0; isShared = true
  :: else
  fi;
  refresh(age, variant, wasNewest);
  if
  :: reply == ISSUED && byThief && !isOverlapping -> thiefUsed = true
  :: else
  fi;
  isOverlapping = false
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
    drop(REPLY);
    drop(CLIENT_CALL);
    drop(THIEF_CALL)
  }
  do
  :: d_step { session.alive -> /* The client refreshes, for the first time or because no reply came. */
      age = held[CLIENT].age;
      variant = held[CLIENT].variant;
      drop(CLIENT_CALL); /* It does not listen any more to a call that it gave up. */
      present(false, false);
      if
      :: reply == ISSUED -> hold(REPLY, issued)
      :: else
      fi;
      forget()
    }
  :: d_step { session.alive && held[CLIENT].age == 0 && held[CLIENT_CALL].age == NONE -> /* A call of the client reads. */
      hold(CLIENT_CALL, held[CLIENT])
    }
  :: d_step { session.alive && held[CLIENT_CALL].age != NONE -> /* It is decided. */
      age = held[CLIENT_CALL].age;
      variant = held[CLIENT_CALL].variant;
      drop(CLIENT_CALL);
      present(true, false);
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
      :: thiefUsed && !isShared -> rounds++
      :: else
      fi;
      thiefUsed = false;
      isShared = false;
      assert(rounds <= NOTICED_WITHIN)
    }
  :: d_step { !copied -> copied = true; learn(held[CLIENT]) }
  :: atomic { session.alive && copied -> /* The thief uses one of its tokens. */
      select(age : 0 .. 2);
      select(variant : 0 .. MAX_VARIANTS - 1);
      if
      :: d_step { known[age] & (1 << variant) ->
          present(false, true);
          if
          :: reply == ISSUED -> learn(issued)
          :: else
          fi
        }
      :: d_step { age == 0 && (known[0] & (1 << variant)) && held[THIEF_CALL].age == NONE -> /* A call of the thief reads. */
          held[THIEF_CALL].age = 0;
          held[THIEF_CALL].variant = variant
        }
      :: else
      fi;
      forget()
    }
  :: d_step { session.alive && held[THIEF_CALL].age != NONE -> /* It is decided. */
      age = held[THIEF_CALL].age;
      variant = held[THIEF_CALL].variant;
      drop(THIEF_CALL);
      present(true, true);
      if
      :: reply == ISSUED -> learn(issued)
      :: else
      fi;
      forget()
    }
  :: d_step { session.alive -> passTime() }
  :: !session.alive -> break
  od
}
