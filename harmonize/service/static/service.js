// What pages do better with a script. Without it every form works as it is.
"use strict";
document.documentElement.classList.add("scripted");
const token = () => document.querySelector("input[name=csrf]").value;

// Send files in pieces that go on after a broken connection, with the bytes that have come.
async function api(method, path, body, headers = {}) {
  const answer = await fetch(path, { method, body, headers: { "X-CSRF-Token": token(), ...headers } });
  if (answer.ok || answer.status === 409) return answer;
  const problem = await answer.json().catch(() => ({ detail: "The service did not answer." }));
  throw new Error([problem.detail, problem.hint].filter(Boolean).join(" "));
}
const json = (method, path, body) => api(method, path, JSON.stringify(body), { "Content-Type": "application/json" });
const told = bytes => bytes > 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : bytes > 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.ceil(bytes / 1e3)} kB`;

async function sendFile(address, file, size, show) {
  let offset = 0, failed = 0;
  while (offset < file.size) {
    try {
      const piece = file.slice(offset, offset + size);
      const answer = await api("PATCH", address, piece, { "Content-Type": "application/offset+octet-stream", "Upload-Offset": offset });
      offset = Number(answer.headers.get("Upload-Offset") ?? offset);
      if (answer.status === 409 && ++failed > 5) throw new Error((await answer.json()).detail);
    } catch (problem) {
      if (!(problem instanceof TypeError) || ++failed > 5) throw problem; // the network, then: ask how far it is
      await new Promise(done => setTimeout(done, 1000 * failed));
      offset = Number((await api("HEAD", address)).headers.get("Upload-Offset"));
    }
    show(offset);
  }
}

const form = document.getElementById("submit");
if (form) {
  const input = form.elements.files, drop = document.getElementById("drop");
  const list = document.getElementById("sending"), say = document.getElementById("told");
  for (const kind of ["dragover", "dragleave", "drop"]) {
    drop.addEventListener(kind, event => {
      event.preventDefault();
      drop.classList.toggle("over", kind === "dragover");
      if (kind === "drop") input.files = event.dataTransfer.files;
    });
  }
  form.addEventListener("submit", async event => {
    event.preventDefault();
    const button = form.querySelector("button.main"), files = [...input.files];
    button.disabled = true; list.hidden = false; list.replaceChildren();
    try {
      const value = name => form.elements[name].value;
      const made = await (await json("POST", "/api/v1/submissions", { project: value("project"), source: value("source"),
        mapping: value("mapping") || null, comment: value("comment") })).json();
      for (const file of files) {
        const row = document.createElement("li"), name = document.createElement("span"), bar = document.createElement("progress"), how = document.createElement("span");
        name.textContent = file.name; bar.max = Math.max(file.size, 1); bar.setAttribute("aria-label", file.name);
        row.append(name, bar, how); list.append(row);
        const answer = await json("POST", `/api/v1/submissions/${made.id}/files`, { name: file.name, size: file.size });
        await sendFile(answer.headers.get("Location"), file, Number(form.dataset.piece), at => {
          bar.value = at; how.textContent = `${told(at)} of ${told(file.size)}`;
        });
      }
      say.textContent = "All bytes have come.";
      const accepted = await json("POST", `/api/v1/submissions/${made.id}/accept`, {});
      if (!accepted.ok) throw new Error((await accepted.json()).detail);
      location.assign(`/submissions/${made.id}`);
    } catch (problem) {
      say.textContent = problem.message; button.disabled = false;
    }
  });
}

// How far a job is, as the service tells it.
const job = document.getElementById("job");
if (job) {
  const source = new EventSource(job.dataset.events);
  source.addEventListener("progress", event => {
    const now = JSON.parse(event.data);
    document.getElementById("step").textContent = now.step || now.state;
    document.getElementById("fraction").value = now.fraction;
    document.getElementById("done").textContent = now.told;
  });
  source.addEventListener("ended", () => { source.close(); location.reload(); });
}

for (const field of document.querySelectorAll("[data-filter]")) {
  field.closest("label").hidden = false;
  field.addEventListener("input", () => {
    for (const one of document.getElementById(field.dataset.filter).children)
      one.hidden = !one.textContent.toLowerCase().includes(field.value.toLowerCase());
  });
}
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = "Copied";
  });
}
const sql = document.getElementById("sql");
if (sql) sql.addEventListener("keydown", event => { if (event.key === "Enter" && event.ctrlKey) sql.form.requestSubmit(); });

// A reviewer's keys: single letters, and never while something is typed.
const rows = [...document.querySelectorAll("#queue tbody tr")], decide = document.getElementById("decide");
let chosen = -1;
const follow = id => document.getElementById(id)?.click();
const choose = step => {
  if (!rows.length) return;
  rows[chosen]?.classList.remove("chosen");
  chosen = Math.min(Math.max(chosen + step, 0), rows.length - 1);
  rows[chosen].classList.add("chosen");
  rows[chosen].querySelector("a").focus();
};
function say(decision) {
  const comment = decide.elements.comment;
  comment.required = decision !== "accept";
  decide.requestSubmit(decide.querySelector(`button[value=${decision}]`));
}
const keys = decide || document.getElementById("next") || document.getElementById("previous")
  ? { j: () => follow("next"), k: () => follow("previous"), u: () => follow("up") } : { j: () => choose(1), k: () => choose(-1) };
if (decide) Object.assign(keys, { a: () => say("accept"), r: () => say("reject"), d: () => say("discuss"), c: () => decide.elements.comment.focus() });
if (decide) decide.addEventListener("submit", event => event.submitter?.blur());
if (decide || rows.length) document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, textarea, select")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
});
