module.exports = {
  projectName: 'mianmi-taro-example',
  sourceRoot: 'src',
  outputRoot: 'dist',
  framework: 'react',
  compiler: 'webpack5',
}
