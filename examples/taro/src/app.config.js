export default {
  pages: ['pages/home/index'],
  window: { navigationBarTitleText: '订单' },
}
