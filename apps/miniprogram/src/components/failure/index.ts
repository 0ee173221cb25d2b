/** What went wrong, in a sentence, where it went wrong. */
Component({
  properties: {
    /** `{ text, trace, action }` */
    failure: Object,
    /** An action that the page's own button does. */
    own: String,
    testid: { type: String, value: 'form-error' },
  },
})
