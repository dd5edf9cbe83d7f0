// The inbox fills itself while it is open, and files can be sent. Without this the page works, but for these two.
import { upload } from "./uploads.js";

const place = document.getElementById("messages");
if (place.dataset.events) {
  const events = new EventSource(`${place.dataset.events}?after=${place.dataset.after}`); // comes again by itself, after the last one that it had
  let reading = false, again = false;
  const refresh = async () => {
    if (reading) { again = true; return; }
    reading = true;
    try {
      const response = await fetch(`${location.pathname}?live`);
      const fresh = response.ok && new DOMParser().parseFromString(await response.text(), "text/html").getElementById("messages");
      if (fresh) place.replaceChildren(...fresh.childNodes);
    } finally {
      reading = false;
      if (again) { again = false; refresh(); }
    }
  };
  events.addEventListener("message", event => {
    document.getElementById("arrived").textContent = `New: ${JSON.parse(event.data).resource.name}`;
    refresh();
  });
  events.addEventListener("resync", refresh);
  addEventListener("pagehide", () => events.close());
}

const [form, box] = [document.getElementById("sending"), document.getElementById("file")];
if (box) {
  box.hidden = false;
  const [input, progress] = [box.querySelector("input"), form.querySelector(".progress")];
  form.addEventListener("submit", async event => {
    const file = input.files[0];
    if (!file || form.elements.upload.value) return;
    event.preventDefault();
    const [bar, said, button] = [progress.querySelector("progress"), progress.querySelector(".said"), form.querySelector("button")];
    [progress.hidden, button.disabled] = [false, true];
    try {
      const address = await upload(file, box.dataset.uploads, `message ${file.name} ${file.size} ${file.lastModified}`, {},
        sent => { bar.value = file.size > 0 ? sent / file.size : 1; said.textContent = `Uploading ${file.name}`; }, words => { said.textContent = words; });
      form.elements.upload.value = address.split("/").pop();
      form.submit();
    } catch (fault) {
      said.textContent = fault.message;
      button.disabled = false;
    }
  });
}
