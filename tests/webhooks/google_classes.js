// Stand-ins for the Google classes that webhooks/apps_script/ uses, as far as it uses them. `google` is the test's side.

const google = {
  now: 0, // milliseconds that the clock of the script shows
  account: '', // whose triggers and questions they are
  visitor: null, // who is editing, if Google tells
  properties: {},
  triggers: [],
  answers: [], // to prompts; null presses Cancel
  alerts: [],
  logged: [],
  during: [], // done while a request is on its way, as another run of the script would
  locked: false,
  full: false, // no row can be added
  killed: false, // Google ends the run after the next request
};

const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...given) {
    given.length ? super(...given) : super(google.now);
  }

  static now() {
    return google.now;
  }
};
globalThis.console = { warn: (text) => google.logged.push(text), log: (text) => google.logged.push(text) };

class Range {
  constructor(sheet, row, column, rows, columns) {
    Object.assign(this, { sheet, row, column, rows, columns });
  }

  getSheet = () => this.sheet;
  getRow = () => this.row;
  getColumn = () => this.column;
  getNumRows = () => this.rows;
  getNumColumns = () => this.columns;
  getValue = () => this.getValues()[0][0];
  getDisplayValue = () => this.getDisplayValues()[0][0];

  getValues() {
    const at = (row, column) => (this.sheet.cells[row - 1] || [])[column - 1] ?? '';
    return Array.from({ length: this.rows }, (_, r) =>
      Array.from({ length: this.columns }, (_, c) => at(this.row + r, this.column + c)),
    );
  }

  getDisplayValues() {
    const shown = (value) => (value instanceof RealDate ? value.toISOString().slice(0, 10) : String(value));
    return this.getValues().map((row) => row.map(shown));
  }

  setValues(values) {
    values.forEach((row, r) => row.forEach((value, c) => this.sheet.put(this.row + r, this.column + c, value)));
    return this;
  }
}

class Sheet {
  constructor(name, id) {
    Object.assign(this, { name, id, hidden: false, cells: [], editors: null });
  }

  getName = () => this.name;
  getSheetId = () => this.id;
  getLastRow = () => this.cells.length;
  getLastColumn = () => Math.max(0, ...this.cells.map((row) => row.length));
  hideSheet = () => (this.hidden = true);
  showSheet = () => (this.hidden = false);

  getRange(row, column, rows = 1, columns = 1) {
    if (!(row > 0 && column > 0 && rows > 0 && columns > 0)) throw new Error('The coordinates are outside the sheet.');
    return new Range(this, row, column, rows, columns);
  }

  put(row, column, value) {
    if (typeof value === 'string' && value.length > 50000) throw new Error('A cell holds 50000 characters at most.');
    while (this.cells.length < row) this.cells.push([]);
    const cells = this.cells[row - 1];
    while (cells.length < column) cells.push('');
    const formula = typeof value === 'string' && /^[=+']/.test(value);
    cells[column - 1] = value === undefined ? '' : formula ? '#ERROR!' : value;
  }

  appendRow(values) {
    if (google.full) throw new Error('Above the limit of 10000000 cells.');
    const row = this.cells.length + 1;
    values.forEach((value, index) => this.put(row, index + 1, value));
    return this;
  }

  deleteRow(row) {
    if (google.killed) {
      google.killed = false;
      throw new Error('Exceeded maximum execution time');
    }
    if (row > this.cells.length) throw new Error('Those rows are out of bounds.');
    this.cells.splice(row - 1, 1);
  }

  protect() {
    this.editors ??= ['petugas@example.go.id']; // whoever may edit the book, until some are removed
    return {
      setDescription() {
        return this;
      },
      getEditors: () => this.editors,
      remove: () => (this.editors = null),
      removeEditors: (gone) => (this.editors = this.editors.filter((one) => !gone.includes(one))),
    };
  }
}

const book = {
  sheets: [],
  getId: () => '1ContohSpreadsheetIdTidakNyata',
  getSheetByName: (name) => book.sheets.find((sheet) => sheet.name === name) || null,
  getNumSheets: () => book.sheets.length,

  insertSheet(name) {
    if (book.getSheetByName(name)) throw new Error(`A sheet with the name "${name}" already exists.`);
    const sheet = new Sheet(name, 111111111 * (book.sheets.length + 1));
    book.sheets.push(sheet);
    return sheet;
  },
};

const ui = {
  Button: { OK: 'OK', CANCEL: 'CANCEL' },
  ButtonSet: { OK_CANCEL: 'OK_CANCEL' },
  alert: (text) => google.alerts.push(text),

  prompt() {
    const answer = google.answers.shift();
    return { getSelectedButton: () => (answer === null ? 'CANCEL' : 'OK'), getResponseText: () => answer };
  },

  createMenu() {
    const menu = { addItem: (title, name) => google.logged.push(`${title}: ${typeof globalThis[name]}`) && menu };
    menu.addToUi = () => menu;
    return menu;
  },
};

const SpreadsheetApp = { getActiveSpreadsheet: () => book, getUi: () => ui, flush() {} };

class Trigger {
  constructor(name) {
    Object.assign(this, { name, kind: '', owner: google.account });
  }

  getHandlerFunction = () => this.name;
  forSpreadsheet = () => this;
  timeBased = () => this;
  onFormSubmit = () => Object.assign(this, { kind: 'form' });
  onEdit = () => Object.assign(this, { kind: 'edit' });
  everyMinutes = (minutes) => Object.assign(this, { kind: `every ${minutes} minutes` });
  create = () => google.triggers.push(this) && this;
}

const ScriptApp = {
  newTrigger: (name) => new Trigger(name),
  getProjectTriggers: () => google.triggers.filter((trigger) => trigger.owner === google.account), // one's own only
  deleteTrigger: (gone) => (google.triggers = google.triggers.filter((trigger) => trigger !== gone)),
};

const PropertiesService = {
  getScriptProperties: () => ({
    getProperty: (name) => google.properties[name] ?? null,
    setProperty: (name, value) => (google.properties[name] = String(value)),
    setProperties: (values) => Object.assign(google.properties, values),
    deleteProperty: (name) => delete google.properties[name],
  }),
};

const LockService = {
  getScriptLock: () => ({
    tryLock: () => (google.locked ? false : (google.locked = true)),
    releaseLock: () => (google.locked = false),
  }),
};

const user = (email) => ({ getEmail: () => email });
const Session = { getEffectiveUser: () => user(google.account), getActiveUser: () => user('') };

const Utilities = {
  Charset: { US_ASCII: 'ascii', UTF_8: 'utf-8' },
  getUuid: () => python_uuid(),
  computeHmacSha256Signature: (value, key, charset = 'ascii') => JSON.parse(python_hmac(value, key, charset)),
};

const UrlFetchApp = {
  fetch(url, options) {
    const meanwhile = google.during.shift();
    if (meanwhile) meanwhile();
    const said = JSON.parse(python_fetch(JSON.stringify({ url, ...options })));
    if (said.error) throw new Error(said.error);
    return { getResponseCode: () => said.code, getHeaders: () => said.headers };
  },
};
