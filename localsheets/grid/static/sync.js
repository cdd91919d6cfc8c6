// Staying fresh: a cheap question each second whether anything changed, with my place in it, so that others see where
// I am.
import { read } from "./api.js";

const POLL_MS = 1000;
const ME = crypto.randomUUID?.() ?? String(Math.random());

export class Sync {
  constructor(register) {
    this.register = register;
    this.crowd = 0; // the version of who is where that this page knows
  }

  async poll() {
    const { register } = this;
    if (!document.hidden && !register.status.ended) {
      try {
        await this.refresh();
        if (register.status.offline) {
          register.status.setOffline(false);
          register.outbox.send();
        }
      } catch (error) {
        register.status.trouble(error);
      }
    }
    setTimeout(() => this.poll(), POLL_MS);
  }

  // What must not be lost when rows move: the row I type in, or the one that is open or active.
  get followed() {
    const { editor, card, model, selection } = this.register;
    if (editor.open) return editor.place;
    return card.open ? card.place : { row: selection.row, rowId: model.rowId(selection.row) };
  }

  async refresh() {
    const { register } = this;
    const { model, selection } = register;
    const { rowId } = this.followed;
    const told = await read(`${model.sheetId}/changes`, {
      since: model.revision, track: rowId ?? 0, me: ME, crowd: this.crowd, row: selection.row, column: selection.column,
    });
    if (!told || model !== register.model) return;
    if (told.people) {
      this.crowd = told.crowd;
      register.presence.take(told.people);
    }
    if (told.tabs) register.tabs.show(told);
    if (told.gone) {
      await register.tabs.going;
      return;
    }
    if (told.rows) {
      model.revision = told.revision;
      model.take(told);
      register.repaint();
    } else if (told.reload) {
      await this.reload(model, rowId, told);
    }
  }

  async reload(model, rowId, told) {
    const { register } = this;
    await model.reload();
    if (model !== register.model) return;
    const moved = rowId === null ? null : told.tracked ?? null;
    register.editor.follow(moved);
    register.card.follow(moved);
    const { selection } = register;
    if (moved !== null && moved !== selection.row && !selection.many) selection.set(moved, selection.column);
    selection.clamp(model.layout.rowCount, model.layout.columnCount);
    register.show();
    await register.load();
    model.seen = model.layout.structure;
    register.repaint();
  }
}
