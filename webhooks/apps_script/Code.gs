/**
 * What the office's own account sees and does: the menu `Aduan`, the server's address and secret, and the triggers.
 *
 * The three files of this folder tell the complaint system what happens in a spreadsheet: answers of a Google Form, and
 * edits of the tab `Register`. How to install them: docs/google.md.
 *
 * @OnlyCurrentDoc
 */

const TRIGGERS = {
  saatFormulirDikirim: (book) => ScriptApp.newTrigger('saatFormulirDikirim').forSpreadsheet(book).onFormSubmit(),
  saatDisunting: (book) => ScriptApp.newTrigger('saatDisunting').forSpreadsheet(book).onEdit(),
  kirimAntrean: () => ScriptApp.newTrigger('kirimAntrean').timeBased().everyMinutes(5),
};

/** Google calls this by itself when the spreadsheet is opened. */
function onOpen() {
  SpreadsheetApp.getUi()
    .createMenu('Aduan')
    .addItem('1. Isi alamat dan rahasia…', 'atur')
    .addItem('2. Pasang', 'pasang')
    .addItem('Keadaan', 'keadaan')
    .addItem('Kirim sekarang', 'kirimSekarang')
    .addItem('Lepas', 'lepas')
    .addToUi();
}

/** Asks for the server's address and the secret, and keeps them in the Script Properties. */
function atur() {
  checkOwner_();
  const ui = SpreadsheetApp.getUi();
  const url = ask_(ui, 'Alamat server, misalnya https://aduan.contoh.go.id').replace(/\/+$/, '');
  if (!url) return;
  if (!/^https:\/\/[^\s\/?#]+(\/[^\s?#]*)?$/.test(url)) {
    ui.alert('Alamat itu tidak dapat dipakai. Tulis lengkap, diawali https://');
    return;
  }
  const secret = ask_(ui, 'Rahasia, sama dengan ADUAN_SCRIPT_SECRETS pada server');
  if (!secret) return;
  PropertiesService.getScriptProperties().setProperties({ ADUAN_URL: url, ADUAN_SECRET: secret });
  ui.alert('Tersimpan. Sekarang pilih menu Aduan > Pasang.');
}

function ask_(ui, question) {
  const answer = ui.prompt('Aduan', question, ui.ButtonSet.OK_CANCEL);
  return answer.getSelectedButton() === ui.Button.OK ? answer.getResponseText().trim() : '';
}

/** Installs each trigger once, however often it is run. Triggers run as whoever ran this. */
function pasang() {
  const me = checkOwner_();
  const properties = PropertiesService.getScriptProperties();
  if (!properties.getProperty('ADUAN_URL') || !properties.getProperty('ADUAN_SECRET')) {
    throw new Error('Alamat dan rahasia belum diisi. Pilih menu Aduan > Isi alamat dan rahasia.');
  }
  protect_(outbox_());
  const standing = new Set();
  ScriptApp.getProjectTriggers().forEach((trigger) => {
    const name = trigger.getHandlerFunction();
    if (standing.has(name) && name in TRIGGERS) ScriptApp.deleteTrigger(trigger);
    standing.add(name);
  });
  const book = SpreadsheetApp.getActiveSpreadsheet();
  Object.keys(TRIGGERS)
    .filter((name) => !standing.has(name))
    .forEach((name) => TRIGGERS[name](book).create());
  properties.setProperty('ADUAN_OWNER', me);
}

/** Takes the triggers away again. What waits in the outbox stays there. */
function lepas() {
  checkOwner_();
  ScriptApp.getProjectTriggers()
    .filter((trigger) => trigger.getHandlerFunction() in TRIGGERS)
    .forEach((trigger) => ScriptApp.deleteTrigger(trigger));
  outbox_().protect().remove(); // so that another account may install it
  PropertiesService.getScriptProperties().deleteProperty('ADUAN_OWNER');
}

/** Says how many wait and what is wrong. */
function keadaan() {
  const rows = waiting_(outbox_());
  const problems = [...new Set(rows.map((row) => row.problem).filter(Boolean))];
  const aside = rows.filter((row) => row.state === ASIDE).length;
  const owner = PropertiesService.getScriptProperties().getProperty('ADUAN_OWNER');
  SpreadsheetApp.getUi().alert(
    [
      owner ? `Dipasang oleh ${owner}.` : 'Belum dipasang.',
      `Menunggu: ${rows.length - aside}. Disisihkan: ${aside}.`,
      ...problems,
    ].join('\n'),
  );
}

/** Sends whatever waits without its pause, and what was put aside, as its cause may be mended. */
function kirimSekarang() {
  checkOwner_();
  withLock_(() => {
    const tab = outbox_();
    waiting_(tab).forEach((row) => note_(tab, row.place, WAITING, 0, 0, ''));
  });
  kirimAntrean();
}

/**
 * The account that asks. Only who installed it may change anything: nobody sees another account's triggers, and two sets
 * of them would tell everything twice; and nobody else may delete rows of the outbox.
 */
function checkOwner_() {
  const owner = PropertiesService.getScriptProperties().getProperty('ADUAN_OWNER');
  const me = Session.getEffectiveUser().getEmail();
  if (owner && owner !== me) {
    throw new Error(`Dipasang oleh ${owner}. Hanya akun itu yang dapat mengubahnya, atau memilih Lepas lebih dahulu.`);
  }
  return me;
}
