/** What happens in the spreadsheet, as items for the outbox. */

const EDITED_TAB = 'Register';
const TICKET_HEADER = /^(.*[(\[]\s*)?(nomor tiket|no\. tiket|tiket)\s*[)\]]?$/i;
const MOST_CELLS = 50; // of one pasting; the register is read anyway, what is told here is only who edited it

/** Trigger: somebody sent the form. Google sometimes tells it a second time with nothing in it. */
function saatFormulirDikirim(e) {
  const answers = Object.values(e.namedValues || {});
  if (!answers.some((given) => given.some((text) => String(text).trim()))) return;
  const range = place_(e.range.getRow(), e.range.getColumn(), e.range.getNumRows(), e.range.getNumColumns());
  const event = { namedValues: e.namedValues, values: e.values, range };
  tell_([item_('form_submit', e, {}, event)]);
}

/** Trigger: somebody edited a cell, or pasted over several. */
function saatDisunting(e) {
  const sheet = e.range.getSheet();
  if (sheet.getName() !== EDITED_TAB) return;
  const header = sheet.getRange(1, 1, 1, sheet.getLastColumn()).getDisplayValues()[0];
  const ticket = header.findIndex((title) => TICKET_HEADER.test(title.trim())) + 1;
  const keys = {};
  const items = edits_(e).map(({ row, column, ...texts }) => {
    if (!(row in keys)) keys[row] = ticket ? sheet.getRange(row, ticket).getDisplayValue() : '';
    const where = { header: header[column - 1] || '', row_key: keys[row] };
    return item_('sheet_edit', e, where, { user: user_(e), range: place_(row, column, 1, 1), ...texts });
  });
  if (items.length) tell_(items);
}

/** One edit for each cell below the header. Of a pasting Google tells no values, so they are read. */
function edits_(e) {
  const [top, left] = [e.range.getRow(), e.range.getColumn()];
  const told = e.value !== undefined || e.oldValue !== undefined;
  if (e.range.getNumRows() * e.range.getNumColumns() === 1 && told) {
    return top === 1 ? [] : [{ row: top, column: left, value: e.value, oldValue: e.oldValue }];
  }
  const cells = [];
  for (let row = Math.max(top, 2); row < top + e.range.getNumRows(); row++) {
    for (let column = left; column < left + e.range.getNumColumns(); column++) {
      if (cells.length === MOST_CELLS) return cells;
      cells.push({ row, column, value: written_(e.range.getSheet().getRange(row, column)) });
    }
  }
  return cells;
}

function written_(cell) {
  const value = cell.getValue();
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  return value instanceof Date ? cell.getDisplayValue() : value;
}

/** Google tells who it was only where both accounts belong to one organisation. */
function user_(e) {
  const user = e.user || Session.getActiveUser();
  const email = String((user.getEmail ? user.getEmail() : user.email) || '');
  return { email, nickname: email.split('@')[0] };
}

function place_(row, column, rows, columns) {
  return { columnStart: column, columnEnd: column + columns - 1, rowStart: row, rowEnd: row + rows - 1 };
}

/** What is sent, but for `sent_at`, which is set anew whenever it is. */
function item_(kind, e, where, event) {
  const sheet = e.range.getSheet();
  return {
    schema: 1,
    kind,
    delivery_id: Utilities.getUuid(),
    happened_at: new Date().toISOString(),
    spreadsheet_id: SpreadsheetApp.getActiveSpreadsheet().getId(),
    sheet: { gid: sheet.getSheetId(), name: sheet.getName(), ...where },
    event: { authMode: String(e.authMode || ''), triggerUid: String(e.triggerUid || ''), source: {}, ...event },
  };
}
