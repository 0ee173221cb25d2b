/*
 * A client that refreshes one call at a time, over a network that loses, repeats and delays its requests and loses the
 * replies, and two nodes. Each node reads the session in one transaction and exchanges the token in another. Another
 * device of the user may end the session at any moment: signing out, revoking and disabling the user are that too.
 *
 * Bounds: a request is under way for at most 60 s, two at a time; an access token lives for at least 60 s, so the
 * client presents a token at the earliest 60 s after it got it.
 *
 * The session never ends but by the user, an ended one never comes back, and the client gets no refusal before.
 */
#define CLIENT 0
#define REPLY 1
/* Two requests on their way, and one at each node. */
#define FIRST_REQUEST 2
#define FIRST_NODE 4
#define REQUESTS 4

/* By their place: a request on its way, or at a node. */
byte late[REQUESTS];
bool wanted[REQUESTS];
/* By node: the token was the newest one when the node read the session. */
bool wasNewest[2];

/* The client waits for a reply; how long it has had its token, in steps of 30 s. */
bool asked;
byte sinceReceived = GRACE;

inline dropRequest(place) {
  drop(FIRST_REQUEST + place);
  late[place] = 0;
  wanted[place] = false
}

inline forget() {
  reply = 0;
  issued.age = 0;
  issued.variant = 0;
  slot = 0
}

/* The client does not listen any more to a request that it gave up. */
inline sendFrom(place) {
  for (slot : 0 .. REQUESTS - 1) {
    wanted[slot] = false
  }
  slot = 0;
  hold(FIRST_REQUEST + place, held[CLIENT]);
  wanted[place] = true;
  late[place] = 0;
  asked = true;
  drop(REPLY)
}

proctype Client() {
end:
  do
  :: d_step { held[FIRST_REQUEST].age == NONE && (asked || sinceReceived >= GRACE) && session.alive ->
      sendFrom(0)
    }
  :: d_step { held[FIRST_REQUEST + 1].age == NONE && (asked || sinceReceived >= GRACE) && session.alive ->
      sendFrom(1)
    }
  :: d_step { asked && held[REPLY].age != NONE ->
      hold(CLIENT, held[REPLY]);
      drop(REPLY);
      asked = false;
      sinceReceived = 0
    }
  :: d_step { held[REPLY].age != NONE -> drop(REPLY) } /* A reply is lost. */
  od
}

/*
 * A node takes the request of one place and reads the session; the network may deliver it once more, or to the other
 * node.
 */
inline take(node, place) {
  hold(FIRST_NODE + node, held[FIRST_REQUEST + place]);
  wasNewest[node] = (held[FIRST_REQUEST + place].age == 0);
  wanted[2 + node] = wanted[place];
  late[2 + node] = late[place]
}

#define idle(node) (held[FIRST_NODE + node].age == NONE)
#define sent(place) (held[FIRST_REQUEST + place].age != NONE)

proctype Node(byte node) {
  byte age, variant;
end:
  do
  :: d_step { idle(node) && sent(0) -> take(node, 0) }
  :: d_step { idle(node) && sent(0) -> take(node, 0); dropRequest(0) }
  :: d_step { idle(node) && sent(1) -> take(node, 1) }
  :: d_step { idle(node) && sent(1) -> take(node, 1); dropRequest(1) }
  :: d_step { !idle(node) ->
      age = held[FIRST_NODE + node].age;
      variant = held[FIRST_NODE + node].variant;
#ifdef FAULT_TWO_TRANSACTIONS
      /* The session that was read before is written as a whole. */
      session.alive = true;
#endif
      refresh(age, variant, wasNewest[node]);
      assert(reply != REFUSED || session.endedByUser);
      assert(reply != LATE || !wanted[2 + node]);
      if
      :: reply == ISSUED && wanted[2 + node] && asked && held[REPLY].age == NONE -> hold(REPLY, issued)
      :: else
      fi;
      dropRequest(2 + node);
      wasNewest[node] = false;
      age = 0;
      variant = 0;
      forget()
    }
  od
}

/* Where the session was read as ended, the node refuses at once. */
proctype Reads() {
end:
  do
  :: d_step { !session.alive && held[FIRST_NODE].age != NONE -> dropRequest(2); wasNewest[0] = false }
  :: d_step { !session.alive && held[FIRST_NODE + 1].age != NONE -> dropRequest(3); wasNewest[1] = false }
  od
}

proctype Time() {
  byte place;
end:
  do
  :: d_step {
      passTime();
      pass(sinceReceived);
      for (place : 0 .. REQUESTS - 1) {
        if
        :: held[FIRST_REQUEST + place].age == NONE
        :: held[FIRST_REQUEST + place].age != NONE && late[place] < GRACE -> late[place]++
        :: held[FIRST_REQUEST + place].age != NONE && late[place] == GRACE -> dropRequest(place)
        fi
      }
      place = 0
    }
  od
}

proctype OtherDevice() {
end:
  d_step { session.alive -> session.alive = false; session.endedByUser = true }
}

proctype EndedStaysEnded() {
end:
  d_step { session.alive && session.endedByUser -> assert(false) }
}

init {
  atomic {
    open();
    drop(REPLY);
    drop(FIRST_REQUEST);
    drop(FIRST_REQUEST + 1);
    drop(FIRST_NODE);
    drop(FIRST_NODE + 1);
    run Client();
    run Node(0);
    run Node(1);
    run Reads();
    run Time();
    run OtherDevice();
    run EndedStaysEnded()
  }
}
