/**
 * What has to be sent waits in the tab `Antrean Aduan`, which is hidden: an item becomes a row of it, and leaves it only
 * when the server has said that it keeps it.
 *
 * A tab holds 50,000 letters a cell and ten million cells; Script Properties hold 9 KB a value and 500 KB in all, which
 * a weekend without the server would fill. Adding a row needs no lock, since appendRow is atomic; only who holds the
 * lock sends, changes or deletes rows, so that nothing is sent twice and nothing is lost.
 */

const OUTBOX = 'Antrean Aduan';
const OUTBOX_HEADER = ['Nomor', 'Jenis', 'Keadaan', 'Percobaan', 'Coba Lagi', 'Masalah', 'Isi (jangan diubah)'];
const WAITING = 'menunggu';
const ASIDE = 'disisihkan';
const PATHS = { form_submit: '/webhooks/google-forms', sheet_edit: '/webhooks/sheet-edits' };

const MOST_WAITING = 2000; // beyond this, edits are no longer kept; answers of the form always are
const PART = 40000; // letters in a cell, which takes 50,000
const FIRST_PAUSE = 60 * 1000;
const LONGEST_PAUSE = 60 * 60 * 1000;
const LOCK_WAIT = 20 * 1000;
const LONGEST_RUN = 4 * 60 * 1000; // Google ends a run after 6 minutes
const AGAIN = [401, 408, 429]; // a wrong secret is mended by the owner; the others pass

/** Keeps the items, then sends them. Where they cannot be kept they are sent at once, or Google mails the owner. */
function tell_(items) {
  try {
    const tab = outbox_();
    if (items[0].kind === 'sheet_edit' && tab.getLastRow() > MOST_WAITING) {
      console.warn('The outbox is long; an edit was not kept.');
      return;
    }
    items.forEach((item) => tab.appendRow([item.delivery_id, item.kind, WAITING, 0, 0, '', ...parts_(ascii_(item))]));
    SpreadsheetApp.flush();
  } catch (error) {
    sendAtOnce_(items, error);
  }
  kirimAntrean();
}

/** Some may have been kept after all, and are sent again: the server knows them by their `delivery_id`. */
function sendAtOnce_(items, cause) {
  const lost = items.map((item) => [item, send_(item)]).filter(([, said]) => !said.done);
  if (!lost.length) return;
  const [item, said] = lost[0];
  throw new Error(
    `Baris ${item.event.range.rowStart} tab ${item.sheet.name} tidak tersimpan di antrean dan tidak terkirim. ` +
      `Sebab: ${cause.message}; ${said.problem}`,
  );
}

/** Trigger, every five minutes and after each event: sends whatever is due. */
function kirimAntrean() {
  const refused = withLock_(() => sendDue_(outbox_()));
  if (refused) {
    throw new Error(`${refused} kiriman ditolak server dan disisihkan pada tab ${OUTBOX}. Lihat kolom Masalah.`);
  }
}

/** Who does not get the lock leaves: the holder, or the next run, sends what was just kept. */
function withLock_(work) {
  const lock = LockService.getScriptLock();
  if (!lock.tryLock(LOCK_WAIT)) return 0;
  try {
    return work();
  } finally {
    SpreadsheetApp.flush();
    lock.releaseLock();
  }
}

/** How many were put aside. A server that is away or busy is left alone for the rest of the run. */
function sendDue_(tab) {
  const until = Date.now() + LONGEST_RUN;
  let [gone, refused] = [0, 0];
  for (const row of waiting_(tab)) {
    if (row.state !== WAITING || row.due > Date.now()) continue;
    if (Date.now() > until) break;
    const place = row.place - gone;
    const said = row.item ? send_(row.item) : { problem: 'Isi baris ini rusak; hapus barisnya.' };
    if (tab.getRange(place, 1).getValue() !== row.id) break; // its owner moved rows meanwhile
    if (said.done) {
      tab.deleteRow(place);
      SpreadsheetApp.flush(); // now, so that a run which Google ends does not send it again
      gone += 1;
    } else if (said.again) {
      const pause = Math.max(Math.min(FIRST_PAUSE * 2 ** row.attempts, LONGEST_PAUSE), said.wait);
      note_(tab, place, WAITING, row.attempts + 1, Date.now() + pause, said.problem);
      break;
    } else {
      note_(tab, place, ASIDE, row.attempts + 1, 0, said.problem);
      refused += 1;
    }
  }
  show_(tab);
  return refused;
}

