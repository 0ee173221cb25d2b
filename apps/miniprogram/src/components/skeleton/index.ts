/** The grey shape of what is about to be there. */
Component({
  properties: {
    rows: { type: Number, value: 3 },
    avatar: Boolean,
  },
})
