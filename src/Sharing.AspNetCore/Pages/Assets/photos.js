// Photos are sent one after the other, from where each stands: chosen again after the page died, they go on.
import { upload } from "./uploads.js";

const place = document.getElementById("upload");
const [input, box, bar, said] = [place.querySelector("#files"), place.querySelector(".progress"), place.querySelector("progress"), place.querySelector(".said")];
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
      await upload(file, place.dataset.uploads, `upload ${folder ?? ""} ${file.name} ${file.size} ${file.lastModified}`, folder ? { folder } : {}, sent => {
        bar.value = bytes > 0 ? (before + sent) / bytes : 1;
        said.textContent = `${at} of ${files.length} uploaded`;
      }, words => { said.textContent = words; });
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