/** Signs and sends one item. */
function send_(item) {
  const properties = PropertiesService.getScriptProperties();
  const [url, secret] = [properties.getProperty('ADUAN_URL'), properties.getProperty('ADUAN_SECRET')];
  if (!url || !secret) return { again: true, wait: 0, problem: 'Alamat dan rahasia belum diisi.' };
  const body = ascii_({ ...item, sent_at: new Date().toISOString() });
  let response;
  try {
    response = UrlFetchApp.fetch(url + PATHS[item.kind], {
      method: 'post',
      contentType: 'application/json',
      payload: body,
      headers: { 'X-Aduan-Signature': `sha256=${signature_(body, secret)}` },
      muteHttpExceptions: true,
      followRedirects: false,
    });
  } catch (error) {
    return { again: true, wait: 0, problem: `Server tidak dapat dihubungi: ${error.message}` };
  }
  return said_(response.getResponseCode(), response.getHeaders());
}

function said_(code, headers) {
  if (code >= 200 && code < 300) return { done: true };
  const name = Object.keys(headers).find((key) => key.toLowerCase() === 'retry-after');
  const wait = 1000 * Math.min(Number(headers[name]) || 0, 24 * 60 * 60);
  const again = code < 400 || code >= 500 || AGAIN.includes(code);
  const hint = code === 401 ? ': rahasia tidak cocok dengan server' : code < 400 ? ': alamat server pindah' : '';
  return { again, wait, problem: `Server menjawab ${code}${hint}.` };
}

function signature_(body, secret) {
  return Utilities.computeHmacSha256Signature(body, secret, Utilities.Charset.UTF_8)
    .map((byte) => `0${(byte & 0xff).toString(16)}`.slice(-2)) // bytes come as -128 to 127
    .join('');
}

/** JSON with nothing but ASCII in it, so that what is signed and what is sent are the same bytes in every charset. */
function ascii_(value) {
  return JSON.stringify(value).replace(/[\u007f-\uffff]/g, (sign) => {
    return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** The text in pieces that fit into cells, each behind a mark that keeps the sheet from reading it as a formula. */
function parts_(text) {
  return text.match(new RegExp(`.{1,${PART}}`, 'g')).map((part) => `~${part}`);
}

/** The rows of the outbox, in order. */
function waiting_(tab) {
  if (tab.getLastRow() < 2) return [];
  const rows = tab.getRange(2, 1, tab.getLastRow() - 1, tab.getLastColumn()).getValues();
  return rows
    .map(([id, , state, attempts, due, problem, ...parts], index) => ({
      place: index + 2,
      state,
      attempts: Number(attempts),
      due: Number(due),
      problem,
      item: parsed_(parts.map((part) => String(part).slice(1)).join('')),
      id,
    }))
    .filter((row) => row.id);
}

/** Null for a row that somebody changed by hand. */
function parsed_(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    return null;
  }
}

function note_(tab, place, state, attempts, due, problem) {
  tab.getRange(place, 3, 1, 4).setValues([[state, attempts, due, problem]]);
}

/** The outbox shows itself while something in it needs its owner. */
function show_(tab) {
  const told = waiting_(tab).some((row) => row.state === ASIDE || /\b(401|3\d\d)\b/.test(row.problem));
  if (told) tab.showSheet();
  else tab.hideSheet();
}

/** The tab of the outbox; made where it is not there, for who installed it alone to change. */
function outbox_() {
  const book = SpreadsheetApp.getActiveSpreadsheet();
  const found = book.getSheetByName(OUTBOX);
  if (found) return found;
  const tab = book.insertSheet(OUTBOX, book.getNumSheets());
  tab.getRange(1, 1, 1, OUTBOX_HEADER.length).setValues([OUTBOX_HEADER]);
  protect_(tab);
  tab.hideSheet();
  return tab;
}

function protect_(tab) {
  const protection = tab.protect().setDescription('Antrean kiriman; diisi oleh skrip.');
  protection.removeEditors(protection.getEditors()); // who asks for this, and the file's owner, always stay
}
