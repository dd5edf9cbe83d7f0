// Uploads by tus 1.0.0 (https://tus.io): one file after the other, each from where it stands. An upload's address is remembered by the file's name, size and date, so that a page that
// died, or was closed, goes on when the same files are chosen again.
const place = document.getElementById("upload");
const [input, box, bar, said] = [place.querySelector("#files"), place.querySelector(".progress"), place.querySelector("progress"), place.querySelector(".said")];
const [Smallest, Largest] = [64 * 1024, 8 * 1024 * 1024];
let part = 256 * 1024; // as much as takes some seconds on this line: so much is sent again at most, and so often the bar moves
const pause = ms => new Promise(done => setTimeout(done, ms));
const base64 = text => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
let busy = false;

// What was typed for friends survives a page that died or a connection that was gone, until it was sent.
const typed = () => [...document.querySelectorAll("#addresses, #days")];
for (const field of typed()) {
  const key = `typed ${location.pathname} ${place.dataset.folder} ${field.id}`;
  if (new URLSearchParams(location.search).has("done")) localStorage.removeItem(key);
  field.value ||= localStorage.getItem(key) ?? "";
  field.addEventListener("input", () => field.value ? localStorage.setItem(key, field.value) : localStorage.removeItem(key));
}

input.addEventListener("change", () => start([...input.files]));
for (const kind of ["dragenter", "dragover"]) place.addEventListener(kind, event => { event.preventDefault(); place.classList.add("over"); });
for (const kind of ["dragleave", "drop"]) place.addEventListener(kind, () => place.classList.remove("over"));
place.addEventListener("drop", event => { event.preventDefault(); start([...event.dataTransfer.files]); });
addEventListener("beforeunload", event => { if (busy) event.preventDefault(); });

async function start(files) {
  if (busy || files.length === 0) return;
  busy = true;
  input.disabled = true;
  box.hidden = false;
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  let before = 0;
  try {
    const folder = await folderFor(files.length);
    for (const [at, file] of files.entries()) {
      await upload(file, folder, sent => {
        bar.value = bytes > 0 ? (before + sent) / bytes : 1;
        said.textContent = `${at} of ${files.length} uploaded`;
      });
      before += file.size;
    }
    busy = false;
    const here = folder ? `?folder=${folder}` : location.pathname;
    if (typed().some(field => field.value !== field.defaultValue)) {
      said.textContent = `${files.length} of ${files.length} uploaded. `;
      said.append(Object.assign(document.createElement("a"), { href: here, textContent: "Show them" })); // what was typed stays until then
    } else {
      location.assign(here);
    }
  } catch (fault) {
    said.textContent = `${fault.message} What is missing is sent when you choose the same files again.`;
  } finally {
    busy = false;
    input.disabled = false;
    input.value = "";
  }
}

async function folderFor(count) {
  if (place.dataset.folder) return place.dataset.folder;
  const name = place.querySelector("#folder")?.value.trim();
  if (!name) return null;
  const kept = sessionStorage.getItem(`folder ${name}`); // the one that was begun, if this is the second try
  if (kept) return kept;
  const response = await fetch(place.dataset.folders, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ name, announced: count }) });
  if (!response.ok) throw new Error("The folder could not be made.");
  const { id } = await response.json();
  sessionStorage.setItem(`folder ${name}`, id);
  return id;
}

async function upload(file, folder, told) {
  const key = `upload ${folder ?? ""} ${file.name} ${file.size} ${file.lastModified}`;
  for (let failures = 0; ;) {
    try {
      const address = localStorage.getItem(key) ?? await begin(file, folder, key);
      let offset = await stands(address);
      if (offset === null) { localStorage.removeItem(key); continue; }
      while (offset < file.size) {
        told(offset);
        const began = performance.now();
        const response = await tus(address, "PATCH", { "Upload-Offset": offset, "Content-Type": "application/offset+octet-stream" }, file.slice(offset, offset + part));
        if (!response.ok) throw new Refused(response);
        offset = Number(response.headers.get("Upload-Offset"));
        const took = performance.now() - began;
        part = took < 1500 ? Math.min(Largest, part * 2) : took > 6000 ? Math.max(Smallest, part / 2) : part;
        failures = 0;
      }
      told(file.size);
      localStorage.removeItem(key);
      return;
    } catch (fault) {
      if (fault instanceof Refused && fault.isFinal) { localStorage.removeItem(key); throw new Error(await fault.why()); }
      if (++failures > 40) throw new Error("The server cannot be reached.");
      said.textContent = navigator.onLine ? "The connection broke. It is tried again." : "You are offline. It goes on by itself.";
      await pause(Math.min(5000, 250 * 2 ** failures));
    }
  }
}

async function begin(file, folder, key) {
  const metadata = [`filename ${base64(file.name)}`, `filetype ${base64(file.type)}`, ...(folder ? [`folder ${base64(folder)}`] : [])].join(",");
  const response = await tus(place.dataset.uploads, "POST", { "Upload-Length": file.size, "Upload-Metadata": metadata });
  if (!response.ok) throw new Refused(response);
  const address = new URL(response.headers.get("Location"), location.href).pathname;
  localStorage.setItem(key, address);
  return address;
}

// Where it stands; null: the server has it no more.
async function stands(address) {
  const response = await tus(address, "HEAD", {});
  if (response.status === 404 || response.status === 410) return null;
  if (!response.ok) throw new Refused(response);
  return Number(response.headers.get("Upload-Offset"));
}

const tus = (address, method, headers, body) => fetch(address, { method, headers: { "Tus-Resumable": "1.0.0", ...headers }, body });

class Refused extends Error {
  constructor(response) {
    super();
    this.response = response;
    this.isFinal = response.status >= 400 && response.status < 500 && ![408, 409, 423, 429, 460].includes(response.status) || response.status === 507;
  }

  async why() {
    try { return (await this.response.json()).detail ?? "The server refused it."; } catch { return "The server refused it."; }
  }
}
