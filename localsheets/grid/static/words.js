// The page's texts, in the language it was served in.
const words = JSON.parse(document.getElementById("words").textContent);

export function say(key, facts = {}) {
  return words[key].replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "");
}

let hiding = 0;

// A sentence that goes by itself, or (what somebody typed and could not be saved) stays until it is clicked away.
export function announce(text, { stay = false } = {}) {
  const toast = document.getElementById("toast");
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(hiding);
  toast.onclick = () => { toast.hidden = true; };
  if (!stay) hiding = setTimeout(toast.onclick, 9000);
}
