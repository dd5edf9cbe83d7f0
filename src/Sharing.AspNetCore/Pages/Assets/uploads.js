// Uploads by tus 1.0.0 (https://tus.io): a file, from where it stands. An upload's address is remembered by a name that the page gives it, so that a page that died, or was closed, goes on
// when the same file is chosen again.
const [Smallest, Largest] = [64 * 1024, 8 * 1024 * 1024];
let part = 256 * 1024; // as much as takes some seconds on this line: so much is sent again at most, and so often the bar moves
const pause = ms => new Promise(done => setTimeout(done, ms));
const base64 = text => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

/** Sends a file; told(bytes) hears how far it is, say(words) what is wrong meanwhile. Gives the upload's address. */
export async function upload(file, uploads, key, metadata, told, say) {
  for (let failures = 0; ;) {
    try {
      const address = localStorage.getItem(key) ?? await begin(file, uploads, key, metadata);
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
      return address;
    } catch (fault) {
      if (fault instanceof Refused && fault.isFinal) { localStorage.removeItem(key); throw new Error(await fault.why()); }
      if (++failures > 40) throw new Error("The server cannot be reached.");
      say(navigator.onLine ? "The connection broke. It is tried again." : "You are offline. It goes on by itself.");
      await pause(Math.min(5000, 250 * 2 ** failures));
    }
  }
}

async function begin(file, uploads, key, metadata) {
  const all = Object.entries({ filename: file.name, filetype: file.type, ...metadata }).map(([name, value]) => `${name} ${base64(value)}`).join(",");
  const response = await tus(uploads, "POST", { "Upload-Length": file.size, "Upload-Metadata": all });
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
