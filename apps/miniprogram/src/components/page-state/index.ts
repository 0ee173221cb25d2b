import { openSignIn } from '../../session/open-sign-in.ts'

/** What a page shows without its content: a skeleton, an invitation to sign in, or a failure. */
Component({
  properties: {
    /** loading | guest | failed | ready */
    view: { type: String, value: 'loading' },
    /** `{ text, trace, action }` */
    failure: Object,
    busy: Boolean,
    avatar: Boolean,
    rows: { type: Number, value: 4 },
    /** Says what the page shows after sign-in. */
    invitation: String,
    testid: { type: String, value: 'guest-sign-in' },
  },
  methods: {
    signIn() {
      openSignIn()
    },
    retry() {
      this.triggerEvent('retry')
    },
  },
})
