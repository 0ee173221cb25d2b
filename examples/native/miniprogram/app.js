App({
  onLaunch() {
    require('./session').launch() // sign-in
  },
})
