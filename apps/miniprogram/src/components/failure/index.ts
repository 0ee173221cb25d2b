/** The message of a failure, beside the control that has failed. */
Component({
  properties: {
    /** `{ text, trace, action }` */
    failure: Object,
    /** The action that the page's own button offers. */
    ownAction: String,
    testid: { type: String, value: 'form-error' },
  },
})
