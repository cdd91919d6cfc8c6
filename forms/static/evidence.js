// Sends each chosen file at once, with its progress, and makes large photos smaller before. Without this script the
// files go with the form.
(function () {
  "use strict";
  const part = document.getElementById("evidence-part");
  if (!part || !window.FormData) return;
  const words = JSON.parse(part.dataset.words);
  const input = document.getElementById("evidence");
  const uploads = document.getElementById("evidence-uploads");
  const list = document.getElementById("evidence-list");
  const told = document.getElementById("evidence-told");
  const form = input.form;
  const LONGEST_SIDE = 2560;
  const SMALL_ENOUGH = 1000000;
  const PAUSES = [2000, 5000, 10000];
  const queue = [];
  let running = null;

  document.getElementById("evidence-send").hidden = true;

  function post(fields, onProgress, done) {
    const body = new FormData();
    body.append("evidence_pass", form.elements.evidence_pass.value);
    body.append("part", "list");
    Object.keys(fields).forEach(function (name) {
      const value = fields[name];
      if (value instanceof Blob) body.append(name, value, value.name);
      else body.append(name, value);
    });
    const request = new XMLHttpRequest();
    request.open("POST", part.dataset.url);
    request.timeout = 600000;
    request.upload.onprogress = function (event) {
      if (event.lengthComputable) onProgress(Math.floor(100 * event.loaded / event.total));
    };
    request.onload = function () { done(request.status, request.responseText); };
    request.onerror = request.ontimeout = function () { done(0, ""); };
    request.send(body);
    return request;
  }

  // Shows the new list. Returns what is wrong with the file that was sent, which stays beside that file.
  function show(html) {
    list.innerHTML = html;
    const wrong = Array.from(list.querySelectorAll(".error"));
    wrong.forEach(function (each) { each.remove(); });
    return wrong.map(function (each) { return each.textContent.trim(); }).join(" ");
  }

  // A photo as JPEG of at most 2560 pixels, if that saves anything; the file itself where the browser cannot.
  async function lighter(file) {
    if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size < SMALL_ENOUGH || !window.createImageBitmap) return file;
    try {
      const bitmap = await createImageBitmap(file);
      const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(bitmap.width * scale);
      canvas.height = Math.round(bitmap.height * scale);
      const pen = canvas.getContext("2d");
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
      bitmap.close();
      const drawn = await new Promise(function (resolve) { canvas.toBlob(resolve, "image/jpeg", 0.85); });
      if (!drawn || drawn.size >= file.size) return file;
      return new File([drawn], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
    } catch (error) {
      return file;
    }
  }

  function tooLarge(file) {
    const video = /^video\//.test(file.type);
    return file.size > Number(video ? part.dataset.largestVideo : part.dataset.largest);
  }

  function row(file) {
    const item = document.createElement("li");
    const name = document.createElement("span");
    const bar = document.createElement("progress");
    const state = document.createElement("span");
    const button = document.createElement("button");
    name.className = "file-name";
    name.textContent = file.name;
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", words.sending + " " + file.name);
    state.className = "file-size";
    button.type = "button";
    button.className = "like-link";
    item.append(name, bar, state, button);
    uploads.append(item);
    uploads.hidden = false;
    return { file: file, item: item, bar: bar, state: state, button: button, tries: 0, timer: 0, request: null };
  }

  function offer(one, word, act) {
    one.button.textContent = word;
    one.button.onclick = act;
  }

  function leave(one) {
    window.clearTimeout(one.timer);
    one.timer = 0;
    if (one.request) one.request.abort();
    const place = queue.indexOf(one);
    if (place >= 0) queue.splice(place, 1);
    one.item.remove();
    uploads.hidden = !uploads.children.length;
    if (running === one) {
      running = null;
      next();
    }
  }

  function stop(one, sentence, mendable) {
    one.state.textContent = sentence;
    one.item.className = "wrong";
    one.bar.hidden = true;
    told.textContent = one.file.name + ": " + sentence;
    running = null;
    offer(one, mendable ? words.again : words.drop, mendable ? function () {
      one.tries = 0;
      one.item.className = "";
      one.bar.hidden = false;
      queue.push(one);
      next();
    } : function () { leave(one); });
    next();
  }

  function finished(one, status, answer) {
    one.request = null;
    if (status === 200) {
      show(answer);
      told.textContent = words.sent + ": " + one.file.name;
      leave(one);
    } else if (status === 422) {
      stop(one, show(answer), false);
    } else if (status === 0 || status === 502 || status === 503 || status === 504) {
      if (one.tries >= PAUSES.length) return stop(one, words.broken, true);
      one.state.textContent = words.waiting;
      one.timer = window.setTimeout(function () { send(one); }, PAUSES[one.tries]);
      one.tries += 1;
    } else {
      stop(one, status === 413 ? words.too_large : status === 400 ? answer : words.failed, status >= 500);
    }
  }

  function send(one) {
    window.clearTimeout(one.timer);
    one.timer = 0;
    one.state.textContent = words.sending;
    one.request = post({ evidence: one.ready }, function (percent) {
      one.bar.value = percent;
      one.state.textContent = percent < 100 ? words.sending + " " + percent + " %" : words.checking;
    }, function (status, answer) { finished(one, status, answer); });
  }

  async function next() {
    if (running || !queue.length) return;
    const one = running = queue.shift();
    offer(one, words.cancel, function () { leave(one); });
    one.state.textContent = words.preparing;
    one.ready = one.ready || await lighter(one.file);
    if (running !== one) return;
    if (tooLarge(one.ready)) return stop(one, words.too_large, false);
    send(one);
  }

  input.addEventListener("change", function () {
    Array.from(input.files).forEach(function (file) {
      const one = row(file);
      offer(one, words.cancel, function () { leave(one); });
      queue.push(one);
    });
    input.value = "";
    next();
  });

  window.addEventListener("online", function () {
    if (running && running.timer) send(running);
  });

  list.addEventListener("click", function (event) {
    const button = event.target.closest("button[name=remove]");
    if (!button) return;
    event.preventDefault();
    button.disabled = true;
    post({ remove: button.value }, function () {}, function (status, answer) {
      if (status === 200) {
        show(answer);
        input.focus();
      } else {
        button.disabled = false;
        told.textContent = words.failed;
      }
    });
  });

  form.addEventListener("submit", function (event) {
    if (!running && !queue.length) return;
    event.preventDefault();
    told.textContent = words.wait;
    (running || queue[0]).state.textContent = words.wait;
  });
})();
