import { openSignIn } from '../../session/open-sign-in.ts'

/** What a page shows while it has nothing to show: its grey shape, an invitation, or what failed. */
Component({
  properties: {
    /** loading | guest | failed | ready */
    view: { type: String, value: 'loading' },
    /** `{ text, trace, action }` */
    failure: Object,
    busy: Boolean,
    avatar: Boolean,
    rows: { type: Number, value: 4 },
    /** What a guest would find here. */
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
