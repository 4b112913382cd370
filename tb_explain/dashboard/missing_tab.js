// Served in place of the tab when the package was installed without it.
const TEXT = [
  ['h1', 'The Explain tab is not installed'],
  ['p', 'This copy of tb_explain was installed without its tab (TB_EXPLAIN_SKIP_FRONTEND=1).'
    + ' Records are written all the same, and none are lost.'],
  ['p', 'To get the tab, install again without that variable, then start TensorBoard anew:'],
  ['pre', 'pip install --force-reinstall --no-deps tb-explain'],
  ['p', 'In a checkout of the sources:'],
  ['pre', 'pip install -e .'],
];

export function render() {
  const isDark = parent.document.body.classList.contains('dark-mode');
  document.documentElement.lang = 'en';
  document.body.style.cssText = 'max-width:40rem;margin:4rem auto;padding:0 1.5rem;'
    + 'font:16px/1.5 system-ui,sans-serif;'
    + (isDark ? 'background:#303030;color:#eee' : 'background:#fff;color:#222');
  for (const [name, text] of TEXT) {
    const element = document.createElement(name);
    element.textContent = text;
    document.body.append(element);
  }
}
