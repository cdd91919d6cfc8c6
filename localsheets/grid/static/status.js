// Whether everything is saved, and what to do if not.
import { Refused } from "./api.js";
import { $ } from "./page.js";
import { announce, say } from "./words.js";

export class Status {
  constructor(register) {
    this.register = register;
    this.offline = false;
    this.ended = false;
  }

  tell() {
    if (this.ended) return;
    const status = $("status");
    const { count, tries, held } = this.register.outbox;
    const lost = tries > 0 || this.offline;
    status.classList.toggle("trouble", lost || held.length > 0);
    status.classList.toggle("calm", !lost && !count && !held.length);
    if (count && lost) status.textContent = say("unsaved", { count });
    else if (count) status.textContent = say("saving");
    else if (held.length) status.textContent = say("held", { count: held.length });
    else status.textContent = this.offline ? say("offline") : say("saved");
    if ($("card-status")) $("card-status").textContent = status.textContent;
  }

  // What somebody asked for and sees not happen: then a lost connection is told at once.
  failed(error) {
    this.trouble(error);
    if (!(error instanceof Refused)) announce(say("no_connection"));
  }

  trouble(error) {
    if (error instanceof Refused && error.code === 401) this.loggedOut();
    else if (error instanceof Refused) announce(error.message);
    else this.setOffline(true);
  }

  setOffline(offline) {
    this.offline = offline;
    this.tell();
  }

  loggedOut() {
    if (this.ended) return;
    this.ended = true;
    const link = Object.assign(document.createElement("a"), { href: document.body.dataset.login, textContent: say("log_in_again") });
    $("status").replaceChildren(link);
    $("status").classList.add("trouble");
  }
}
