const form = document.querySelector('form');
const all = [...document.querySelectorAll('details.finding')];
function show() {
  const words = form.text.value.toLowerCase();
  let shown = 0;
  for (const one of all) {
    const data = one.dataset;
    const fits = form[data.severity].checked && (!form.rule.value || form.rule.value === data.rule)
      && (!form.file.value || form.file.value === data.file) && one.textContent.toLowerCase().includes(words);
    one.hidden = !fits;
    shown += fits;
  }
  for (const file of document.querySelectorAll('section.file')) {
    file.hidden = !file.querySelector('details.finding:not([hidden])');
  }
  document.querySelector('output').textContent = `${shown} of ${all.length} groups shown`;
}
form.hidden = false;
form.addEventListener('input', show);
form.addEventListener('reset', () => setTimeout(show));
form.addEventListener('submit', event => event.preventDefault());
addEventListener('beforeprint', () => all.forEach(one => { one.open = true; }));
show();
