const ON_PAPER = 150; // so many rows are printed as they are; of more only those that differ
document.documentElement.classList.add('scripted');
const form = document.querySelector('form');
const grid = document.querySelector('.grid');
const detail = document.getElementById('detail');
const rows = [...grid.tBodies[0].rows];
let current = null;
function shown() { return rows.filter(row => !row.hidden); }
function pick(cell, focus) {
  if (current) current.tabIndex = -1;
  current = cell;
  cell.tabIndex = 0;
  if (focus) { cell.focus(); cell.scrollIntoView({block: 'nearest'}); }
}
function tell(cell) {
  const head = cell.parentNode.cells[0].textContent;
  const who = grid.tHead.rows[0].cells[cell.cellIndex].textContent;
  detail.replaceChildren();
  for (const text of [`${head} — ${who}`, ...[...cell.children].map(one => one.textContent), cell.dataset.more || '']) {
    if (!text) continue;
    const line = document.createElement(detail.firstChild ? 'div' : 'strong');
    line.textContent = text;
    detail.append(line);
  }
}
function filter() {
  const words = form.text.value.toLowerCase();
  const kinds = form.kind.value;
  for (const row of rows) {
    const data = row.dataset;
    const cells = [...row.cells].slice(1);
    const wanted = form.match.value;
    const asked = form.consortium.value ? [row.cells[Number(form.consortium.value)]] : cells;
    row.hidden = !((!form.node.value || form.node.value === data.node)
      && (kinds === 'all' || kinds === data.kind)
      && (!form.differs.checked || row.classList.contains('differs'))
      && (!wanted || asked.some(cell => cell.classList.contains(wanted)))
      && row.textContent.toLowerCase().includes(words));
  }
  const left = shown();
  grid.classList.toggle('whole', left.length <= ON_PAPER);
  document.querySelector('output').textContent = `${left.length} of ${rows.length} rows shown`;
  if (left.length && (!current || current.parentNode.hidden)) pick(left[0].cells[1], false);
}
grid.addEventListener('keydown', event => {
  const cell = event.target.closest('td');
  if (!cell) return;
  const list = shown();
  const at = list.indexOf(cell.parentNode);
  const column = cell.cellIndex;
  const last = cell.parentNode.cells.length - 1;
  const to = {ArrowDown: [at + 1, column], ArrowUp: [at - 1, column], ArrowRight: [at, column + 1],
    ArrowLeft: [at, column - 1], PageDown: [at + 10, column], PageUp: [at - 10, column], Home: [at, 1],
    End: [at, last]}[event.key];
  if (!to) return;
  event.preventDefault();
  const row = list[Math.max(0, Math.min(list.length - 1, to[0]))];
  pick(row.cells[Math.max(1, Math.min(last, to[1]))], true);
});
grid.addEventListener('focusin', event => {
  const cell = event.target.closest('td');
  if (cell) { pick(cell, false); tell(cell); }
});
grid.addEventListener('click', event => { const cell = event.target.closest('td'); if (cell) pick(cell, true); });
form.hidden = false;
form.addEventListener('input', filter);
form.addEventListener('reset', () => setTimeout(filter));
form.addEventListener('submit', event => event.preventDefault());
filter();
